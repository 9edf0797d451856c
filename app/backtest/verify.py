"""Whether replaying what holds gives what is stored, to the second: the proof that a backtest can be believed."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.core.db import db, reading
from app.sla.book import live_book
from app.sla.models import SlaClock

from . import past
from .past import Past, Period
from .replay import Books, replay

COMPARED = tuple(column.key for column in sa.inspect(SlaClock).columns if column.key != "id")
OF_THE_PACE = ("next_at", "announced_share")
"""Of a clock that has stopped, what only says how far the sweep had come by then."""


class Difference(NamedTuple):
    """One fact of one clock; a clock that is missing on one side differs in "clock"."""

    ticket_id: int
    target: str
    cycle: int
    fact: str
    stored: Any
    replayed: Any

    def __str__(self) -> str:
        return (f"ticket {self.ticket_id}, {self.target} {self.cycle}: {self.fact} is {self.stored}, "
                f"replayed {self.replayed}")


def differences(period: Period, now: datetime, progress: Callable[[int], None] = lambda done: None,
                ) -> Iterator[Difference]:
    """Replay every ticket of the period under what held, and name all that comes out otherwise."""
    with reading():
        live = live_book()
        db.session.rollback()
    books, done = Books(live, live), 0
    for batch in past.batches(period):
        for each in batch:
            yield from of_ticket(each, books, now)
        done += len(batch)
        progress(done)


def of_ticket(ticket: Past, books: Books, now: datetime) -> Iterator[Difference]:
    stored = {(clock.target, clock.cycle): clock for clock in ticket.clocks}
    replayed = {(clock.target, clock.cycle): clock for clock in replay(ticket, books, now).timers.clocks}
    for key in stored | replayed:
        one, other = stored.get(key), replayed.get(key)
        if one is None or other is None:
            yield Difference(ticket.ticket_id, *key, "clock", *("there" if each else "none" for each in (one, other)))
            continue
        for fact in COMPARED:
            is_pace = fact in OF_THE_PACE and one.stopped_at is not None
            if getattr(one, fact) != getattr(other, fact) and not is_pace:
                yield Difference(ticket.ticket_id, *key, fact, getattr(one, fact), getattr(other, fact))
