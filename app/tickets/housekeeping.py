"""What the desk does by itself with tickets that wait or have ended; run by the scheduler, any number of times.

Each ticket is a transaction of its own: found without a lock, then locked, looked at again and changed. What was done
meanwhile, by a person or by another process, is left alone. Tickets that came from an import are the past: untouched.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from app.core.db import claim, db, reading
from app.core.events import record
from app.core.i18n import desk

from . import texts
from .models import Hold, PendingReason, Ticket
from .settings import tickets as settings

BATCH = 200
OURS = ("live", "sample")


def remind(now: datetime) -> int:
    """Remind requesters whose answer has been waited for long enough, once in each time of waiting."""
    due = _waiting(Hold.started_at <= now - timedelta(days=settings.remind_after_days), Hold.reminded_at.is_(None))
    return each(due, _remind, now)


def _remind(ticket: Ticket, now: datetime) -> bool:
    """The conditional UPDATE decides who of several processes reminds."""
    claimed = claim(Hold, Hold.ticket_id == ticket.id, Hold.ended_at.is_(None), Hold.reminded_at.is_(None),
                    reminded_at=now)
    if claimed and ticket.is_pending:
        record("ticket.reminded", ticket, None, now)
    return claimed


def resolve_silent(now: datetime) -> int:
    """Resolve what waited in vain, with a message first; never before a reminder has stood for its time."""
    days, reminded = settings.resolve_silent_after_days, settings.remind_after_days
    patience = timedelta(days=max(days - reminded, 1))
    due = _waiting(Hold.started_at <= now - timedelta(days=days), Hold.reminded_at <= now - patience)
    return each(due, _resolve_silent, now)


def _resolve_silent(ticket: Ticket, now: datetime) -> bool:
    if not ticket.is_pending:
        return False
    with force_locale(ticket.requester.language or desk.language):
        ticket.tell_requester(_("We have not heard from you, so we take this request for solved. "
                                "If it is not, simply answer and it will be open again."), now)
    ticket.resolve(None, now)
    return True


def resume_due(now: datetime) -> int:
    """Go on with what was to wait until a date that has come."""
    due = sa.select(Hold.ticket_id).where(Hold.ended_at.is_(None), Hold.until <= now)
    return each(due, _resume, now)


def _resume(ticket: Ticket, now: datetime) -> bool:
    if not ticket.is_pending:
        return False
    ticket.resume(None, now)
    return True


def close_forgotten(now: datetime) -> int:
    """Close what was resolved and not reopened within the window."""
    long_ago = now - timedelta(days=settings.reopen_days)
    due = sa.select(Ticket.id).where(Ticket.status == "resolved", Ticket.updated_at < long_ago)
    return each(due, _close, now)


def _close(ticket: Ticket, now: datetime) -> bool:
    if ticket.status != "resolved" or ticket.can_reopen(now):
        return False
    ticket.close(None, now)
    return True


def index_texts(now: datetime) -> int:
    """Take in the words of tickets of which none are held, after an upgrade or a restore; returns how many. Each batch
    is a transaction; a ticket that somebody is changing meanwhile is waited for."""
    last, total = 0, 0
    while batch := _unread(last):
        texts.fill(list(db.session.scalars(texts.missing().where(Ticket.id.in_(batch)).with_for_update(of=Ticket))))
        db.session.commit()
        last, total = batch[-1], total + len(batch)
    return total


def _unread(last: int) -> list[int]:
    """Found in a transaction that only reads."""
    with reading():
        found = list(db.session.scalars(texts.missing().where(Ticket.id > last).limit(texts.BATCH)))
        db.session.rollback()
    return found


def _waiting(*conditions: Any) -> sa.Select:
    """Tickets that wait for their requesters."""
    return (sa.select(Hold.ticket_id).join(PendingReason, PendingReason.slug == Hold.reason)
            .where(Hold.ended_at.is_(None), PendingReason.waits_for_requester, *conditions))


def each(due: sa.Select, act: Callable[[Ticket, datetime], bool], now: datetime) -> int:
    """Do it to each, batch after batch, until a batch changes nothing; returns how many changed."""
    total = 0
    while changed := sum(_one(number, act, now) for number in _batch(due)):
        total += changed
    return total


def _batch(due: sa.Select) -> list[int]:
    """Found in a transaction that only reads, so that looking never holds SQLite's write lock."""
    ours = sa.select(Ticket.id).where(Ticket.id.in_(due), Ticket.origin.in_(OURS)).order_by(Ticket.id).limit(BATCH)
    with reading():
        found = list(db.session.scalars(ours))
        db.session.rollback()
    return found


def _one(number: int, act: Callable[[Ticket, datetime], bool], now: datetime) -> bool:
    """Locked on PostgreSQL, alone on SQLite; the version in the UPDATE refuses what is left of a race."""
    try:
        ticket = db.session.scalar(sa.select(Ticket).where(Ticket.id == number).with_for_update(of=Ticket))
        done = ticket is not None and act(ticket, now)
        db.session.commit()
    except StaleDataError:
        db.session.rollback()
        return False
    return done
