"""Every second of a clock with its reason: segments without gap or overlap whose counted seconds add up to the clock.

Pure: it asks the clock's own rows and the working hours of its calendar, not the database and not the wall.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any

from app.calendars.holiday_names import Holiday
from app.calendars.working_hours import WorkingHours
from app.core.clock import whole_second

from .arithmetic import NEVER, Pauses
from .models import SlaClock, Span
from .timers import Timers

WHYS = ("open", "closed", "holiday", "paused", "mixed")


@dataclass(frozen=True)
class Place:
    """Where a ticket was meanwhile; nothing of it is for the requester."""

    status: str
    level: int
    team_id: int
    assignee_id: int | None


@dataclass(frozen=True)
class Segment:
    """A stretch [start, end) of a clock's time that has one meaning. Lengths are whole seconds.

    `why` is open, closed, holiday or paused; mixed stands for working hours and what lay between them, over days.
    """

    start: datetime
    end: datetime
    why: str
    business_seconds: int
    """Working time in it, whether it was counted or not."""
    holiday: Holiday | None = None
    reason: str | None = None
    """For what it waited: the short name of a pending reason."""
    place: Place | None = None
    is_late: bool = False
    """Beyond the deadline."""

    @property
    def seconds(self) -> int:
        """The length by the clock on the wall."""
        return int((self.end - self.start).total_seconds())

    @property
    def counted_seconds(self) -> int:
        """What it adds to the clock."""
        return 0 if self.why == "paused" else self.business_seconds

    @property
    def is_counted(self) -> bool:
        return self.counted_seconds > 0


@dataclass(frozen=True)
class Explanation:
    """The segments of a clock until it stopped or until now, and those ahead of one that runs, up to its deadline."""

    clock: SlaClock
    until: datetime
    segments: list[Segment]
    ahead: list[Segment]

    @property
    def used_seconds(self) -> int:
        return sum(segment.counted_seconds for segment in self.segments)

    @property
    def paused_seconds(self) -> int:
        """Working time that pauses kept from being counted."""
        return sum(segment.business_seconds for segment in self.segments if segment.why == "paused")

    @property
    def left_seconds(self) -> int:
        """Below zero when more was used than allowed."""
        return self.clock.allowed_seconds - self.used_seconds


def explain(clock: SlaClock, spans: list[Span], hours: WorkingHours, now: datetime) -> Explanation:
    """A clock of a ticket whose spans these are, oldest first, as it stands at a moment."""
    until = clock.stopped_at or max(whole_second(now), clock.paused_at or clock.started_at)
    course = _Course(clock, spans, pauses_of(clock, spans), hours)
    ahead = []
    if clock.stopped_at is None and clock.paused_at is None and until < (clock.due_at or until) < NEVER:
        ahead = course.segments(until, clock.due_at)
    return Explanation(clock, until, course.segments(clock.started_at, until), ahead)


def pauses_of(clock: SlaClock, spans: list[Span]) -> Pauses:
    """The pauses of a clock, oldest first, by the engine's own rule; one that goes on ends never."""
    timers = Timers(clock.ticket_id, clocks=[clock], span=spans[-1] if spans else None, read_spans=lambda: spans)
    over = timers.pauses(clock)
    return over if clock.paused_at is None else [*over, (clock.paused_at, NEVER)]


@dataclass(frozen=True)
class _Course:
    """All that happened while a clock ran."""

    clock: SlaClock
    spans: list[Span]
    pauses: Pauses
    hours: WorkingHours

    def segments(self, start: datetime, end: datetime) -> list[Segment]:
        """All of [start, end) in order, those of equal meaning made one."""
        return merged(list(self._pieces(start, end)))

    def _pieces(self, start: datetime, end: datetime) -> Iterator[Segment]:
        """Cut wherever a span or a pause begins or ends, and at the deadline."""
        turns = {moment for pair in (*self.pauses, *self._limits()) for moment in pair if moment is not None}
        cuts = sorted({start, end, *(turn for turn in turns if start < turn < end)})
        at = 0
        for first, last in pairwise(cuts):
            while at + 1 < len(self.spans) and self.spans[at + 1].started_at <= first:
                at += 1
            yield from self._piece(first, last, self.spans[at] if self.spans else None)

    def _limits(self) -> Iterator[tuple[datetime | None, datetime | None]]:
        yield from ((span.started_at, span.ended_at) for span in self.spans)
        yield self.clock.due_at, None

    def _piece(self, first: datetime, last: datetime, span: Span | None) -> Iterator[Segment]:
        about: dict[str, Any] = {"place": _place(span), "is_late": self._is_late(first)}
        if any(since <= first < until for since, until in self.pauses):
            reason = span.reason if span is not None else None
            yield Segment(first, last, "paused", self.hours.elapsed(first, last), reason=reason, **about)
            return
        for start, end, why, holiday in self.hours.stretches(first, last):
            length = int((end - start).total_seconds())
            yield Segment(start, end, why, length if why == "open" else 0, holiday=holiday, **about)

    def _is_late(self, first: datetime) -> bool:
        return self.clock.due_at is not None and self.clock.due_at <= first


def _place(span: Span | None) -> Place | None:
    return Place(span.status, span.level, span.team_id, span.assignee_id) if span is not None else None


def merged(segments: list[Segment], why: Callable[[Segment], str] = lambda segment: segment.why) -> list[Segment]:
    """Those that follow each other and mean the same made one; `why` may take some meanings for the same."""

    def meaning(segment: Segment) -> tuple[Any, ...]:
        return why(segment), segment.holiday, segment.reason, segment.place, segment.is_late

    return [_one(list(same), kind[0]) for kind, same in groupby(segments, meaning)]


def _one(same: list[Segment], why: str) -> Segment:
    if len(same) == 1:
        return same[0]
    total = sum(segment.business_seconds for segment in same)
    return replace(same[0], end=same[-1].end, why=why, business_seconds=total)


def coarse(segments: list[Segment], most: int = 60) -> list[Segment]:
    """The same time in fewer segments, where there are too many to read: working days and the nights between them
    are told as one, holidays and pauses stay by themselves. No second and no sum changes."""
    if len(segments) <= most:
        return segments
    return merged(segments, lambda segment: "mixed" if segment.why in ("open", "closed") else segment.why)


def without_places(segments: list[Segment]) -> list[Segment]:
    """The same for the requester: when and why, but not in whose hands."""
    return merged([replace(segment, place=None) for segment in segments])
