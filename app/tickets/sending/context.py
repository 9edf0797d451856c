"""A reply with what its checks may ask about, read from the desk only when they ask."""

import sqlalchemy as sa

from app.accounts.models import User
from app.core.db import db

from .. import articles, policy, queries
from ..models import Message, OutgoingReply, Ticket
from . import checking, language
from .checking import Finding, Reply

LOOKED_AT = 5000
"""Letters of the requester's last message; in which language it is written shows sooner."""


def of(ticket: Ticket, text: str, by: User, has_files: bool, is_last: bool) -> Reply:
    people = articles.outside(ticket)
    return Reply(text, tuple(person.name for person in people), _languages(ticket), has_files, is_last, _is_somebody,
                 lambda number, message: _opens([by, *people], number, message), _colleagues(ticket, by))


def found(ticket: Ticket, text: str, by: User, has_files: bool, is_last: bool) -> list[Finding]:
    """What the checks that this agent wants find."""
    return checking.found(of(ticket, text, by, has_files, is_last), by.checks_off)


def _languages(ticket: Ticket) -> frozenset[str]:
    """In which the requester reads the desk, and in which the last message was written."""
    last = db.session.scalar(
        sa.select(Message.body).where(Message.ticket_id == ticket.id, Message.kind == "incoming")
        .order_by(Message.created_at.desc(), Message.id.desc()).limit(1))
    known = {ticket.requester.language, language.told(checking.masked((last or "")[:LOOKED_AT]))}
    return frozenset(code for code in known if code)


def _is_somebody(name: str) -> bool:
    """As a word of a name; the greeting of a printer is nobody's."""
    like = User.name.contains(name, autoescape=True)
    names = db.session.scalars(sa.select(User.name).where(like, User.is_active).limit(50))
    return any(name in found.split() for found in names)


def _opens(people: list[User], number: int, message_id: int | None) -> bool:
    """A note is for those who read notes. The writer is one of them: of what they may not see themselves they learn
    nothing, as whether their requester asked for it in confidence."""
    if number >= 2**63 or not all(queries.is_seen(person, number) for person in people):
        return False
    kind = db.session.scalar(sa.select(Message.kind).where(Message.id == message_id)) if message_id else None
    ticket = db.session.get(Ticket, number)
    return kind != "note" or all(policy.reads_notes(person, ticket) for person in people)


def _colleagues(ticket: Ticket, by: User) -> tuple[str, ...]:
    """Whose replies are about to leave, so that nobody is answered twice."""
    going_out = (sa.select(User.name).join(OutgoingReply, OutgoingReply.author_id == User.id)
                 .where(OutgoingReply.ticket_id == ticket.id, OutgoingReply.state == "waiting", User.id != by.id))
    return tuple(db.session.scalars(going_out))
