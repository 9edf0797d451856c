"""When which mailbox is asked, and what is written down about it.

Each mailbox is asked in a thread of its own: a server that keeps silent holds up its own mailbox and no other. No lease
is needed between processes, since whatever two of them do at once is harmless: a mail is kept once, a flag set twice is
set, and the last UID only grows. The claim of a round says who asks, so that usually one does.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.exc import DBAPIError

from app.channels import ways
from app.channels.email import mailboxes
from app.channels.email.models import Mailbox
from app.core import sealing
from app.core.db import claim, db, reading

from . import folder_round, imap_round, oauth
from .explaining import EXPECTED, explained
from .source import Moments, Source, Tally, source

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=15)
SHORTEST, LONGEST = timedelta(seconds=5), timedelta(minutes=5)
ROUND_SECONDS = 60.0
"""A round that takes longer ends, so that what was changed in the settings meanwhile is heeded."""
MOST_AT_ONCE = 16
TAKERS: dict[str, Callable[[Source, Moments], Tally]] = {"imap": imap_round.take, "folder": folder_round.take}
_under_way: set[int] = set()


def back_off(failures: int) -> timedelta:
    """How long a mailbox is left alone after so many failures one after the other."""
    return min(SHORTEST * 2 ** min(failures - 1, 20), LONGEST)


def start_due(now: datetime) -> int:
    """Begin the rounds whose turn has come, each in a thread; returns how many."""
    app, begun = current_app._get_current_object(), 0
    for mailbox_id in due(now):
        if mailbox_id not in _under_way and len(_under_way) < MOST_AT_ONCE and claimed(mailbox_id, now):
            _under_way.add(mailbox_id)
            threading.Thread(target=_in_thread, args=(app, mailbox_id, now), daemon=True,
                             name=f"mailbox {mailbox_id}").start()
            begun += 1
    return begun


def due(now: datetime) -> list[int]:
    """The mailboxes that are to be asked now, found without a lock; none while mail is switched off."""
    with reading():
        found = list(db.session.scalars(sa.select(Mailbox.id).where(_is_due(now)).order_by(Mailbox.id)))
        is_on = ways.is_on("email")
        db.session.rollback()
    return found if is_on else []


def _is_due(now: datetime) -> sa.ColumnElement[bool]:
    """Also what waits for longer than anything waits here: a clock that stood in the future has been set back."""
    turn = sa.or_(Mailbox.retry_at.is_(None), Mailbox.retry_at <= now, Mailbox.retry_at > now + 2 * LONGEST)
    return sa.and_(Mailbox.is_active, Mailbox.way.in_(TAKERS), turn)


def claimed(mailbox_id: int, now: datetime) -> bool:
    """Take the round of a mailbox; commits. If this process is killed the next round comes in its time."""
    is_ours = claim(Mailbox, Mailbox.id == mailbox_id, _is_due(now), asked_at=now, retry_at=now + EVERY)
    db.session.commit()
    return is_ours


def _in_thread(app: Flask, mailbox_id: int, now: datetime) -> None:
    try:
        with app.app_context():
            ask(mailbox_id, now)
    except DBAPIError as error:
        log.warning("the round of mailbox %d comes again: %s", mailbox_id, error.orig)
    except Exception:
        log.exception("the round of mailbox %d failed", mailbox_id)
    finally:
        _under_way.discard(mailbox_id)


def ask(mailbox_id: int, now: datetime) -> tuple[Tally, str]:
    """One round, to its end; commits. What it brought, and what was wrong ('' for nothing).

    Raises what the database raises: that is not the mailbox's fault, and is not written down as such.
    """
    asked, moments = _read(mailbox_id), Moments(now, ROUND_SECONDS)
    try:
        tally = TAKERS[asked.way](asked, moments)
        error = tally.trouble
    except EXPECTED as caught:
        log.info("the round of mailbox %d broke off", mailbox_id, exc_info=True)
        tally, error = Tally(), caught
    db.session.rollback()
    _keep_token(asked)
    wrong = explained(error, asked) if error else ""
    _write_down(mailbox_id, moments.now(), tally, wrong)
    db.session.commit()
    return tally, wrong


def _read(mailbox_id: int) -> Source:
    with reading():
        found = source(db.session.get_one(Mailbox, mailbox_id))
        db.session.rollback()
    return found


def _write_down(mailbox_id: int, now: datetime, tally: Tally, wrong: str) -> None:
    """Not through the model: its version belongs to those who edit the mailbox."""
    if wrong:
        log.warning("mailbox %d: %s", mailbox_id, wrong)
        failures = db.session.scalar(sa.select(Mailbox.failures).where(Mailbox.id == mailbox_id)) + 1
        claim(Mailbox, Mailbox.id == mailbox_id, asked_at=now, failures=failures, last_error=wrong,
              retry_at=now + back_off(failures))
    else:
        claim(Mailbox, Mailbox.id == mailbox_id, asked_at=now, well_at=now, failures=0, last_error="",
              retry_at=now + EVERY if tally.is_done else now)


def _keep_token(asked: Source) -> None:
    """A provider that gives a new refresh token no longer takes the old one."""
    if token := oauth.renewed(asked.id):
        stored = db.session.scalar(sa.select(Mailbox.secrets).where(Mailbox.id == asked.id))
        if stored and sealing.opened(stored):
            claim(Mailbox, Mailbox.id == asked.id, Mailbox.secrets == stored,
                  secrets=mailboxes.sealed(asked.secrets | {"refresh_token": token}))
