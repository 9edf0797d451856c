"""Deletes the sample's tickets, and those filed since by its people or with its request types, with their events."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.core.db import Base, db
from app.core.events import Event
from app.core.files import StoredFile
from app.core.outbox import OutboxRow
from app.importing import figures
from app.importing.sample import ledger
from app.tickets.models import Attachment, Message, Ticket

AT_ONCE = 500


def remove_tickets() -> list[int]:
    """The numbers of those that went; the caller commits."""
    numbers = list(db.session.scalars(sa.select(Ticket.id).where(_of_sample()).order_by(Ticket.id)))
    figures.forget(numbers)
    for start in range(0, len(numbers), AT_ONCE):
        _remove(numbers[start:start + AT_ONCE])
    figures.rewind()
    return numbers


def _of_sample() -> Any:
    people = [int(key) for key in ledger.keys("users")]
    types = [int(key) for key in ledger.keys("request_types")]
    return sa.or_(Ticket.origin == ledger.ORIGIN, Ticket.requester_id.in_(people), Ticket.filed_by_id.in_(people),
                  Ticket.request_type_id.in_(types))


def _remove(numbers: list[int]) -> None:
    files = _files(numbers)
    for statement in _loosened(numbers):
        db.session.execute(statement)
    db.session.execute(sa.delete(Event).where(Event.subject_type == Ticket.event_subject,
                                              Event.subject_id.in_(numbers)))
    lanes = [f"{Ticket.event_subject}:{number}" for number in numbers]
    db.session.execute(sa.delete(OutboxRow).where(OutboxRow.lane.in_(lanes)))
    db.session.execute(sa.delete(Ticket).where(Ticket.id.in_(numbers)))
    unused = ~sa.exists().where(Attachment.file_id == StoredFile.id)
    db.session.execute(sa.delete(StoredFile).where(StoredFile.id.in_(files), unused))


def _files(numbers: list[int]) -> list[int]:
    """Files of their messages; what is left of them on the disk goes with the orphans."""
    statement = sa.select(Attachment.file_id).join(Message, Message.id == Attachment.message_id)
    return list(db.session.scalars(statement.where(Message.ticket_id.in_(numbers))))


def _loosened(numbers: list[int]) -> Iterator[Any]:
    """What points at a ticket without going with it, such as a duplicate merged into it, lets go of it."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(fk.column.table is Ticket.__table__ and not fk.ondelete for fk in column.foreign_keys):
                yield sa.update(table).where(column.in_(numbers)).values({column.name: None})
