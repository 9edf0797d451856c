"""The timers of a chronicle, turned by the same engine that turns those of living tickets."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.core.clock import whole_second
from app.sla import engine, estimates, slack
from app.sla.book import Book
from app.sla.models import SlaClock
from app.sla.rebuild import fold
from app.sla.sweep import kind_of, said_of
from app.sla.timers import Happening, Timers
from app.tickets.models import place_in_queue

from .chronicle import Chronicle, Told

UNKNOWN_YET = 0
"""The number of a ticket that has none yet; `bulk` puts in the real one."""


@dataclass
class Fired:
    """A share that was announced: a row of the sweep's ledger, and the event that says it."""

    clock: SlaClock
    share: int
    at: datetime
    told: Told


@dataclass
class Run:
    """The timers of one ticket and what they announced."""

    timers: Timers
    fired: list[Fired] = field(default_factory=list)


def measured(chronicle: Chronicle, book: Book) -> Run:
    """Silently: the clocks measure what was, announce nothing, and none is looked at by the sweep."""
    run = Run(fold(UNKNOWN_YET, map(_happening, chronicle.events), book, is_silent=True))
    _set_due(chronicle, run.timers, book)
    return run


def lived(chronicle: Chronicle, book: Book, now: datetime) -> Run:
    """As if the sweep had been there all the time: what was reached before `now` was announced when it was reached.

    The announcements take their place among the events; what is still to come waits for the real sweep.
    """
    run = Run(Timers(UNKNOWN_YET))
    events: list[Told] = []
    for told in chronicle.events:
        events += _announced(run, told.at, book)
        engine.apply(run.timers, _happening(told), book)
        events.append(told)
    chronicle.events = [*events, *_announced(run, now, book)]
    _set_due(chronicle, run.timers, book)
    return run


def _happening(told: Told) -> Happening:
    return Happening(told.kind, told.at, told.by_id, told.data)


def _set_due(chronicle: Chronicle, timers: Timers, book: Book) -> None:
    """What is left to do follows when the desk has learnt how long such tickets take (sla.housekeeping)."""
    place = slack.place(timers, book, estimates.NOTHING_KNOWN)
    chronicle.about |= {"due_at": place.due_at, "queue_at": place_in_queue(*place)}


def _announced(run: Run, until: datetime, book: Book) -> list[Told]:
    """What the sweep would have said before a moment, in order."""
    told = []
    while (clock := _next(run.timers, whole_second(until))) is not None:
        fired = _fire(clock, book)
        engine.apply(run.timers, _happening(fired.told), book)
        run.fired.append(fired)
        told.append(fired.told)
    return told


def _next(timers: Timers, until: datetime) -> SlaClock | None:
    due = [clock for clock in timers.running if clock.next_at is not None and clock.next_at < until]
    return min(due, key=lambda clock: clock.next_at, default=None)


def _fire(clock: SlaClock, book: Book) -> Fired:
    promise = book.promise(clock.policy_version_id)
    share = next(share for share in promise.shares(clock.target) if share > clock.announced_share)
    about: dict[str, Any] = {**said_of(clock, promise, [share]), "is_late": False}
    told = Told(kind_of(clock, share), None, clock.next_at, about)
    return Fired(clock, share, clock.next_at, told)
