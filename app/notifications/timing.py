"""Whether one person is told of one thing at once, or what it waits for."""

from dataclasses import dataclass
from datetime import datetime

from app.accounts.models import User
from app.core.events import Event
from app.tickets import policy
from app.tickets.models import Ticket

from . import bundles, hours, queries, rhythm
from .audience import name_of
from .choices import Wishes
from .topics import BY_WORD, DIGEST, MAIL, Topic, is_urgent


@dataclass(frozen=True)
class Waiting:
    """The bundle in which something is told, and its moment."""

    bundle: str
    until: datetime


def waiting(person: User, event: Event, ticket: Ticket, topic: Topic, wishes: Wishes, now: datetime) -> Waiting | None:
    """None: at once. What the desk did by itself waits for the hours of its people; what floods them or follows in the
    same minute comes as one mail; all but the urgent waits for the end of focus time and quiet hours."""
    own = wishes.rhythm(person)
    if wishes.way(person, topic, MAIL) == DIGEST:
        return Waiting(bundles.DIGEST, rhythm.next_digest(person, own, now))
    calm = now if is_urgent(event, topic, now) else rhythm.calm(person, own, now)
    outside = policy.takes_part(person, ticket) and not policy.reads_notes(person, ticket)
    if event.actor_id is None and not outside:
        return _in_hours(person, calm, now)
    if calm > now:
        return Waiting(bundles.SOON, calm)
    if not outside and queries.is_flooded(person, now):
        return Waiting(bundles.PROMPT, bundles.moment(person.id, now))
    if name_of(event) not in BY_WORD and queries.was_just_told(person, ticket, now):
        return Waiting(bundles.SOON, bundles.in_a_minute(now))
    return None


def _in_hours(person: User, calm: datetime, now: datetime) -> Waiting:
    """The end of focus time or of the night may lie outside the hours of work."""
    if calm > now and hours.opening(person.id, calm) == calm:
        return Waiting(bundles.SOON, calm)
    return Waiting(bundles.PROMPT, bundles.moment(person.id, calm))
