"""The whole mail behind a message, as it came: for the staff, since it also says what was meant for others' eyes."""

from typing import Any

import sqlalchemy as sa

from app.core.access import asks
from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import may
from app.core.sending import sent

from .. import bp, queries
from ..models import Mailed, Message


def _found(person: Any, message_id: int) -> Mailed:
    """The mail of a message on a ticket whose notes this person reads. Raises NotFound for any other."""
    statement = sa.select(Mailed, Message.ticket_id).join(Message, Message.id == Mailed.message_id)
    found = db.session.execute(statement.where(Mailed.message_id == message_id)).first() if message_id < 2**63 else None
    ticket = queries.for_page(person, found.ticket_id) if found is not None else None
    if ticket is None or not may(person, "ticket.read_notes", ticket):
        raise NotFound()
    return found.Mailed


@bp.get("/messages/<int:message_id>/mail")
@asks("ticket.read", of=_found)
def message_mail(mailed):
    return sent(mailed.mail.file)
