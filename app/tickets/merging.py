"""Taking a merge back, and splitting one ticket into two: what was put together wrongly, and what never belonged so."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.catalogue.models import RequestType
from app.core.db import db
from app.core.errors import Conflict, Invalid
from app.core.events import Event, record

from .actions import Request, begin, going_on_of
from .models import Attachment, Message, Ticket, TicketLink


def take_apart(duplicate: Ticket, by: User, at: datetime) -> None:
    """A merged ticket stands by itself again, with its promises as they were. Raises Conflict once something new was
    said: its requester has read answers of the original since, or the original's has read theirs."""
    merged = _merge_of(duplicate)
    if merged is None:
        raise Conflict(_("This ticket is not merged."))
    if is_settled(duplicate, merged):
        raise Conflict(_("Something was said since the merge, so it can no longer be taken back. Split what does not "
                         "belong to it off instead."))
    was = merged.data["changes"]["status"][0]
    db.session.execute(sa.delete(TicketLink).where(
        TicketLink.ticket_id == duplicate.id, TicketLink.other_id == duplicate.merged_into_id,
        TicketLink.kind == "duplicate_of"))
    duplicate.take_apart("new" if was == "new" else "open", by, at)


def _merge_of(duplicate: Ticket) -> Event | None:
    """The event that merged it, if it is merged."""
    if duplicate.merged_into is None:
        return None
    db.session.flush()
    return db.session.scalar(
        sa.select(Event).where(Event.subject_type == "ticket", Event.subject_id == duplicate.id,
                               Event.kind == "ticket.merged")
        .order_by(Event.id.desc()).limit(1))


def is_settled(duplicate: Ticket, merged: Event) -> bool:
    """Whether somebody said something public on the original, or by way of the duplicate, since it was merged."""
    places = [duplicate.merged_into_id, going_on_of(duplicate).id]
    said = sa.exists().where(
        sa.or_(Message.ticket_id.in_(places), Message.via_id == duplicate.id),
        Message.kind != "note", Message.created_at > merged.occurred_at)
    return bool(db.session.scalar(sa.select(said)))


@dataclass
class Part:
    """What becomes a ticket of its own: messages of the requester's side, under a subject and a request type."""

    subject: str
    request_type: RequestType
    messages: list[Message] = field(default_factory=list)
    submission: str | None = None


def split(ticket: Ticket, part: Part, by: User, at: datetime) -> Ticket:
    """File what was asked beside the matter as a ticket of its own, for who asked it, with copies of the messages and
    the same files. The old ticket keeps them: nothing moves, so nothing is lost and no clock turns back. Promises of
    the new ticket count from now. Raises Invalid where nothing, or what is no message of theirs, was chosen."""
    if not part.messages:
        raise Invalid(_("Choose at least one message that belongs to the other matter."))
    first, *others = part.messages
    asked = Request(part.request_type, part.subject, first.body, first.author or ticket.requester, ticket.channel,
                    submission=part.submission, format=first.format,
                    secret_of=ticket if ticket.is_confidential else None)
    new, message = begin(asked, by, at)
    _copy_files(first, message)
    for other in others:
        copy = Message(ticket_id=new.id, kind="incoming", body=other.body, format=other.format, created_at=at,
                       author_id=other.author_id, entered_by_id=other.entered_by_id, channel=other.channel)
        db.session.add(copy)
        _copy_files(other, copy)
    db.session.add(TicketLink(ticket_id=new.id, other_id=ticket.id, kind="split_from"))
    record("ticket.split", ticket, by, at, other=new.number, messages=[message.id for message in part.messages])
    db.session.flush()
    return new


def _copy_files(of: Message, to: Message) -> None:
    for held in of.attachments:
        db.session.add(Attachment(message=to, file=held.file, content_id=held.content_id))


def splittable(ticket: Ticket, ids: list[int] | None = None) -> list[Message]:
    """What the requester's side said on this ticket, oldest first; of `ids` only those."""
    statement = sa.select(Message).where(Message.ticket_id == ticket.id, Message.kind == "incoming")
    if ids is not None:
        statement = statement.where(Message.id.in_(ids))
    return list(db.session.scalars(statement.order_by(Message.created_at, Message.id).limit(MOST_MESSAGES)))


MOST_MESSAGES = 500
