"""What the auditor of pauses reads out of a ticket's events: who paused it when and for what, what was said, what
was passed on. Pure: no database, no clock. Moments are cut to whole seconds, as on the clocks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from app.core.clock import whole_second

from .timers import Happening

HOPS = {"ticket.escalated": "escalated", "ticket.handed_back": "handed_back", "ticket.moved": "moved"}
SAID = {"ticket.filed": "asked", "ticket.answered": "asked", "ticket.replied": "replied", "ticket.resolved": "resolved",
        "ticket.reminded": "reminded"}


@dataclass
class Pause:
    """A time of waiting that stopped the clock; `until` is None while it lasts. `place` counts the events."""

    place: int
    since: datetime
    reason: str | None
    by_id: int | None
    team_id: int
    until: datetime | None = None
    ended_place: int | None = None


class Act(NamedTuple):
    """Something somebody did at a moment: said a word, passed the ticket on, lowered its priority."""

    place: int
    kind: str
    at: datetime
    by_id: int | None
    team_id: int


@dataclass
class History:
    """One ticket as the auditor sees it."""

    pauses: list[Pause] = field(default_factory=list)
    said: list[Act] = field(default_factory=list)
    hops: list[Act] = field(default_factory=list)
    lowerings: list[Act] = field(default_factory=list)

    def between(self, kind: str, first: int, last: int | None) -> list[Act]:
        """What was said after one event and before another (or ever since)."""
        return [act for act in self.said
                if act.kind == kind and act.place > first and (last is None or act.place < last)]


def read(events: Iterable[Happening]) -> History:
    """From a ticket's events, oldest first."""
    history, facts = History(), {}
    waiting: Pause | None = None
    for place, event in enumerate(events):
        before, facts = facts, facts | {fact: pair[1] for fact, pair in event.changes.items()}
        act = Act(place, event.kind, whole_second(event.at), event.by_id, before.get("team_id") or facts["team_id"])
        if waiting is not None and facts["status"] != "pending":
            waiting.until, waiting.ended_place = act.at, place
            waiting = None
        if "status" in event.changes and facts["status"] == "pending" and event.data.get("pauses"):
            waiting = Pause(place, act.at, event.data.get("reason"), act.by_id, act.team_id)
            history.pauses.append(waiting)
        _note(history, act, before, event)
    return history


def _note(history: History, act: Act, before: dict[str, Any], event: Happening) -> None:
    """Words of the requester's side count whoever said them; those of the staff only from a person of the staff."""
    kind = SAID.get(act.kind)
    if kind in ("asked", "reminded") or (kind and act.by_id not in (None, before.get("requester_id"))):
        history.said.append(act._replace(kind=kind))
    if act.by_id is None:
        return
    if act.kind in HOPS:
        history.hops.append(act._replace(kind=HOPS[act.kind]))
    old, new = event.changes.get("priority", (None, None))
    if act.kind != "ticket.filed" and old and new > old:
        history.lowerings.append(act._replace(kind="priority"))
