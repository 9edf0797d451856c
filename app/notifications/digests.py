"""The mail of a bundle: the ordinary letter where it holds one thing, else a digest, ticket by ticket, by deadline.

Everything is looked at again when the mail is written: what the person may no longer see falls out of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.channels.email.envelope import Letter, Sealed, envelope
from app.channels.email.send import Route, route, write_and_send
from app.core.db import db
from app.core.events import Event
from app.core.outbox import OutboxRow
from app.tickets.models import Ticket

from . import bundles, choices, delivery, messages
from .audience import place_of
from .models import Notification
from .topics import MAIL, topic_of

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    """One thing that happened to a ticket; `due` is the deadline that a timer spoke of."""

    event: Event
    due: datetime | None
    is_late: bool


@dataclass(frozen=True)
class Entry:
    """What happened to one ticket, as its reader may know it."""

    ticket: Ticket
    lines: list[Line]

    @property
    def due(self) -> datetime | None:
        """The earliest deadline of which something is said, else the one that the ticket has now."""
        return min((line.due for line in self.lines if line.due), default=self.ticket.due_at)


def mail(row: OutboxRow, now: datetime) -> None:
    """Fix what the bundle holds, write it down and hand it to the relay; nothing goes if nothing is left to say."""
    delivery.recipient(row)
    bundles.close(row, now)
    write_and_send(_written, row, now=now)


def _written(row: OutboxRow, now: datetime) -> tuple[Sealed, Route] | None:
    person = delivery.recipient(row)
    told = _told(person, row) if person is not None else []
    if not told:
        return None
    # Delivered bundles are forgotten, and SQLite may give their number to another row: the moment tells them apart.
    reference = f"{row.id}.{int(row.created_at.timestamp())}"
    if len(told) > 1:
        return envelope(_digest(person, told), (person.name, person.email), reference, now), route()
    # Whether an answer to it is for the requester is asked when the answer comes.
    letter, reference = delivery.letter_of(person, told[0].event), f"{reference}.e{told[0].event_id}"
    return envelope(letter, (person.name, person.email), reference, now), route()


def _told(person: User, row: OutboxRow) -> list[Notification]:
    """What the bundle holds of what the person may know, and still wants to."""
    held = bundles.held_by(row).options(joinedload(Notification.event), joinedload(Notification.ticket))
    told = [one for one in db.session.scalars(held) if one.ticket is not None and _may_know(person, one.event)]
    wishes = choices.wishes_of([person], {one.ticket for one in told})
    return [one for one in told if wishes.wants(person, topic_of(one.event, person, one.ticket), MAIL, one.ticket)]


def _may_know(person: User, event: Event) -> bool:
    ticket = db.session.get(Ticket, event.subject_id)
    return ticket is not None and place_of(person, event, ticket) is not None


def _digest(person: User, told: list[Notification]) -> Letter:
    return messages.digest(person, sorted(_entries(told), key=lambda entry: (entry.due or NEVER, entry.ticket.number)))


def _entries(told: Iterable[Notification]) -> list[Entry]:
    """One per ticket. Of several shares of one target, and of the same thing happening again, the last one speaks."""
    tickets, lines = {}, {}
    for one in told:
        tickets[one.ticket_id] = one.ticket
        lines.setdefault(one.ticket_id, {})[_matter(one.event)] = _line(one.event)
    return [Entry(tickets[number], list(lines[number].values())) for number in tickets]


def _matter(event: Event) -> Any:
    if "share" in event.data:
        return event.data["target"], event.data["cycle"], event.data.get("level")
    return event.kind


def _line(event: Event) -> Line:
    due = event.data.get("due")
    return Line(event, datetime.fromisoformat(due) if due else None, bool(event.data.get("is_late")))
