"""That a ticket which came by mail may belong to another one: an agent joins them, or says that it stands by itself."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import User
from app.core.db import claim, db
from app.core.errors import Conflict, Invalid, NotFound
from app.core.events import record
from app.core.policy import may

from .. import actions, queries
from ..models import Proposal, Ticket


def seen_by(person: Any, ticket: Ticket) -> Ticket | None:
    """The other ticket as it would be joined, while nobody has decided and if this person may see it."""
    held = db.session.get(Proposal, ticket.id)
    if held is None or held.decided_at is not None:
        return None
    other = db.session.get(Ticket, held.other_id)
    going_on = actions.going_on_of(other)
    return going_on if going_on is not ticket and queries.is_seen(person, going_on.id) else None


def accept(ticket: Ticket, by: User, now: datetime) -> Ticket:
    """Join them: as a duplicate where the other goes on, as a follow-up where it has ended. Returns the other."""
    other = seen_by(by, ticket)
    if other is None:
        raise _decided_or_missing(ticket)
    other = queries.by_number(by, other.id)
    if not may(by, "ticket.note", other):
        raise Invalid(_("You do not work on ticket %(number)s.", number=other.number))
    _decide(ticket, by, now)
    if other.is_active and ticket.is_active:
        actions.merge(ticket, other, by, now)
    else:
        actions.link(ticket, other, "follow_up_of", by)
    return other


def dismiss(ticket: Ticket, by: User, now: datetime) -> None:
    """It stands by itself."""
    if db.session.get(Proposal, ticket.id) is None:
        raise NotFound()
    _decide(ticket, by, now)
    record("ticket.proposal_dismissed", ticket, by, now)


def _decide(ticket: Ticket, by: User, now: datetime) -> None:
    if not claim(Proposal, Proposal.ticket_id == ticket.id, Proposal.decided_at.is_(None), decided_at=now,
                 decided_by_id=by.id):
        raise _decided()


def _decided() -> Conflict:
    return Conflict(_("Somebody has decided about this already."))


def _decided_or_missing(ticket: Ticket) -> Exception:
    held = db.session.get(Proposal, ticket.id)
    return _decided() if held is not None and held.decided_at is not None else NotFound()
