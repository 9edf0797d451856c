"""The timers of one ticket in memory: its facts, its clocks, its spans. No database here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from app.core.clock import whole_second
from app.tickets.vocabulary import ACTIVE

from .models import SlaClock, Span
from .vocabulary import PROMISES


class Happening(NamedTuple):
    """One event of a ticket, from wherever it comes."""

    kind: str
    at: datetime
    by_id: int | None
    data: dict[str, Any]

    @property
    def changes(self) -> dict[str, list[Any]]:
        return self.data.get("changes", {})


SPAN_FACTS = ("status", "reason", "pauses", "team_id", "level", "assignee_id")
FACTS = ("status", "priority", "kind", "request_type_id", "department_id", "requester_id", "is_from_customer",
         "team_id", "level", "assignee_id")
STANDING_STILL = frozenset({"resolution", "handover"})
"""Targets whose clocks stand still while the ticket waits for a reason that pauses; an answer is never excused."""


@dataclass
class Timers:
    """What the engine turns. `span` is the latest one; those before it are read only when somebody asks."""

    ticket_id: int
    facts: dict[str, Any] = field(default_factory=lambda: {"status": None, "reason": None, "pauses": False})
    clocks: list[SlaClock] = field(default_factory=list)
    span: Span | None = None
    is_silent: bool = False
    fresh: list[SlaClock | Span] = field(default_factory=list)
    """Rows made and not stored yet, in their order."""
    read_spans: Callable[[], list[Span]] | None = None
    """Fetches what is stored; none where all is in memory."""
    _earlier: list[Span] | None = None

    def moment_of(self, event: Happening) -> datetime:
        """Cut to whole seconds, and never before what is known already: a server's clock may be set back."""
        moment = whole_second(event.at)
        if self.span is None:
            return moment
        return max(moment, self.span.ended_at or self.span.started_at)

    def learn(self, event: Happening) -> None:
        """Fold the event's changes into the facts."""
        self.facts |= {fact: pair[1] for fact, pair in event.changes.items()}
        if "status" in event.changes:
            waits = self.facts["status"] == "pending"
            self.facts["reason"] = event.data.get("reason") if waits else None
            self.facts["pauses"] = bool(waits and event.data.get("pauses"))

    @property
    def spans(self) -> list[Span]:
        """All of them, oldest first."""
        return self._before() + ([self.span] if self.span is not None else [])

    def _before(self) -> list[Span]:
        if self._earlier is None:
            stored = self.read_spans() if self.read_spans else []
            self._earlier = [span for span in stored if span is not self.span]
        return self._earlier

    def turn_span(self, span: Span) -> None:
        """Put the latest one behind a new one."""
        if self.span is not None and (self._earlier is not None or self.read_spans is None):
            self._before().append(self.span)
        self.span = span
        self.fresh.append(span)

    @property
    def landed_team_id(self) -> int:
        """The team where the ticket landed."""
        spans = self.spans
        return spans[0].team_id if spans else self.facts["team_id"]

    @property
    def running(self) -> list[SlaClock]:
        return [clock for clock in self.clocks if clock.stopped_at is None]

    @property
    def due_at(self) -> datetime | None:
        """What was promised to the requester and falls due next; a clock that stands still has nothing due."""
        due = [clock.due_at for clock in self.running
               if clock.target in PROMISES and clock.due_at is not None and clock.paused_at is None]
        return min(due, default=None)

    def clock(self, target: str, cycle: int) -> SlaClock | None:
        found = (clock for clock in self.clocks if (clock.target, clock.cycle) == (target, cycle))
        return next(found, None)

    def clocks_of(self, target: str) -> list[SlaClock]:
        return [clock for clock in self.clocks if clock.target == target]

    def pauses(self, clock: SlaClock) -> list[tuple[datetime, datetime]]:
        """The pauses of a clock that are over, oldest first; pending never stops what is to be answered."""
        if clock.target not in STANDING_STILL:
            return []
        over = [(span.started_at, span.ended_at) for span in self.spans
                if span.pauses and span.ended_at is not None and measures(clock, span)]
        return [pause for pause in over if clock.paused_at is None or pause[0] < clock.paused_at]

    @property
    def is_active(self) -> bool:
        return self.facts["status"] in ACTIVE


def measures(clock: SlaClock, span: Span) -> bool:
    """Whether a span lies in the visit, or else in the cycle, that a clock measures."""
    return clock.cycle == (span.visit if clock.target == "handover" else span.cycle)
