"""The auditor of pauses: which pauses and hops of a ticket deserve a second look, and what they took from the clock.

Pure: no database, no clock on the wall. It judges acts, not people, and keeps silent where the history cannot tell:
docs/clocks.md gives the rules. Lengths are whole seconds of business time in the calendar of the clock.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from app.calendars.working_hours import WorkingHours

from .arithmetic import Pauses, deadline, reach
from .pause_history import Act, History, Pause

KINDS = ("no_question", "reply_meanwhile", "work_meanwhile", "just_before_due")
MOST_OF_TARGET = 50
"""Percent of a target: what "just before" never exceeds, however short the target."""


@dataclass(frozen=True)
class Measure:
    """What the desk calls a question in time and a deadline that is near."""

    grace: timedelta
    """A question may follow the pause so soon; what lasts no longer is a slip."""
    near_seconds: int
    near_percent: int
    """Near is what lies within so much business time, or such a share of the target, of the deadline."""
    asking: frozenset[str]
    """Reasons that wait for the requester."""


class Clock(NamedTuple):
    """A resolution clock as it is stored; `due_at` is None while it is paused."""

    id: int
    started_at: datetime
    stopped_at: datetime | None
    due_at: datetime | None
    allowed_seconds: int
    outcome: str | None
    hours: WorkingHours


class Terms(NamedTuple):
    """What held before a change of priority."""

    allowed_seconds: int
    hours: WorkingHours


@dataclass(frozen=True)
class Finding:
    """One thing that deserves a look. `until` and `seconds` are None while it lasts."""

    kind: str
    act: str
    """hold, escalated, handed_back, moved or priority."""
    clock_id: int
    by_id: int | None
    team_id: int
    """The team that had the ticket then."""
    reason: str | None
    since: datetime
    until: datetime | None
    seconds: int | None
    """What it took from the clock."""
    known_at: datetime
    """From this moment on it is one, if nothing has happened meanwhile."""
    terms: Terms | None = None
    """What would have held without it."""
    added_seconds: int = 0
    """Of `seconds`, what no other finding of the ticket has counted."""
    saved: bool = False
    """Whether a deadline that was met would have been missed without this."""
    saved_together: bool = False
    """Whether it would have been missed without all that was found on this clock."""


def findings(history: History, clocks: Iterable[Clock], measure: Measure, has_messages: bool,
             terms_before: Callable[[Act], Terms | None]) -> list[Finding]:
    """All of a ticket, by clock and moment. Without messages (of an event log, say) nobody can tell who asked what;
    a pause outside working hours took nothing, so it is none."""
    found = []
    for clock in clocks:
        on_clock = _OnClock(clock, history, measure)
        pauses = [*(on_clock.by_words() if has_messages else ()), *on_clock.by_deadline()]
        told = [each for each in pauses if each.seconds != 0] + [*on_clock.hops(), *on_clock.lowerings(terms_before)]
        found += on_clock.summed(sorted(told, key=lambda each: (each.since, each.kind == "reply_meanwhile")))
    return found


class _OnClock:
    """The history of a ticket, seen by one of its clocks."""

    def __init__(self, clock: Clock, history: History, measure: Measure) -> None:
        self.clock, self.history, self.measure = clock, history, measure
        self.pauses = [pause for pause in map(self._cut, history.pauses) if pause is not None]
        over = [(pause.since, pause.until) for pause in self.pauses]
        self.over: Pauses = [(since, until) for since, until in over if until is not None]

    def _cut(self, pause: Pause) -> Pause | None:
        """The part of a pause in which this clock stood still."""
        since = max(pause.since, self.clock.started_at)
        until = min(filter(None, (pause.until, self.clock.stopped_at)), default=None)
        return replace(pause, since=since, until=until) if until is None or since < until else None

    # What was said

    def by_words(self) -> Iterator[Finding]:
        for pause in self.pauses:
            if pause.reason in self.measure.asking:
                yield from self._unasked(pause)
                yield from self._unheard(pause)
                yield from self._needless(pause)

    def _unasked(self, pause: Pause) -> Iterator[Finding]:
        """Nobody of the staff wrote to the requester after the requester's last word and before the pause."""
        known_at = pause.since + self.measure.grace
        is_slip = pause.until is not None and pause.until < known_at
        if not is_slip and not self._was_asked(pause, known_at):
            yield self._of_pause("no_question", pause, known_at)

    def _was_asked(self, pause: Pause, in_time: datetime) -> bool:
        last = max((act.place for act in self.history.between("asked", -1, pause.place)), default=-1)
        return any(act.at <= in_time for act in self.history.between("replied", last, None))

    def _unheard(self, pause: Pause) -> Iterator[Finding]:
        """The requester answered, and the clock still stood still."""
        answers = self.history.between("asked", pause.place, pause.ended_place)
        known_at = answers[0].at + self.measure.grace if answers else None
        if known_at is not None and (pause.until is None or pause.until > known_at):
            yield self._of_pause("reply_meanwhile", replace(pause, since=max(pause.since, answers[0].at)), known_at)

    def _needless(self, pause: Pause) -> Iterator[Finding]:
        """The staff wrote the solution and resolved out of the pause: the answer it waited for was not needed.

        Who had to be reminded had time enough to answer; then it is an end for want of an answer.
        """
        if pause.ended_place is None or pause.until is None:
            return
        inside = pause.place, pause.ended_place
        replies = [act for act in self.history.between("replied", *inside) if act.at > pause.since + self.measure.grace]
        is_solved = self.history.between("resolved", pause.ended_place - 1, pause.ended_place + 1)
        if replies and is_solved and not any(self.history.between(kind, *inside) for kind in ("asked", "reminded")):
            yield self._of_pause("work_meanwhile", pause, pause.until)

    def _of_pause(self, kind: str, pause: Pause, known_at: datetime) -> Finding:
        seconds = self.clock.hours.elapsed(pause.since, pause.until) if pause.until is not None else None
        return Finding(kind, "hold", self.clock.id, pause.by_id, pause.team_id, pause.reason, pause.since, pause.until,
                       seconds, known_at)

    # What was done when the deadline was near

    def by_deadline(self) -> Iterator[Finding]:
        """Pauses that began just before the deadline and outlasted it."""
        for pause in self.pauses:
            left = self._left(pause.since)
            if not self._is_near(left, self.clock.allowed_seconds):
                continue
            found = self._of_pause("just_before_due", pause, deadline(self.clock.hours, pause.since, left))
            if found.seconds is None or found.seconds > left:
                yield found

    def hops(self) -> Iterator[Finding]:
        """Passed to another team just before a deadline that was then missed."""
        clock = self.clock
        is_missed = clock.outcome == "missed" or clock.stopped_at is None
        for hop in self.history.hops:
            if not is_missed or clock.due_at is None or not self._runs_at(hop.at):
                continue
            left = self._left(hop.at)
            if self._is_near(left, clock.allowed_seconds) and deadline(clock.hours, hop.at, left) == clock.due_at:
                yield self._of_act(hop, 0, clock.due_at)

    def lowerings(self, terms_before: Callable[[Act], Terms | None]) -> Iterator[Finding]:
        """Priorities lowered just before a deadline that would then have been missed."""
        for act in self.history.lowerings:
            terms = terms_before(act) if self._runs_at(act.at) else None
            if terms is None or not self._is_near(self._left(act.at, terms), terms.allowed_seconds):
                continue
            due = self._due(self.over, terms)
            if self.clock.stopped_at is None or due < self.clock.stopped_at:
                yield replace(self._of_act(act, self._moved_from(due), due), terms=terms)

    def _of_act(self, act: Act, seconds: int | None, due: datetime) -> Finding:
        return Finding("just_before_due", act.kind, self.clock.id, act.by_id, act.team_id, None, act.at, act.at,
                       seconds, known_at=due + timedelta(seconds=1))

    def _moved_from(self, due: datetime) -> int | None:
        """By how much the deadline lies later now; None while it is not known."""
        now = self.clock.due_at
        return self.clock.hours.elapsed(due, max(due, now)) if now is not None else None

    def _runs_at(self, moment: datetime) -> bool:
        return self.clock.started_at <= moment and (self.clock.stopped_at is None or moment < self.clock.stopped_at)

    def _is_near(self, left: int, allowed: int) -> bool:
        near = max(self.measure.near_seconds, allowed * self.measure.near_percent // 100)
        return 0 < left <= min(near, allowed * MOST_OF_TARGET // 100)

    def _left(self, moment: datetime, terms: Terms | None = None) -> int:
        """What was left of the target at a moment; nothing or less when the deadline had passed."""
        allowed, hours = terms or (self.clock.allowed_seconds, self.clock.hours)
        paused = sum(hours.elapsed(pause.since, min(pause.until or moment, moment)) for pause in self.pauses
                     if pause.since < moment)
        return allowed - hours.elapsed(self.clock.started_at, moment) + paused

    # What would have been

    def summed(self, found: list[Finding]) -> list[Finding]:
        """Which deadline each saved, and what each adds to the sum: a pause that was found twice counts once."""
        together = self._would_be_missed(found)
        counted: set[tuple[str, datetime | None]] = set()
        whole = []
        for each in found:
            this = (each.act, each.until if each.act == "hold" else each.since)
            added = 0 if this in counted else each.seconds or 0
            counted.add(this)
            whole.append(replace(each, added_seconds=added, saved=self._would_be_missed([each]),
                                 saved_together=together))
        return whole

    def _would_be_missed(self, without: list[Finding]) -> bool:
        """Whether a deadline that was met would have passed unmet, had all this not been."""
        if self.clock.outcome != "met" or self.clock.stopped_at is None:
            return False
        terms = next((each.terms for each in without if each.terms is not None), None)
        cut = [each.since for each in without if each.act == "hold"]
        left = [(since, next((at for at in cut if since <= at < until), until)) for since, until in self.over]
        return self._due([(since, until) for since, until in left if since < until], terms) < self.clock.stopped_at

    def _due(self, pauses: Pauses, terms: Terms | None) -> datetime:
        allowed, hours = terms or (self.clock.allowed_seconds, self.clock.hours)
        return reach(hours, self.clock.started_at, allowed, pauses)[0]
