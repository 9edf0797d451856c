"""Whom an announcement tells. Notifications asks here when it delivers; what nobody can be told of is written down.

Those who had the ticket when the announcement was made are meant: it may have been escalated in the same moment.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.accounts.models import User, by_id
from app.core.db import db
from app.core.events import Event, record
from app.tickets import queries
from app.tickets.models import Ticket

from . import chain
from .asked import acts_of
from .chain import Told


@dataclass(frozen=True)
class Then:
    """A ticket and who had it at a moment."""

    ticket: Ticket
    team_id: int
    assignee: User | None
    at: datetime

    @property
    def may(self) -> chain.Question:
        return chain.may_know(self.ticket)


def then(event: Event, ticket: Ticket) -> Then:
    """As things stood when the event was written."""
    later = sa.select(Event).where(Event.subject_type == "ticket", Event.subject_id == ticket.id, Event.id > event.id)
    changes = [each.data.get("changes", {}) for each in db.session.scalars(later.order_by(Event.id))]
    team_id, assignee_id = (_before(changes, fact, getattr(ticket, fact)) for fact in ("team_id", "assignee_id"))
    return Then(ticket, team_id, _active(assignee_id), event.recorded_at)


def _before(changes: list[dict[str, Any]], fact: str, now: Any) -> Any:
    return next((change[fact][0] for change in changes if fact in change), now)


def _active(user_id: int | None) -> User | None:
    person = by_id(user_id)
    return person if person is not None and person.is_active else None


def _assignee(had: Then, act: dict[str, Any]) -> list[Told]:
    if had.assignee is not None:
        return [chain.stand_in(had.assignee, "tickets", had.at, had.may)]
    return _team(had, act)


def _team(had: Then, act: dict[str, Any]) -> list[Told]:
    return [Told(person) for person in queries.members(had.team_id)]


def _lead(had: Then, act: dict[str, Any]) -> list[Told]:
    return chain.reached(chain.leads(had.team_id), had.at, had.may)


def _deputy(had: Then, act: dict[str, Any]) -> list[Told]:
    """The assignee's deputy while the assignee is away; else the lead."""
    stands = chain.stand_in(had.assignee, "tickets", had.at, had.may) if had.assignee is not None else None
    return [stands] if stands is not None and stands.instead_of is not None else _lead(had, act)


def _chain(had: Then, act: dict[str, Any]) -> list[Told]:
    return chain.whole(had.ticket, had.team_id, had.at)


def _named(had: Then, act: dict[str, Any]) -> list[Told]:
    person = _active(act.get("user_id"))
    return chain.reached([person], had.at, had.may) if person is not None else []


TELLING: dict[str, Callable[[Then, dict[str, Any]], list[Told]]] = {
    "notify_assignee": _assignee,
    "notify_team": _team,
    "notify_lead": _lead,
    "notify_deputy": _deputy,
    "notify_chain": _chain,
    "notify_named": _named,
}
"""Act -> whom it tells; some may come twice."""


def told_by(event: Event, ticket: Ticket) -> list[Told]:
    """Whom the announcement tells, some perhaps twice; not those to whom it was escalated, who are told of that."""
    had, heads = then(event, ticket), _heads_told(event)
    told = [one for act in acts_of(event) if act["action"] in TELLING for one in TELLING[act["action"]](had, act)]
    return [one for one in told if one.person.id not in heads]


def _heads_told(event: Event) -> set[int]:
    if all(act["action"] != "tell_head" for act in acts_of(event)):
        return set()
    later = sa.select(Event).where(Event.subject_type == "ticket", Event.subject_id == event.subject_id,
                                   Event.kind == "automation.head_told", Event.id > event.id)
    return {person_id for each in db.session.scalars(later) if each.data["announcement"] == event.id
            for person_id, _away in each.data["people"]}


def look(event: Event, ticket: Ticket, act: dict[str, Any]) -> str | None:
    """Telling people is left to notifications; here it is written down whose deputies they are, and where nobody is."""
    had = then(event, ticket)
    told = TELLING[act["action"]](had, act)
    for one in told:
        if one.instead_of is not None:
            record("automation.deputy_told", ticket, at=had.at, told=one.person.name, instead_of=one.instead_of.name)
    return None if any(had.may(one.person) for one in told) else "nobody"


def tell_head(event: Event, ticket: Ticket, act: dict[str, Any]) -> str | None:
    """Hierarchic escalation (ITIL): whoever answers for it so many steps up is told; the ticket stays where it is."""
    had = then(event, ticket)
    told = {one.person.id: one for one in chain.at_step(ticket, had.team_id, act.get("step", 1), had.at)}
    if not told:
        return "nobody"
    away = [one.instead_of for one in told.values() if one.instead_of is not None]
    record("automation.head_told", ticket, at=had.at, announcement=event.id, step=act.get("step", 1),
           people=[[one.person.id, one.instead_of.id if one.instead_of else None] for one in told.values()],
           told=_names(one.person for one in told.values()), instead_of=_names(away),
           through="deputies" if away else "",
           **{name: event.data.get(name) for name in ("target", "cycle", "level", "share", "due", "is_late")})
    return None


def _names(people: Any) -> str:
    return ", ".join(person.name for person in people)


def told_in(event: Event) -> list[Told]:
    """Whom an escalation up the chain told."""
    return [Told(person, by_id(away)) for person_id, away in event.data["people"]
            if (person := by_id(person_id)) is not None]
