"""A mail that says it is an agent's, and that nobody vouches for, is a note; an agent may send it after all."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.core.db import claim, db
from app.core.errors import Conflict, NotFound
from app.core.events import record

from ..models import Attachment, Mailed, Message, Ticket


def on(ticket: Ticket) -> list[Message]:
    """The notes of this ticket that may still be sent, oldest first."""
    statement = sa.select(Message).join(Mailed).where(Message.ticket_id == ticket.id, Mailed.is_unsent)
    return list(db.session.scalars(statement.order_by(Message.id)))


def of(ticket: Ticket, message_id: int) -> Message:
    """A note of this ticket that came by mail. Raises NotFound."""
    found = db.session.get(Message, message_id) if message_id < 2**63 else None
    if found is None or found.ticket_id != ticket.id or not found.is_note or found.mailed is None:
        raise NotFound()
    return found


def send(note: Message, ticket: Ticket, by: User, now: datetime) -> Message:
    """Say it to the requester in the name of who wrote it; whoever sends it answers for that. Raises Conflict if it
    was sent already."""
    if not claim(Mailed, Mailed.message_id == note.id, Mailed.is_unsent, is_unsent=False):
        raise Conflict(_("This note was sent already."))
    reply = ticket.reply(note.body, by, now, channel="email", format=note.format)
    if note.author_id != by.id:
        reply.author_id, reply.entered_by_id = note.author_id, by.id
    came = note.mailed
    reply.mailed = Mailed(mail_id=came.mail_id, html=came.html, folded=came.folded, folded_html=came.folded_html,
                          proof=came.proof)
    for kept in note.attachments:
        db.session.add(Attachment(message=reply, file=kept.file, content_id=kept.content_id))
    record("ticket.note_sent", ticket, by, now, message_id=note.id)
    return reply
