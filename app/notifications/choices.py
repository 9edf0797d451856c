"""How people want to be told: what they chose, else what holds for everybody."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.accounts.models import User
from app.core.db import db
from app.tickets.models import Ticket

from .models import Choice, Mute, Rhythm
from .rhythm import usual
from .topics import MAIL, NEVER, Topic


@dataclass(frozen=True)
class Wishes:
    """Of some people, read at once however many they are."""

    ways: dict[tuple[int, str, str], str] = field(default_factory=dict)
    rhythms: dict[int, Rhythm] = field(default_factory=dict)
    muted: frozenset[tuple[int, int]] = frozenset()

    def way(self, person: User, topic: Topic, channel: str) -> str:
        """At once, in the digest, or never. A way that the topic no longer offers does not hold."""
        chosen = self.ways.get((person.id, topic.name, channel))
        return chosen if chosen in topic.ways(channel) else topic.default(channel)

    def rhythm(self, person: User) -> Rhythm:
        return self.rhythms.get(person.id) or usual(person)

    def wants(self, person: User, topic: Topic, channel: str, ticket: Ticket) -> bool:
        """Whether the person wants to hear of this topic, in this way, on this ticket."""
        if (person.id, ticket.id) in self.muted and not (topic.passes or topic.is_own):
            return False
        return self.way(person, topic, channel) != NEVER


def wishes_of(people: Iterable[User], tickets: Iterable[Ticket] = ()) -> Wishes:
    """What these people chose, and which of these tickets they muted; three queries."""
    ids, numbers = [person.id for person in people], {ticket.id for ticket in tickets}
    chosen = db.session.scalars(sa.select(Choice).where(Choice.user_id.in_(ids)))
    rhythms = db.session.scalars(sa.select(Rhythm).where(Rhythm.user_id.in_(ids)))
    muted = db.session.execute(sa.select(Mute.user_id, Mute.ticket_id)
                               .where(Mute.user_id.in_(ids), Mute.ticket_id.in_(numbers)))
    return Wishes({(one.user_id, one.topic, one.channel): one.way for one in chosen},
                  {one.user_id: one for one in rhythms}, frozenset((who, what) for who, what in muted))


def choose(person: Any, topic: Topic, channel: str, way: str) -> None:
    """From now on this way; nothing is kept of a choice that is what holds for everybody. Raises ValueError for a way
    that the topic does not offer."""
    if way not in topic.ways(channel):
        raise ValueError(f"{topic.name} cannot be told {way} by {channel}")
    if way == topic.default(channel):
        db.session.execute(sa.delete(Choice).where(*_of(person, topic, channel)))
    else:
        db.session.merge(Choice(user_id=person.id, topic=topic.name, channel=channel, way=way))


def _of(person: Any, topic: Topic, channel: str) -> tuple[Any, ...]:
    return Choice.user_id == person.id, Choice.topic == topic.name, Choice.channel == channel


def switch_off(person: Any, topic: Topic) -> None:
    """No mail of this topic any more."""
    choose(person, topic, MAIL, NEVER)


def forget(person: Any) -> None:
    """What holds for everybody holds for this person too; muted tickets stay muted."""
    for kept in (Choice, Rhythm):
        db.session.execute(sa.delete(kept).where(kept.user_id == person.id))


def is_muted(person: Any, ticket: Ticket) -> bool:
    return db.session.get(Mute, (person.id, ticket.id)) is not None


def mute(person: Any, ticket: Ticket, now: datetime) -> None:
    """Nothing more of this ticket, but for escalations, mentions, and when it is assigned to this person."""
    if not is_muted(person, ticket):
        db.session.add(Mute(user_id=person.id, ticket_id=ticket.id, since=now))


def unmute(person: Any, ticket: Ticket) -> None:
    db.session.execute(sa.delete(Mute).where(Mute.user_id == person.id, Mute.ticket_id == ticket.id))
