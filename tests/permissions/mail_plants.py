"""Mail that came in: held, on a ticket, and what it asks of agents there."""

import io
from typing import Any

import sqlalchemy as sa

from app.channels.email.keep import keep
from app.channels.email.models import InboundMail, Mailbox
from app.core import clock
from app.core.db import db
from app.tickets.models import Mailed, Proposal, Ticket, TicketCc


def plant(plants: Any, cast: dict[str, Any]) -> None:
    """After the mailbox and the tickets."""
    printer = db.session.get(Ticket, plants.tickets["printer"])
    held, sealed = _mail("held", "stranger", printer.id), _mail("held", "stranger", plants.tickets["sealed"])
    taken = _mail("taken", "unsent", printer.id)
    note = printer.note("A note by mail", None, channel="email", format="text")
    note.author_id = cast["agent"].id
    cc = TicketCc(ticket_id=printer.id, address="ally@elsewhere.example", named_at=clock.now())
    db.session.add_all([Mailed(message_id=note.id, mail_id=taken.id, is_unsent=True), cc,
                        Proposal(ticket_id=printer.id, other_id=plants.tickets["second"], reason="number")])
    db.session.flush()
    plants.things |= {
        "printer-cc": {"number": printer.id, "cc_id": cc.id},
        "printer-unsent": {"number": printer.id, "message_id": note.id}, "printer-mail": {"message_id": note.id},
        "held-mail": {"mail_id": held.id}, "sealed-mail": {"mail_id": sealed.id},
    }


def _mail(state: str, reason: str, ticket_id: int) -> InboundMail:
    mailbox = db.session.scalars(sa.select(Mailbox)).first()
    raw = f"From: stranger@elsewhere.example\r\n\r\n{reason} {ticket_id} {state}\r\n".encode()
    mail = keep(io.BytesIO(raw), mailbox, clock.now()).mail
    mail.state, mail.reason, mail.ticket_id = state, reason, ticket_id
    return mail
