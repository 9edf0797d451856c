"""What happened to tickets, and how their clocks stand: read in batches, each in a short transaction of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.core.db import db, reading
from app.core.events import Event
from app.sla.book import LiveBook
from app.sla.models import SlaClock, SlaPolicyVersion
from app.sla.reactions import FOLLOWED
from app.sla.timers import Happening
from app.tickets.models import Ticket

BATCH = 200
TRIES = 5
"""How often a ticket that changes while it is read is read again before it is taken as it stands."""


class Period(NamedTuple):
    """Tickets filed in [since, until); none: without an end."""

    since: datetime | None = None
    until: datetime | None = None

    @property
    def conditions(self) -> list[Any]:
        ends = ((self.since, Ticket.filed_at.__ge__), (self.until, Ticket.filed_at.__lt__))
        return [condition(moment) for moment, condition in ends if moment is not None]


@dataclass
class Past:
    """One ticket: its events in the order in which they were written, and its clocks as they are stored."""

    ticket_id: int
    origin: str
    is_from_customer: bool
    is_confidential: bool
    events: list[Happening] = field(default_factory=list)
    clocks: list[Any] = field(default_factory=list)
    """Rows with the columns of SlaClock."""
    last_event_id: int = 0

    @property
    def is_silent(self) -> bool:
        return any(clock.is_silent for clock in self.clocks)


def count(period: Period) -> int:
    with reading():
        found = db.session.scalar(sa.select(sa.func.count()).select_from(Ticket).where(*period.conditions)) or 0
        db.session.rollback()
    return found


def batches(period: Period) -> Iterator[list[Past]]:
    """All tickets of the period by number, some hundred at a time."""
    last = 0
    while batch := _tickets(period, last):
        last = batch[-1].ticket_id
        yield read(batch)


def _tickets(period: Period, after: int) -> list[Past]:
    columns = (Ticket.id, Ticket.origin, Ticket.is_from_customer, Ticket.is_confidential)
    statement = sa.select(*columns).where(Ticket.id > after, *period.conditions)
    with reading():
        rows = db.session.execute(statement.order_by(Ticket.id).limit(BATCH)).all()
        db.session.rollback()
    return [Past(*row) for row in rows]


def read(batch: list[Past]) -> list[Past]:
    """Fill in events and clocks. A ticket to which something happens meanwhile is read again: on PostgreSQL two
    statements of a transaction may see two states of it."""
    moved = batch
    for _try in range(TRIES):
        with reading():
            moved = _read_once(moved)
            db.session.rollback()
        if not moved:
            break
    return batch


def _read_once(batch: list[Past]) -> list[Past]:
    """Events, then clocks; returns the tickets that had got another event by then."""
    by_id = {past.ticket_id: past for past in batch}
    for past in batch:
        past.events, past.clocks, past.last_event_id = [], [], 0
    for event_id, ticket_id, *happening in db.session.execute(_EVENTS, {"ids": list(by_id)}):
        by_id[ticket_id].events.append(Happening(*happening))
        by_id[ticket_id].last_event_id = event_id
    for clock in db.session.execute(_CLOCKS, {"ids": list(by_id)}):
        by_id[clock.ticket_id].clocks.append(clock)
    last = dict(db.session.execute(_LAST, {"ids": list(by_id)}).all())
    return [past for past in batch if past.last_event_id != last.get(past.ticket_id, 0)]


_IDS = sa.bindparam("ids", expanding=True)
_OF_THESE = (Event.subject_type == Ticket.event_subject, Event.subject_id.in_(_IDS), Event.kind.in_(FOLLOWED))
_EVENTS = (sa.select(Event.id, Event.subject_id, Event.kind, Event.occurred_at, Event.actor_id, Event.data)
           .where(*_OF_THESE).order_by(Event.id))
_LAST = sa.select(Event.subject_id, sa.func.max(Event.id)).where(*_OF_THESE).group_by(Event.subject_id)
_CLOCKS = (sa.select(*(column for column in SlaClock.__table__.columns))
           .where(SlaClock.ticket_id.in_(_IDS)).order_by(SlaClock.id))


def is_imported(event: Happening) -> bool:
    """Whether an event was written by an import, which measures under a policy that its mapping names."""
    return "source" in event.data


class Imports:
    """Under which policy each import measured: what its clocks say, for no rule chose it."""

    def __init__(self) -> None:
        self._by_origin: dict[str, int | None] = {}

    def policy_of(self, past: Past, live: LiveBook) -> int | None:
        """The policy of an imported ticket's own past; None where nothing was promised."""
        return self._of_clocks(past.clocks, live) or self._of_origin(past.origin)

    def _of_clocks(self, clocks: Iterable[Any], live: LiveBook) -> int | None:
        named = (clock.policy_version_id for clock in clocks if clock.rule_id is None)
        version_id = next(named, None)
        return live.promise(version_id).policy_id if version_id is not None else None

    def _of_origin(self, origin: str) -> int | None:
        """For a ticket all of whose clocks were put on other terms since: as its fellows were measured."""
        if origin not in self._by_origin:
            statement = (
                sa.select(SlaPolicyVersion.policy_id).join(SlaClock, SlaClock.policy_version_id == SlaPolicyVersion.id)
                .join(Ticket, Ticket.id == SlaClock.ticket_id)
                .where(Ticket.origin == origin, SlaClock.rule_id.is_(None)).limit(1))
            with reading():
                self._by_origin[origin] = db.session.scalar(statement)
                db.session.rollback()
        return self._by_origin[origin]
