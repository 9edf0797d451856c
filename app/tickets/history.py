"""The history of a ticket in sentences: each event by its catalogue, with the names of who and what took part."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.models import Team, User
from app.catalogue.models import RequestType
from app.core import paging
from app.core.db import db, set_reading
from app.core.events import KINDS, Event

from . import timeline
from .models import Ticket
from .vocabulary import CHANNELS, IMPACTS, STATUSES, URGENCIES
from .vocabulary import KINDS as TICKET_KINDS

PAGE_SIZE = 100
FACTS = {"status": _l("Status"), "priority": _l("Priority"), "impact": _l("Impact"), "urgency": _l("Urgency"),
         "kind": _l("Kind"), "request_type_id": _l("Request type"), "team_id": _l("Team"), "level": _l("Level"),
         "assignee_id": _l("Assignee"), "requester_id": _l("Requester"), "department_id": _l("Department"),
         "channel": _l("Channel"), "subject": _l("Subject")}
_WORDS = {"status": STATUSES, "impact": IMPACTS, "urgency": URGENCIES, "kind": TICKET_KINDS, "channel": CHANNELS}
_PEOPLE, _TEAMS = ("assignee_id", "requester_id"), ("team_id",)
_UNTOLD = ("ticket.filed",)
"""Events whose changes are all there is to a new ticket: nobody wants to read them again."""


@dataclass(frozen=True)
class Line:
    """One line of the history: what happened when; changes and reason only for those who may read them."""

    kind: str
    sentence: str
    at: datetime
    changes: list[str]
    reason: str


@dataclass(frozen=True)
class _Names:
    people: dict[int, str]
    teams: dict[int, str]
    types: dict[int, str]


def page(ticket: Ticket, staff: bool, mark: str | None) -> paging.Page:
    """Events of a ticket, newest first; whoever is not staff gets the public ones."""
    statement = sa.select(Event).where(Event.subject_type == "ticket", Event.subject_id == ticket.id)
    if not staff:
        statement = statement.where(Event.kind.in_([name for name, kind in KINDS.items() if kind.public]))
    return paging.page(statement, ((Event.occurred_at, "desc"), (Event.id, "desc")), mark, PAGE_SIZE)


def lines(events: list[Event], staff: bool) -> list[Line]:
    """The events in the reader's language; changes and reasons are for the staff."""
    told = timeline.sentences(events)
    names = _names(events) if staff else None
    return [Line(event.kind, told[event.id], event.occurred_at, _changes(event, names) if names else [],
                 _reason(event) if staff else "") for event in events]


def last_deed(person: User, number: int, since: datetime) -> str:
    """What this person just did to the ticket, in a sentence: many a verb leaves no other trace on its page."""
    set_reading(True)
    mine = (Event.subject_type == "ticket", Event.subject_id == number, Event.actor_id == person.id,
            Event.recorded_at >= since)
    done = db.session.scalar(sa.select(Event).where(*mine).order_by(Event.id.desc()).limit(1))
    return timeline.sentence(done) if done else ""


def _names(events: list[Event]) -> _Names:
    """Every name that the changes need, in one query each for people, teams and request types."""
    people, kinds = set(_values(events, *_PEOPLE)), set(_values(events, "request_type_id"))
    return _Names(
        dict(db.session.execute(sa.select(User.id, User.name).where(User.id.in_(people))).all()),
        {team.id: team.title for team in db.session.scalars(sa.select(Team))},
        {kind.id: kind.title for kind in db.session.scalars(sa.select(RequestType).where(RequestType.id.in_(kinds)))},
    )


def _values(events: list[Event], *facts: str) -> Iterable[int]:
    for event in events:
        for fact, pair in event.data.get("changes", {}).items():
            if fact in facts:
                yield from (value for value in pair if value is not None)


def _changes(event: Event, names: _Names) -> list[str]:
    if event.kind in _UNTOLD:
        return []
    return [_("%(fact)s: %(old)s → %(new)s", fact=FACTS.get(fact, fact), old=_value(fact, old, names),
              new=_value(fact, new, names)) for fact, (old, new) in event.data.get("changes", {}).items()]


def _value(fact: str, value: Any, names: _Names) -> str:
    if value is None:
        return "–"
    if fact in _WORDS:
        return str(_WORDS[fact].get(value, value))
    named = names.people if fact in _PEOPLE else names.teams if fact in _TEAMS else names.types
    return named.get(value, str(value)) if fact.endswith("_id") else str(value)


def _reason(event: Event) -> str:
    return "" if event.kind == "ticket.held" else str(event.data.get("reason") or "")
