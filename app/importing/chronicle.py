"""A ticket's past as plain rows, in the shape in which the ticket's own verbs would have written it.

Why not the verbs: forty-five thousand of them, each flushed and refreshed, hold SQLite's write lock for minutes,
and some of what really happened elsewhere (a closed case that goes on) the verbs rightly refuse today. So the past
is composed here, outside any transaction, and written by `bulk` in a few statements. tests/importing/test_chronicle.py
tells the same stories through the verbs and compares event for event.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from app.tickets.actions import FACTS
from app.tickets.models.awaited import NOBODYS, next_turn
from app.tickets.vocabulary import ENDED


class Place(NamedTuple):
    """A team and the level it stands on."""

    team_id: int
    level: int


@dataclass
class Told:
    """One event of the past; `message` is the index of the message that it tells of."""

    kind: str
    by_id: int | None
    at: datetime
    data: dict[str, Any]
    message: int | None = None
    on_behalf_of_id: int | None = None


@dataclass
class Chronicle:
    """The facts of one ticket as they change, and everything that hangs on it. Begins with `filed`."""

    facts: dict[str, Any]
    about: dict[str, Any]
    """The columns that are no facts: subject, requester, origin, fields, …"""
    events: list[Told] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    handovers: list[dict[str, Any]] = field(default_factory=list)
    holds: list[dict[str, Any]] = field(default_factory=list)
    resolutions: list[dict[str, Any]] = field(default_factory=list)
    accesses: list[dict[str, Any]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    escalators: list[Place] = field(default_factory=list)
    """Who escalated, in order; kept beside the handovers because those name no level."""
    mark: dict[str, Any] = field(default_factory=dict)
    """What every event carries from now on, such as the row of the source it comes from."""

    def filed(self, at: datetime, body: str, by_id: int | None = None) -> None:
        """The first event; `by_id` is who filed it for the requester, if somebody did."""
        requester = self.facts["requester_id"]
        self.about |= {"filed_at": at, "updated_at": at, "filed_by_id": by_id}
        self._say("incoming", body, requester, at, entered_by_id=by_id)
        first = {fact: [None, self.facts.get(fact)] for fact in FACTS}
        self.events.append(Told("ticket.filed", by_id or requester, at, {"changes": first, **self.mark},
                                on_behalf_of_id=requester if by_id else None))

    def taken(self, by_id: int, at: datetime) -> None:
        """Taken from the queue, or from whoever has it: then it is an assignment to oneself."""
        kind = "ticket.taken" if self.facts["assignee_id"] is None else "ticket.assigned"
        self._tell(kind, by_id, at, {"assignee_id": by_id, **self._working()})

    def assigned(self, to_id: int, by_id: int | None, at: datetime) -> None:
        self._tell("ticket.assigned", by_id, at, {"assignee_id": to_id, **self._working()})

    def replied(self, body: str, by_id: int, at: datetime) -> None:
        index = self._say("reply", body, by_id, at)
        self._tell("ticket.replied", by_id, at, self._working(), message=index)

    def answered(self, body: str, by_id: int, at: datetime, **about: Any) -> None:
        """A message of the requester: what waited goes on, what was resolved opens again."""
        index = self._say("incoming", body, by_id, at, **about)
        self._tell("ticket.answered", by_id, at, message=index)
        if self.is_pending:
            self.resumed(by_id, at)
        elif self.facts["status"] == "resolved":
            self.reopened(by_id, at, self.escalated_by)

    def noted(self, body: str, by_id: int, at: datetime) -> None:
        index = self._say("note", body, by_id, at)
        self._tell("ticket.noted", by_id, at, message=index)

    def held(self, reason: tuple[str, bool], by_id: int | None, at: datetime, until: datetime | None = None,
             waits_for_requester: bool = False) -> None:
        """Waits from now on; `reason` is the slug of a pending reason and whether it pauses."""
        slug, pauses = reason
        whom = {"waits_for_requester": True} if waits_for_requester else {}
        self._tell("ticket.held", by_id, at, {"status": "pending"}, reason=slug, pauses=pauses,
                   until=until.isoformat() if until else None, **whom)
        self.holds.append({"reason": slug, "pauses": pauses, "until": until, "by_id": by_id, "started_at": at,
                           "ended_at": None, "reminded_at": None})

    def reminded(self, at: datetime) -> None:
        """The requester whose answer is waited for is asked again, by the desk itself."""
        self._tell("ticket.reminded", None, at)
        self.holds[-1]["reminded_at"] = at

    def desk_wrote(self, body: str, at: datetime) -> None:
        """A message of the desk itself to the requester."""
        self._tell("ticket.told", None, at, message=self._say("reply", body, None, at))

    def resumed(self, by_id: int | None, at: datetime) -> None:
        self._tell("ticket.resumed", by_id, at, {"status": "open"})
        self._end(self.holds, at)

    def hopped(self, to: Place, reason: str, by_id: int | None, at: datetime,
               answers: dict[str, Any] | None = None) -> None:
        """To another team: up is an escalation, down a return, level a move."""
        kind, name = self._way(to)
        status = {} if self.facts["status"] == "open" else {"status": "open"}
        origin = self.place
        self._tell(name, by_id, at, {"team_id": to.team_id, "level": to.level, "assignee_id": None, **status},
                   reason=reason, answers=answers or {})
        self._end(self.holds, at)
        self.handovers.append({"kind": kind, "from_team_id": origin.team_id, "to_team_id": to.team_id, "reason": reason,
                               "answers": answers or {}, "by_id": by_id, "at": at})
        if kind == "escalation":
            self.escalators.append(origin)

    def _way(self, to: Place) -> tuple[str, str]:
        if to.level > self.facts["level"]:
            return "escalation", "ticket.escalated"
        if to.level < self.facts["level"]:
            return "return", "ticket.handed_back"
        return "move", "ticket.moved"

    def resolved(self, by_id: int | None, at: datetime) -> None:
        self._tell("ticket.resolved", by_id, at, {"status": "resolved"}, team_id=self.facts["team_id"])
        self._end(self.holds, at)
        self.resolutions.append({"by_id": by_id, "team_id": self.facts["team_id"], "at": at, "ended_at": None})

    def reopened(self, by_id: int | None, at: datetime, back_to: Place | None = None) -> None:
        """A new cycle; `back_to` is the team that had handed it over, if a higher level had resolved it."""
        changes: dict[str, Any] = {"status": "open"}
        if back_to is not None:
            changes |= {"team_id": back_to.team_id, "level": back_to.level, "assignee_id": None}
        self._tell("ticket.reopened", by_id, at, changes, reason="")
        self._end(self.resolutions, at)

    def closed(self, by_id: int | None, at: datetime) -> None:
        self._tell("ticket.closed", by_id, at, {"status": "closed"})

    def cancelled(self, reason: str, by_id: int | None, at: datetime) -> None:
        self._tell("ticket.cancelled", by_id, at, {"status": "cancelled"}, reason=reason)
        self._end(self.holds, at)

    def worked(self, by_id: int | None, at: datetime) -> None:
        """Something happened that changes no fact."""
        self._tell("ticket.worked", by_id, at)

    def tagged(self, tag: str, by_id: int | None, at: datetime) -> None:
        self.tags.append(tag)
        self._tell("ticket.tagged", by_id, at, tag=tag)

    @property
    def place(self) -> Place:
        return Place(self.facts["team_id"], self.facts["level"])

    @property
    def escalated_by(self) -> Place | None:
        """The team to which a return or a reopening goes, as Ticket.escalated_by_team says it."""
        if not self.escalators or self.facts["level"] <= self.escalators[-1].level:
            return None
        return self.escalators[-1]

    @property
    def is_ended(self) -> bool:
        return self.facts["status"] in ENDED

    @property
    def is_pending(self) -> bool:
        return self.facts["status"] == "pending"

    def columns(self) -> dict[str, Any]:
        """The row of the ticket as it stands at the end."""
        turn = NOBODYS
        for told in self.events:
            turn = next_turn(turn, told.kind, told.at, told.data)
        return {**self.about, **self.facts, "awaits": turn.awaits, "awaits_since": turn.since}

    def _working(self) -> dict[str, Any]:
        return {"status": "open"} if self.facts["status"] == "new" else {}

    def _say(self, kind: str, body: str, by_id: int | None, at: datetime, entered_by_id: int | None = None) -> int:
        channel = self.facts["channel"] if kind == "incoming" else "web"
        self.messages.append({"kind": kind, "body": body, "author_id": by_id, "entered_by_id": entered_by_id,
                              "channel": channel, "created_at": at})
        return len(self.messages) - 1

    def _tell(self, kind: str, by_id: int | None, at: datetime, changes: dict[str, Any] | None = None,
              message: int | None = None, **data: Any) -> None:
        changed = {fact: [self.facts[fact], new] for fact, new in (changes or {}).items() if self.facts[fact] != new}
        self.facts |= {fact: new for fact, (_old, new) in changed.items()}
        self.about["updated_at"] = at
        if changed:
            data["changes"] = changed
        self.events.append(Told(kind, by_id, at, data | self.mark, message))

    @staticmethod
    def _end(spells: list[dict[str, Any]], at: datetime) -> None:
        for spell in spells:
            if spell["ended_at"] is None:
                spell["ended_at"] = at


def first_facts(kind: Any, place: Place, requester: Any, priority: str) -> dict[str, Any]:
    """The facts a ticket of this request type is filed with."""
    return {
        "status": "new", "priority": priority, "impact": kind.impact, "urgency": kind.urgency, "kind": kind.kind,
        "request_type_id": kind.id, "team_id": place.team_id, "level": place.level, "assignee_id": None,
        "requester_id": requester.id, "department_id": requester.department_id,
        "is_from_customer": requester.is_customer, "channel": "web",
    }

