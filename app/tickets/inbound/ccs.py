"""Who else is named in a mail: written down, told nothing and shown nothing, until an agent lets them in."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.customers import customer_of
from app.accounts.models import User
from app.channels.email.mail import Address
from app.channels.email.own import is_among, own_addresses
from app.core.db import claim, db
from app.core.errors import Conflict, Invalid, NotFound
from app.core.events import record

from .. import actions, policy
from ..models import Ticket, TicketCc
from .case import Case

MOST = 30
"""Of one mail, and waiting on one ticket: nobody decides about a list of hundreds."""


def name(case: Case, ticket: Ticket) -> None:
    """Write down who is named and neither ours, nor the sender, nor part of the ticket already."""
    known = case.arrival.ours | ({case.mail.sender.email} if case.mail.sender else set())
    named = {one.email: one for one in (*case.mail.to, *case.mail.cc) if not is_among(one.email, known)}
    fresh = _unknown_to(ticket, dict(list(named.items())[:MOST]))
    for one in fresh:
        db.session.add(TicketCc(ticket_id=ticket.id, address=one.email, name=one.name[:200], mail_id=case.row.id,
                                named_at=case.now))
    if fresh:
        record("ticket.cc_named", ticket, None, case.now, addresses=[one.email for one in fresh])


def offer(case: Case, ticket: Ticket, person: User) -> None:
    """Ask an agent whether somebody whose words were added to the ticket takes part from now on."""
    for one in _unknown_to(ticket, {person.email: Address(person.email, person.name)}):
        db.session.add(TicketCc(ticket_id=ticket.id, address=one.email, name=one.name[:200], mail_id=case.row.id,
                                named_at=case.now))


def _unknown_to(ticket: Ticket, named: dict[str, Address]) -> list[Address]:
    if not named:
        return []
    noted = set(db.session.scalars(sa.select(TicketCc.address).where(TicketCc.ticket_id == ticket.id)))
    people = db.session.scalars(sa.select(User).where(User.email.in_(named)))
    inside = {person.email for person in people if policy.takes_part(person, ticket) or policy.staff(person, ticket)}
    return [one for one in named.values() if one.email not in noted | inside][:max(MOST - len(noted), 0)]


def waiting(ticket: Ticket) -> list[TicketCc]:
    """Those an agent has yet to decide about."""
    statement = sa.select(TicketCc).where(TicketCc.ticket_id == ticket.id, TicketCc.state == "waiting")
    return list(db.session.scalars(statement.order_by(TicketCc.id)))


def of(ticket: Ticket, cc_id: int) -> TicketCc:
    """One that is named on this ticket. Raises NotFound."""
    found = db.session.get(TicketCc, cc_id) if cc_id < 2**31 else None
    if found is None or found.ticket_id != ticket.id:
        raise NotFound()
    return found


def approve(cc: TicketCc, ticket: Ticket, by: User, now: datetime) -> None:
    """Let them follow the ticket; who is not known becomes a customer. Raises Conflict if it is decided already."""
    if is_among(cc.address, own_addresses()):
        raise Invalid(_("This is an address of the desk itself."))
    _decide(cc, "approved", by, now)
    actions.watch(ticket, customer_of(cc.address, cc.name, now, by), by, now)


def refuse(cc: TicketCc, ticket: Ticket, by: User, now: datetime) -> None:
    _decide(cc, "refused", by, now)
    record("ticket.cc_refused", ticket, by, now, address=cc.address)


def _decide(cc: TicketCc, state: str, by: User, now: datetime) -> None:
    """Of two who decide at once one does, and the other is told."""
    if not claim(TicketCc, TicketCc.id == cc.id, TicketCc.state == "waiting", state=state, decided_at=now,
                 decided_by_id=by.id):
        raise Conflict(_("Somebody has decided about this address already."))
