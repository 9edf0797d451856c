"""What timers change about a ticket: who works on it, its priority, its tags and notes."""

from typing import Any

from flask_babel import gettext as _

from app.accounts import absences
from app.accounts.models import User, by_id
from app.catalogue.vocabulary import IMPACTS, URGENCIES
from app.core.errors import Invalid
from app.core.events import Event, record
from app.tickets import actions, policy
from app.tickets.models import Ticket
from app.tickets.settings import priority_of
from app.tickets.vocabulary import PRIORITIES

from . import assignment, chain
from .asked import standstill


def reassign(event: Event, ticket: Ticket, act: dict[str, Any]) -> str | None:
    """Give the ticket to the person named, or to whom the team's own rule picks; returns why not."""
    why = standstill(ticket)
    if why is None:
        why = _to_named(event, ticket, act["user_id"]) if act.get("user_id") else _by_rule(event, ticket)
    if why is None:
        record("automation.reassigned", ticket, at=event.recorded_at)
    return why


def _by_rule(event: Event, ticket: Ticket) -> str | None:
    given = assignment.reassign(ticket, event.recorded_at, leaving=ticket.assignee_id)
    return None if given else "nobody"


def _to_named(event: Event, ticket: Ticket, user_id: int) -> str | None:
    """Or to the deputy, while that person is away."""
    person = by_id(user_id)
    if person is None:
        return "nobody"
    to = chain.stand_in(person, "tickets", event.recorded_at, lambda deputy: _may_have(deputy, ticket)).person
    if absences.is_absent(to.id, event.recorded_at):
        return "absent"
    if to.id == ticket.assignee_id:
        return "same"
    if to.id == ticket.requester_id:
        raise Invalid(_("Nobody works on an own request."))
    if not _may_see(to, ticket):
        return "refused"
    ticket.assign(to, by=None, at=event.recorded_at)
    return None


def _may_have(person: User, ticket: Ticket) -> bool:
    return ticket.team_id in person.team_ids and person.id != ticket.requester_id and _may_see(person, ticket)


def _may_see(person: User, ticket: Ticket) -> bool:
    """What is confidential the desk opens to nobody by itself whom nobody has named."""
    return not ticket.is_confidential or policy.is_named(person, ticket)


def raise_priority(event: Event, ticket: Ticket, act: dict[str, Any]) -> str | None:
    """One step up, by way of urgency and impact, so that priority and matrix agree; returns why not."""
    why = standstill(ticket)
    if why is not None:
        return why
    to = higher(ticket.impact, ticket.urgency, ticket.priority)
    if to is None:
        return "highest"
    old = ticket.priority
    actions.change_urgency(ticket, *to, by=None, at=event.recorded_at)
    record("automation.priority_raised", ticket, at=event.recorded_at, old=old, new=ticket.priority)
    return None


def higher(impact: str, urgency: str, priority: str) -> tuple[str, str] | None:
    """Impact and urgency, none of them lower, by which the desk's matrix gives the next higher priority that it has;
    rather a higher urgency than a higher impact. None where the matrix has nothing higher."""
    impacts, urgencies = list(IMPACTS), list(URGENCIES)
    reachable = [(up, now) for up in impacts[impacts.index(impact):] for now in urgencies[urgencies.index(urgency):]]
    better = [pair for pair in reachable if priority_of(*pair) < priority]
    return max(better, key=lambda pair: PRIORITIES.index(priority_of(*pair)), default=None)


def add_tag(event: Event, ticket: Ticket, act: dict[str, Any]) -> str | None:
    """A tag that is there already is left as it is."""
    actions.tag(ticket, act["tag"], by=None)
    return None


def add_note(event: Event, ticket: Ticket, act: dict[str, Any]) -> str | None:
    """A note by the desk itself: told to whoever is told of notes."""
    ticket.note(act["text"], by=None, at=event.recorded_at)
    return None
