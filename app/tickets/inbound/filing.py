"""New tickets from mail: for whom, under which request type, in which team."""

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.customers import caller, customer_of
from app.accounts.models import User
from app.catalogue import queries as catalogue
from app.catalogue.models import RequestType
from app.channels.email.mail import Forwarded
from app.channels.email.settings import mail as settings
from app.core.db import db
from app.core.errors import Invalid
from app.core.markup import clean_text

from .. import actions
from ..actions import Request
from ..models import Attachment, Mailed, Message, Proposal, Ticket
from . import brakes, keeping
from .case import Case


def file(case: Case, requester: User, by: User | None = None) -> Ticket:
    """File the mail as it is."""
    ticket, message = _begin(case, requester, by or requester, keeping.subject_of(case.mail),
                             keeping.body_of(case.mail))
    keeping.hang(case, message, ticket)
    return ticket


def new_customer(case: Case) -> User:
    """The account of a sender who is let in; of one who does not say an address, an account that none belongs to."""
    if case.mail.sender is None:
        return caller(_("No sender"), "", case.now, None)
    return customer_of(case.mail.sender.email, case.mail.sender.name, case.now)


def propose(case: Case, ticket: Ticket) -> None:
    """That a new ticket may belong to another one, which only an agent says."""
    if case.ticket is not None and case.hint:
        db.session.add(Proposal(ticket_id=ticket.id, other_id=case.ticket.id, reason=case.hint))


def file_forwarded(case: Case) -> Ticket:
    """What an agent forwards is the first sender's request, if that is somebody who may have one here; the agent's own
    words are a note. Else it is the agent's request, with a note that names the first sender."""
    first = case.mail.forwarded
    requester = _first_sender(first, case)
    if requester is None:
        ticket = file(case, case.user)
        ticket.note(_("Forwarded by %(agent)s. The first sender was %(name)s <%(email)s>, whom nobody here knows.",
                      agent=case.user.name, name=first.sender.name, email=first.sender.email), None, case.now)
        return ticket
    text = clean_text(first.text)
    with brakes.sparing(requester, case):
        ticket, message = _begin(case, requester, case.user, keeping.subject_of(case.mail, first.subject), text)
    beyond = text[keeping.LONGEST_BODY:]
    db.session.add(Mailed(message_id=message.id, mail_id=case.row.id, html=first.html, folded=beyond, proof=""))
    keeping.attach(message, case.arrival.files)
    _note_of_forwarder(case, ticket)
    keeping.note_losses(case, ticket)
    return ticket


def _note_of_forwarder(case: Case, ticket: Ticket) -> None:
    """What the agent wrote above it. Nobody may vouch for the agent, so it is the desk that says who wrote it."""
    words = keeping.body_of(case.mail)
    if words:
        note = ticket.note(words, None, case.now, channel="email", format="text")
        note.author_id = case.user.id


def _first_sender(first: Forwarded, case: Case) -> User | None:
    """Who wrote first: somebody active here, or on a desk that takes such people in a new customer."""
    known = db.session.scalar(sa.select(User).where(User.email == first.sender.email))
    if known is not None:
        return known if known.is_active and known is not case.user else None
    if settings.unknown_senders != "accept":
        return None
    return customer_of(first.sender.email, first.sender.name, case.now, case.user)


def file_unreadable(case: Case, requester: User, by: User | None = None) -> Ticket:
    """What nobody understood: the mail as it came hangs on a ticket, for a person to look at."""
    words = _("This mail could not be understood. It is attached as it came.")
    ticket, message = _begin(case, requester, by or requester, keeping.subject_of(case.mail), words)
    db.session.add(Mailed(message_id=message.id, mail_id=case.row.id, proof=""))
    db.session.add(Attachment(message=message, file=case.row.file))
    keeping.note_losses(case, ticket)
    return ticket


def _begin(case: Case, requester: User, by: User, subject: str, body: str) -> tuple[Ticket, Message]:
    team = case.row.mailbox.team
    asked = Request(_request_type(case), subject, body[:keeping.LONGEST_BODY], requester, "email",
                    team=team if team is not None and team.is_active else None, format="text")
    ticket, message = actions.begin(asked, by, case.now)
    db.session.flush()
    return ticket, message


def _request_type(case: Case) -> RequestType:
    """The mailbox's own, else the one of the settings, else the first on offer. Raises Invalid when there is none."""
    number, slug = case.row.mailbox.request_type_id, settings.request_type
    wished = [db.session.get(RequestType, number) if number else None, catalogue.by_slug(slug) if slug else None]
    found = [kind for kind in (*wished, *catalogue.on_offer()[:1]) if kind is not None and kind.is_active]
    if not found:
        raise Invalid(_("There is no request type under which mail could be filed."))
    return found[0]
