"""The last moment to start: the deadline less the work that such tickets still take. What it rests on stands in
`estimates`; here are the sums, from timers in memory."""

from datetime import datetime
from typing import NamedTuple

from app.calendars.working_hours import NoWorkingTime, WorkingHours

from .book import Book
from .estimates import Estimates
from .models import SlaClock
from .timers import Timers
from .vocabulary import PROMISES

LEAST_SECONDS = 900
"""However long somebody has worked on it: so much is left to do."""


class Place(NamedTuple):
    """What decides where a ticket stands in its queue."""

    due_at: datetime | None
    start_by_at: datetime | None
    """None where nothing has been learnt about such tickets, or nothing is to be solved."""
    is_overdue: bool
    """Whether the sweep has announced that `due_at` has passed."""


def place(timers: Timers, book: Book, estimates: Estimates) -> Place:
    """Of a ticket as its timers stand."""
    ticking = [clock for clock in timers.running
               if clock.target in PROMISES and clock.due_at is not None and clock.paused_at is None]
    if not ticking:
        return Place(None, None, is_overdue=False)
    next_due = min(ticking, key=lambda clock: clock.due_at)
    solution = next((clock for clock in ticking if clock.target == "resolution"), None)
    left = _work_left(timers, solution, book, estimates) if solution is not None else None
    start_by = min(next_due.due_at, _back(book, solution, left)) if left is not None else None
    return Place(next_due.due_at, start_by, next_due.breached_at is not None)


def _work_left(timers: Timers, clock: SlaClock, book: Book, estimates: Estimates) -> int | None:
    """What such tickets take, less what has been done: seconds in which somebody had it and it did not wait.

    Counted up to the latest span, which goes on: what is being done now moves nothing.
    """
    usual = estimates.of(timers.facts.get("request_type_id"), timers.facts.get("kind"))
    if usual is None or usual <= LEAST_SECONDS or timers.facts["status"] == "new":
        return usual
    return max(usual - _worked(timers, book.edition(clock.calendar_version_id).hours), LEAST_SECONDS)


def _worked(timers: Timers, hours: WorkingHours) -> int:
    return sum(hours.elapsed(span.started_at, span.ended_at) for span in timers.spans
               if span.assignee_id is not None and span.status != "pending" and span.ended_at is not None)


def _back(book: Book, clock: SlaClock, seconds: int) -> datetime:
    try:
        return book.edition(clock.calendar_version_id).hours.latest_start(clock.due_at, seconds)
    except NoWorkingTime:
        return clock.due_at
