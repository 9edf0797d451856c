"""All there is to tell about the clocks of a ticket: where each stands, what became of every second, who chose."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.calendars.queries import hours_of
from app.core.clock import whole_second
from app.core.db import db
from app.core.events import Event
from app.tickets.models import Ticket

from . import names
from .book import live_book
from .choice import Choice, choices
from .explain import Explanation, explain
from .reactions import happening, spans_of
from .standing import Standing, standings
from .timers import Happening


@dataclass(frozen=True)
class Story:
    """One clock."""

    standing: Standing
    explanation: Explanation
    choice: Choice | None
    """None where the terms do not follow from the events that are kept."""
    valid_from: datetime
    """Since when the version of the policy holds."""


@dataclass(frozen=True)
class Account:
    """The clocks of one ticket at one moment, with the names of what took part."""

    ticket: Ticket
    at: datetime
    stories: list[Story]
    names: names.Names


def account(ticket: Ticket, now: datetime) -> Account:
    """For the staff, what still runs first. A fixed number of queries, however long the ticket's life was."""
    shown, book = explained(ticket, now), live_book()
    shown.sort(key=lambda pair: pair[0].clock.stopped_at is not None)
    found = choices(ticket.id, [standing.clock for standing, _told in shown], past_of(ticket), book)
    stories = [Story(standing, told, found.get((standing.clock.target, standing.clock.cycle)),
                     book.promise(standing.clock.policy_version_id).valid_from) for standing, told in shown]
    known = names.read([told for _standing, told in shown], found.values())
    return Account(ticket, whole_second(now), stories, known)


def explained(ticket: Ticket, now: datetime, meant: Callable[[Standing], bool] = lambda _standing: True
              ) -> list[tuple[Standing, Explanation]]:
    """Those clocks that are meant, each with its segments."""
    shown = [standing for standing in standings(ticket.id, now) if meant(standing)]
    spans = spans_of(ticket.id) if shown else []
    return [(standing, explain(standing.clock, spans, hours_of(standing.clock.calendar_version_id), now))
            for standing in shown]


def past_of(ticket: Ticket) -> list[Happening]:
    """The events in the order in which they were written down."""
    statement = sa.select(Event).where(Event.subject_type == "ticket", Event.subject_id == ticket.id)
    return [happening(event) for event in db.session.scalars(statement.order_by(Event.id))]
