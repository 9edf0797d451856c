"""Who hears live that something happened: the staff of a ticket of everything, its requester of what is public,
a queue and an agent of whatever comes, changes or goes there."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Team, User
from app.core.db import db
from app.core.events import KINDS
from app.core.live import News
from app.core.policy import may
from app.core.presence import Sight

from .models import Ticket
from .queries import visible_to


def hears_ticket(person: User, number: int) -> bool:
    """Notes make a sound too, so only for who may read them."""
    ticket = db.session.scalar(visible_to(person).where(Ticket.id == number))
    return ticket is not None and may(person, "ticket.read_notes", ticket)


def hears_request(person: User, number: int) -> bool:
    return db.session.scalar(visible_to(person).where(Ticket.id == number)) is not None


def hears_queue(person: User, team_id: int) -> bool:
    return team_id in person.team_ids or person.is_administrator and db.session.get(Team, team_id) is not None


def hears_agent(person: User, user_id: int) -> bool:
    """What is assigned to oneself."""
    return user_id == person.id


def shows_the_writer(sight: Sight) -> bool:
    """A requester's page: that somebody of the staff writes an answer. Not who only looks, never a note, and of the
    others on this side nothing at all."""
    return sight.side == "ticket" and sight.doing == "reply"


SIGHTS = {"ticket": lambda sight: True, "request": shows_the_writer}
"""What pages of each topic show of who is there; who may listen to the topic may read the page."""

TOPICS = {"ticket": hears_ticket, "request": hears_request, "queue": hears_queue, "agent": hears_agent}


def echo(events: list[Any]) -> list[News]:
    """The topics on which each event is heard."""
    about = [event for event in events if event.subject_type == "ticket"]
    if not about:
        return []
    statement = sa.select(Ticket.id, Ticket.team_id, Ticket.assignee_id)
    numbers = {event.subject_id for event in about}
    places = {number: place for number, *place in db.session.execute(statement.where(Ticket.id.in_(numbers)))}
    nowhere = (None, None)
    return [(topic, event.id) for event in about for topic in _topics(event, *places.get(event.subject_id, nowhere))]


def _topics(event: Any, team_id: int | None, assignee_id: int | None) -> Iterator[str]:
    yield f"ticket:{event.subject_id}"
    if event.kind in KINDS and KINDS[event.kind].public:
        yield f"request:{event.subject_id}"
    changes = event.data.get("changes", {})
    yield from (f"queue:{team}" for team in {team_id, *changes.get("team_id", ())} if team)
    yield from (f"agent:{user}" for user in {assignee_id, *changes.get("assignee_id", ())} if user)
