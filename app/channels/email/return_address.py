"""Where an answer to a mail comes back to: a mailbox that is read, or none."""

from email.utils import parseaddr

import sqlalchemy as sa

from app.core.db import db
from app.core.relay import relay

from .models import InboundMail, Mailbox
from .own import is_among


def mailbox_for(ticket_id: int, team_id: int | None) -> Mailbox | None:
    """The mailbox in which the ticket's newest mail came, else its team's, else the desk's own; one that is read."""
    return _of_newest_mail(ticket_id) or _of_team_or_desk(team_id)


def _of_newest_mail(ticket_id: int) -> Mailbox | None:
    came = (sa.select(Mailbox).join(InboundMail, InboundMail.mailbox_id == Mailbox.id)
            .where(InboundMail.ticket_id == ticket_id, InboundMail.state == "taken")
            .order_by(InboundMail.id.desc()).limit(1))
    found = db.session.scalar(came)
    return found if found is not None and found.is_active else None


def _of_team_or_desk(team_id: int | None) -> Mailbox | None:
    """The desk's own is that of the sender's address, else the first that belongs to no team."""
    active = list(db.session.scalars(sa.select(Mailbox).where(Mailbox.is_active).order_by(Mailbox.id)))
    sender = parseaddr(relay.sender)[1].lower()
    found = ([box for box in active if box.team_id is not None and box.team_id == team_id]
             + [box for box in active if box.address.lower() == sender]
             + [box for box in active if box.team_id is None])
    return found[0] if found else None


def is_own(address: str) -> bool:
    """Whether mail to this address would come back to the desk itself, also while its mailbox is switched off."""
    taken = db.session.execute(sa.select(Mailbox.address, Mailbox.aliases)).all()
    return is_among(address.lower(), frozenset(name.lower() for box, aliases in taken for name in (box, *aliases)))
