"""Reports that a mail did not arrive: they mark an address only if they name a mail that we sent there."""

from flask_babel import gettext as _

from app.accounts.models import User
from app.channels.email import references
from app.channels.email.mail import Bounce
from app.channels.email.reasons import Outcome
from app.core.db import claim, db
from app.core.markup import clean_line
from app.core.outbox import OutboxRow

from .. import actions
from ..models import Ticket
from .case import Case


def receive(case: Case) -> Outcome:
    """For good: the address is marked, and the staff of the ticket reads it. For now: nothing."""
    bounce, said = case.mail.bounce, _said(case.mail.bounce)
    person = _written_to(bounce)
    if person is None:
        return Outcome("bounce_elsewhere", said=said)
    ticket = _ticket(bounce)
    if not bounce.is_permanent:
        return Outcome("bounce_for_now", ticket.id if ticket else None, said)
    _mark(person, ticket, case, said)
    return Outcome("bounced", ticket.id if ticket else None, said)


def _written_to(bounce: Bounce) -> User | None:
    """The person to whom the named mail went, if the report is about that person's address."""
    number = references.row_of(bounce.message_id)
    row = db.session.get(OutboxRow, number) if number is not None else None
    person = db.session.get(User, row.payload["user_id"]) if row is not None and "user_id" in row.payload else None
    return person if person is not None and person.email == bounce.recipient.lower() else None


def _ticket(bounce: Bounce) -> Ticket | None:
    number = references.ticket_of(bounce.message_id)
    ticket = db.session.get(Ticket, number) if number is not None else None
    return actions.going_on_of(ticket) if ticket is not None else None


def _mark(person: User, ticket: Ticket | None, case: Case, said: str) -> None:
    """Once: a second report about the same address is no news, so notes about bounces cannot chase each other."""
    news = claim(User, User.id == person.id, User.bounced_at.is_(None), bounced_at=case.now,
                 bounce_reason=said[:300])
    if news and ticket is not None:
        ticket.note(_("Mail to %(name)s <%(email)s> comes back: %(said)s", name=person.name, email=person.email,
                      said=said), None, case.now)
    db.session.expire(person, ["bounced_at", "bounce_reason"])


def _said(bounce: Bounce) -> str:
    return clean_line(f"{bounce.recipient} {bounce.status} {bounce.diagnostic}")[:500]
