"""The sweep announces what the clocks say: shares of a target that are used up, and deadlines that have passed.

Any number of processes may sweep at once. A clock is claimed by a conditional UPDATE in the transaction that also
writes the ledger, the event and what follows from it; who loses the claim, or dies before the commit, has done nothing.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from app.core.clock import whole_second
from app.core.db import claim, db, reading
from app.core.events import record
from app.tickets.models import Ticket

from . import reactions
from .book import Promise, live_book
from .engine import reached_at
from .models import SlaClock, SlaFiring
from .timers import Timers

log = logging.getLogger(__name__)

LATE_AFTER = timedelta(seconds=60)


class Due(NamedTuple):
    """A clock at which the sweep must look, as it was seen."""

    next_at: datetime
    id: int
    ticket_id: int


class Reached(NamedTuple):
    """A share of a target, and when it was used up."""

    share: int
    at: datetime


def sweep(now: datetime, limit: int = 500) -> int:
    """Announce all that is due, oldest first, reading `limit` clocks at a time; commits after each clock.

    Returns how many announcements this call made. A deadline has passed when its whole second is over.
    """
    announced, last = 0, None
    while batch := _due(now, last, limit):
        for due in batch:
            announced += _guarded(due, now)
        last = batch[-1]
    return announced


def _due(now: datetime, after: Due | None, limit: int) -> list[Due]:
    with reading():
        rows = db.session.execute(due_statement(now, after).limit(limit)).all()
        db.session.rollback()
    return [Due(*row) for row in rows]


def due_statement(now: datetime, after: Due | None = None) -> sa.Select:
    """The clocks to look at, in the order of their moments: one range of a partial index."""
    statement = sa.select(SlaClock.next_at, SlaClock.id, SlaClock.ticket_id).where(
        SlaClock.next_at < whole_second(now))
    if after is not None:
        later = sa.and_(SlaClock.next_at == after.next_at, SlaClock.id > after.id)
        statement = statement.where(sa.or_(SlaClock.next_at > after.next_at, later))
    return statement.order_by(SlaClock.next_at, SlaClock.id)


def _guarded(due: Due, now: datetime) -> bool:
    """One clock in a transaction of its own; one that fails must not hold up the others."""
    try:
        announced = _announce(due, now)
        db.session.commit()
        return announced
    except OperationalError:
        db.session.rollback()
        raise
    except Exception:  # noqa: BLE001 - it stays due, and the next sweep tries again
        db.session.rollback()
        log.exception("clock %s of ticket %s", due.id, due.ticket_id)
        return False


def _announce(due: Due, now: datetime) -> bool:
    """Claim the clock and say the highest share that was reached. The ticket is locked first, as verbs do."""
    ticket = db.session.get(Ticket, due.ticket_id, populate_existing=True, with_for_update={"skip_locked": True})
    if ticket is None or not claim(SlaClock, SlaClock.id == due.id, SlaClock.next_at == due.next_at, next_at=None):
        return False
    clock = db.session.get(SlaClock, due.id, populate_existing=True)
    timers, promise = reactions.read(ticket), live_book().promise(clock.policy_version_id)
    reached = _reached(timers, clock, promise, now)
    if not reached:
        return False
    top, is_meant = reached[-1], _is_meant(clock, reached[-1])
    if is_meant:
        _say(ticket, clock, promise, reached, now)
    clock.announced_share = top.share
    for each in reached:
        _write_down(clock, each, now, "fired" if each is top and is_meant else "superseded")
    return is_meant


def _reached(timers: Timers, clock: SlaClock, promise: Promise, now: datetime) -> list[Reached]:
    """Shares not announced yet that were used up while the clock ran."""
    shares = [share for share in promise.shares(clock.target) if share > clock.announced_share]
    moments = [Reached(share, reached_at(timers, clock, share, live_book())) for share in shares]
    return [each for each in moments if each.at < whole_second(now) and _ran_at(clock, each.at)]


def _ran_at(clock: SlaClock, moment: datetime) -> bool:
    if clock.stopped_at is not None:
        return moment < clock.stopped_at
    return clock.paused_at is None or moment <= clock.paused_at


def _is_meant(clock: SlaClock, top: Reached) -> bool:
    """After its end only a missed deadline is still worth saying, if it has not been said."""
    return clock.stopped_at is None or (clock.outcome == "missed" and clock.announced_share < 100 <= top.share)


def _say(ticket: Ticket, clock: SlaClock, promise: Promise, reached: list[Reached], now: datetime) -> None:
    """The event; what follows from it hangs on its reactions."""
    top = reached[-1]
    record(kind_of(clock, top.share), ticket, at=top.at, is_late=_is_late(top, now), recorded_at=now,
           **said_of(clock, promise, [each.share for each in reached]))


def kind_of(clock: SlaClock, share: int) -> str:
    """What an announcement is called: a warning, the breach, or what follows a breach."""
    if share < 100:
        return "sla.warned"
    return "sla.breached" if clock.announced_share < 100 else "sla.overdue"


def said_of(clock: SlaClock, promise: Promise, shares: list[int]) -> dict[str, Any]:
    """What an announcement says: the last of the shares that are announced together, and what is to be done."""
    return {"target": clock.target, "cycle": clock.cycle, "level": clock.level, "share": shares[-1],
            "due": clock.due_at.isoformat() if clock.due_at else None,
            "actions": promise.actions_of(clock.target, shares)}


def _write_down(clock: SlaClock, each: Reached, now: datetime, state: str) -> None:
    db.session.add(SlaFiring(clock_id=clock.id, share=each.share, state=state, reached_at=each.at, fired_at=now,
                             is_late=_is_late(each, now)))


def _is_late(each: Reached, now: datetime) -> bool:
    return now - each.at > LATE_AFTER
