"""What happened, as sentences: the history of a ticket and the notifications read the same words."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import Team, User
from app.core.db import db
from app.core.events import KINDS, Event
from app.core.i18n import desk

from .models import PendingReason


class Words(dict[str, Any]):
    """What stands for the placeholders of one sentence; an old event may lack one."""

    def __missing__(self, name: str) -> str:
        return "…"


def sentences(events: Iterable[Event]) -> dict[int, str]:
    """Event id -> its sentence in the reader's language; three queries however many events there are."""
    listed = list(events)
    people, teams, reasons = _people(listed), _teams(listed), _reasons(listed)
    return {event.id: _for_whom(event, KINDS[event.kind].sentence % _words(event, people, teams, reasons), people)
            for event in listed}


def _for_whom(event: Event, sentence: str, people: dict[int, str]) -> str:
    name = people.get(event.on_behalf_of_id)
    return _("%(sentence)s, on behalf of %(name)s", sentence=sentence, name=name) if name else sentence


def sentence(event: Event) -> str:
    """The sentence of one event."""
    return sentences([event])[event.id]


def _words(event: Event, people: dict[int, str], teams: dict[int, str], reasons: dict[str, str]) -> Words:
    words = Words(event.data, ticket=f"#{event.subject_id}")
    words["actor"] = people.get(event.actor_id, desk.name)
    words["assignee"] = people.get(_new(event, "assignee_id"), _("nobody"))
    words["from_team"] = teams.get(_old(event, "team_id"), "…")
    words["to_team"] = teams.get(_new(event, "team_id"), "…")
    words["reason"] = reasons.get(event.data.get("reason"), event.data.get("reason", ""))
    return words


def _old(event: Event, fact: str) -> Any:
    return event.data.get("changes", {}).get(fact, (None, None))[0]


def _new(event: Event, fact: str) -> Any:
    return event.data.get("changes", {}).get(fact, (None, None))[1]


def _people(events: list[Event]) -> dict[int, str]:
    ids = {person_id for event in events
           for person_id in (event.actor_id, event.on_behalf_of_id, _new(event, "assignee_id"))}
    return dict(db.session.execute(sa.select(User.id, User.name).where(User.id.in_(ids - {None}))).all())


def _teams(events: list[Event]) -> dict[int, str]:
    ids = {change(event, "team_id") for event in events for change in (_old, _new)} - {None}
    return {team.id: team.title for team in db.session.scalars(sa.select(Team).where(Team.id.in_(ids)))} if ids else {}


def _reasons(events: list[Event]) -> dict[str, str]:
    slugs = {event.data["reason"] for event in events if event.kind == "ticket.held" and "reason" in event.data}
    found = db.session.scalars(sa.select(PendingReason).where(PendingReason.slug.in_(slugs))) if slugs else []
    return {reason.slug: reason.title for reason in found}
