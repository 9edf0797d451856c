"""What a clock came to, stored or replayed, and where and when it was missed."""

from bisect import bisect_right
from datetime import datetime
from typing import Any, NamedTuple

from app.core.clock import whole_second
from app.sla.vocabulary import OLA

from .replay import Replayed

COUNTED = ("met", "missed", "open", "none")
ABSENT = "absent"


class Verdict(NamedTuple):
    """`result` is met, missed, open (still running, in time) or none (ended without a result)."""

    target: str
    cycle: int
    level: int | None
    result: str
    due_at: datetime | None
    missed_at: datetime | None
    calendar_version_id: int

    @property
    def key(self) -> tuple[str, int]:
        return self.target, self.cycle

    @property
    def line(self) -> str:
        """Under which its figures stand: "resolution", "pickup:2"."""
        return f"{self.target}:{self.level}" if self.target in OLA else self.target


def verdict(clock: Any, now: datetime) -> Verdict:
    """Of a clock, as an object or as a row of its table."""
    result = _result(clock, whole_second(now))
    missed_at = (clock.breached_at or max(clock.due_at, clock.terms_since)) if result == "missed" else None
    return Verdict(clock.target, clock.cycle, clock.level, result, clock.due_at, missed_at,
                   clock.calendar_version_id)


def _result(clock: Any, now: datetime) -> str:
    if clock.outcome is not None:
        return clock.outcome
    if clock.stopped_at is not None:
        return "none"
    return "missed" if clock.due_at is not None and clock.due_at < now else "open"


def team_at(run: Replayed, moment: datetime) -> int:
    """Whose the ticket was."""
    spans = run.timers.spans
    return next((span.team_id for span in reversed(spans) if span.started_at <= moment), spans[0].team_id)


def priority_at(run: Replayed, moment: datetime) -> str:
    later = bisect_right(run.priorities, moment, key=lambda dated: dated[0])
    return run.priorities[max(later - 1, 0)][1]
