"""What the desk does by itself when an absence begins and ends; run by the scheduler, any number of times.

Each absence is a transaction of its own, claimed by a conditional UPDATE: of several processes one passes the tickets
on.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.exc import StaleDataError

from app.accounts import absences
from app.accounts.absence_models import Absence
from app.accounts.models import User
from app.core.db import claim, db, reading
from app.core.events import record
from app.tickets.models import AbsenceTicket

from .preview import active_of, can_get

log = logging.getLogger(__name__)
BATCH = 200


def turn_over(now: datetime) -> int:
    """Begin and end what is due; returns how many absences changed."""
    return begin_due(now) + end_due(now)


def begin_due(now: datetime) -> int:
    """Pass on the tickets of who is away from now on, and write down who had which."""
    return _each(_begin, now, Absence.begun_at.is_(None), Absence.starts_at <= now, Absence.ends_at > now)


def end_due(now: datetime) -> int:
    """Say that somebody is back."""
    return _each(_end, now, Absence.returned_at.is_(None), Absence.ends_at <= now)


def _begin(absence_id: int, now: datetime) -> bool:
    if not claim(Absence, Absence.id == absence_id, Absence.begun_at.is_(None), Absence.cancelled_at.is_(None),
                 Absence.starts_at <= now, Absence.ends_at > now, begun_at=now):
        return False
    absence = db.session.get_one(Absence, absence_id, populate_existing=True)
    deputy_id = absences.deputy_of(absence.user_id, "tickets", now) if absence.passes_tickets else None
    deputy = db.session.get(User, deputy_id) if deputy_id is not None else None
    passed = [_pass_on(absence, ticket, deputy, now) for ticket in active_of(absence.user, locked=True)]
    record("absence.begun", absence, None, now, person=absence.user.name, tickets=len(passed), passed=sum(passed),
           deputy_id=deputy_id)
    return True


def _pass_on(absence: Absence, ticket: Any, deputy: User | None, now: datetime) -> bool:
    """Once per ticket and absence; true if the deputy got it."""
    passes = deputy is not None and can_get(deputy, ticket)
    db.session.add(AbsenceTicket(absence_id=absence.id, ticket_id=ticket.id, deputy_id=deputy.id if passes else None))
    if passes:
        ticket.assign(deputy, None, now, on_behalf_of_id=absence.user_id, absence_id=absence.id)
    return passes


def _end(absence_id: int, now: datetime) -> bool:
    if not claim(Absence, Absence.id == absence_id, Absence.returned_at.is_(None), Absence.cancelled_at.is_(None),
                 Absence.ends_at <= now, returned_at=now):
        return False
    absence = db.session.get_one(Absence, absence_id, populate_existing=True)
    record("absence.ended", absence, None, now, person=absence.user.name)
    return True


def _each(act: Callable[[int, datetime], bool], now: datetime, *due: Any) -> int:
    """Found in a transaction that only reads; one that meets a change under way is left for the next time."""
    statement = sa.select(Absence.id).where(Absence.cancelled_at.is_(None), *due).order_by(Absence.id).limit(BATCH)
    with reading():
        found = list(db.session.scalars(statement))
        db.session.rollback()
    return sum(_one(act, absence_id, now) for absence_id in found)


def _one(act: Callable[[int, datetime], bool], absence_id: int, now: datetime) -> bool:
    try:
        done = act(absence_id, now)
        db.session.commit()
    except StaleDataError:
        db.session.rollback()
        log.info("absence %s is tried again: one of its tickets was just being changed", absence_id)
        return False
    return done
