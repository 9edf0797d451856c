"""What mail asks of an agent, beside the conversation: who wants to be let in, what may belong together, what was not
sent, and that mail to the requester comes back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import render_template

from app.core.db import db
from app.core.policy import may

from ..models import Mailed, Message, Proposal, Ticket, TicketCc
from ..policy import is_offered
from . import ccs, proposals, unsent


@dataclass(frozen=True)
class Asked:
    """What there is to decide on one ticket."""

    ccs: list[TicketCc]
    proposed: Ticket | None
    unsent: list[Message]


def on_ticket(ticket: Ticket, viewer: Any, now: datetime) -> str:
    """Only for the staff; one query where there is nothing to ask."""
    if not may(viewer, "ticket.read_notes", ticket):
        return ""
    has_ccs, has_proposal, has_unsent = db.session.execute(_ANYTHING, {"number": ticket.id}).one()
    asked = Asked(ccs.waiting(ticket) if has_ccs else [], proposals.seen_by(viewer, ticket) if has_proposal else None,
                  unsent.on(ticket) if has_unsent else [])
    if not (asked.ccs or asked.proposed or asked.unsent or ticket.requester.bounced_at):
        return ""
    return render_template("tickets/_mail_panel.html", ticket=ticket, asked=asked,
                           may_merge=may(viewer, "ticket.merge", ticket),
                           may_reply=is_offered(viewer, "ticket.reply", ticket))


_NUMBER = sa.bindparam("number", type_=sa.BigInteger)
_ANYTHING = sa.select(
    sa.exists().where(TicketCc.ticket_id == _NUMBER, TicketCc.state == "waiting"),
    sa.exists().where(Proposal.ticket_id == _NUMBER, Proposal.decided_at.is_(None)),
    sa.exists().where(Message.ticket_id == _NUMBER, Mailed.message_id == Message.id, Mailed.is_unsent),
)
