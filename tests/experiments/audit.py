"""What must be true of a desk's data after whatever was done to its processes."""

import sqlalchemy as sa

from app.core.db import db
from app.core.events import Event
from app.core.files import StoredFile
from app.core.outbox import OutboxRow
from app.sla.models import SlaClock, Span
from app.tickets.models import Attachment, Message, Ticket

from .desk import Desk

COUNTED = (("message", Message.ticket_id), ("clock", SlaClock.ticket_id), ("span", Span.ticket_id))


def complaints(desk: Desk, filed: dict[int, str]) -> list[str]:
    """Tickets acknowledged and missing, halves of tickets, forms done twice, files missing, a broken database.

    `filed` is number -> subject of every filing that was answered with success.
    """
    with desk.inside():
        found = [*_missing(filed), *_halves(), *_doubles(), *_lost_files()]
    said = desk.integrity()
    return found + ([said] if said != "ok" else [])


def _missing(filed: dict[int, str]):
    there = dict(db.session.execute(sa.select(Ticket.id, Ticket.subject)).all())
    for number, subject in filed.items():
        if there.get(number) != subject:
            yield f"ticket {number} was acknowledged as {subject!r} and is {there.get(number)!r}"


def _halves():
    """Each ticket has its first message, its first event, that event's outbox row, its clocks and its span."""
    for name, column in COUNTED:
        without = sa.select(Ticket.id).where(~sa.exists().where(column == Ticket.id))
        yield from (f"ticket {number} has no {name}" for number in db.session.scalars(without))
    filing = sa.and_(Event.subject_type == "ticket", Event.kind == "ticket.filed", Event.subject_id == Ticket.id)
    events = sa.select(sa.func.count()).select_from(Event).where(filing).scalar_subquery()
    wrong = sa.select(Ticket.id).where(events != 1)
    yield from (f"ticket {number} was not filed once" for number in db.session.scalars(wrong))
    unsent = sa.select(Event.id).where(Event.kind == "ticket.filed", ~sa.exists().where(OutboxRow.event_id == Event.id))
    yield from (f"event {number} has no outbox row" for number in db.session.scalars(unsent))


def _doubles():
    twice = sa.select(Ticket.subject).group_by(Ticket.subject).having(sa.func.count() > 1)
    yield from (f"{subject!r} was filed twice" for subject in db.session.scalars(twice))


def _lost_files():
    statement = sa.select(StoredFile).join(Attachment, Attachment.file_id == StoredFile.id)
    for file in db.session.scalars(statement):
        if not file.path.is_file():
            yield f"file {file.id} is gone"
        elif file.path.stat().st_size != file.size_bytes:
            yield f"file {file.id} is short"
