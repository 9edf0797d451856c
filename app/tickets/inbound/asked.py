"""What an agent asked for a held mail, done when it is taken in: by then the agent may have lost the right."""

from collections.abc import Callable

from flask_babel import gettext as _

from app.accounts.models import User
from app.channels.email.reasons import Outcome
from app.core.db import db
from app.core.errors import NotAllowed
from app.core.policy import may

from .. import actions
from ..models import Message, Ticket
from . import ccs, filing, keeping
from .case import Case


def let_in(case: Case) -> Outcome:
    """File it for its sender, who becomes a customer; what names no single sender is the agent's own request."""
    agent = db.session.get_one(User, case.row.settled_by_id)
    try:
        requester = _sender(case, agent)
    except NotAllowed as refused:
        return Outcome("switched_off", said=refused.message)
    file = filing.file_unreadable if case.nature == "unreadable" else filing.file
    ticket = file(case, requester, agent)
    return Outcome("let_in", ticket.id)


def added(case: Case) -> Outcome:
    """Add it to the ticket as the words of its sender, who takes part only if an agent says that too."""
    agent, ticket = db.session.get_one(User, case.row.settled_by_id), db.session.get(Ticket, case.row.ticket_id)
    if ticket is None or not may(agent, "ticket.note", ticket):
        return Outcome("stranger", case.row.ticket_id, _("It could not be added to the ticket."))
    try:
        author = _sender(case, agent)
    except NotAllowed as refused:
        return Outcome("switched_off", ticket.id, refused.message)
    ticket = actions.going_on_of(ticket)
    message = _say(ticket, case, author)
    message.entered_by_id = agent.id
    keeping.hang(case, message, ticket)
    ccs.offer(case, ticket, author)
    return Outcome("added", ticket.id)


def _say(ticket: Ticket, case: Case, author: User) -> Message:
    """On what has ended for good it is a note: a follow-up would belong to who wrote, and show them the ticket."""
    about = {"channel": "email", "format": "text"}
    if ticket.is_active or ticket.can_reopen(case.now):
        return ticket.receive(_words(case), author, case.now, **about)
    message = ticket.note(_words(case), None, case.now, **about)
    message.author_id = author.id
    return message


def _sender(case: Case, agent: User) -> User:
    if case.mail.sender is None or case.sender == "ours":
        return agent
    return case.user or filing.new_customer(case)


def _words(case: Case) -> str:
    if case.arrival.unreadable:
        return _("This mail could not be understood. It is attached as it came.")
    return keeping.body_of(case.mail)


ACTS: dict[str, Callable[[Case], Outcome]] = {"let_in": let_in, "added": added}
