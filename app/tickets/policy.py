"""Who may do what to a ticket they see. One page: permission -> questions that must all be answered yes.

Rights say what a person is to a ticket; whether its state allows the thing is the verb's own answer (409, with a
sentence), so that a double click is harmless. `offers` asks both: what a page shows as possible.
"""

from typing import Any

from app.accounts.policy import is_administrator, is_agent
from app.accounts.roles import has_permission
from app.channels.ways import asks_if_on
from app.core import clock
from app.core.policy import any_of, may, none_of, rules, signed_in

from .models import Ticket


def is_requester(person: Any, ticket: Ticket) -> bool:
    return ticket.requester_id == person.id


def takes_part(person: Any, ticket: Ticket) -> bool:
    """Requester, who filed it for them, or a watcher: those who may speak from the outside."""
    return person.id in (ticket.requester_id, ticket.filed_by_id) or watches(person, ticket)


def watches(person: Any, ticket: Ticket) -> bool:
    return any(watch.user_id == person.id for watch in ticket.watches)


def works_on(person: Any, ticket: Ticket) -> bool:
    """An agent of the ticket's team, or its assignee; on a confidential ticket only if named."""
    if is_requester(person, ticket):
        return False
    in_charge = ticket.team_id in person.team_ids or ticket.assignee_id == person.id
    return in_charge and (not ticket.is_confidential or is_named(person, ticket))


def handed_over(person: Any, ticket: Ticket) -> bool:
    """An agent of a team that escalated this ticket: keeps seeing it, may add to it."""
    if is_requester(person, ticket) or (ticket.is_confidential and not is_named(person, ticket)):
        return False
    return any(h.kind == "escalation" and h.from_team_id in person.team_ids for h in ticket.handovers)


def is_named(person: Any, ticket: Ticket) -> bool:
    """Assigned to it, or named on it, oneself or a team of one's own."""
    if ticket.assignee_id == person.id:
        return True
    return any(access.user_id == person.id or access.team_id in person.team_ids for access in ticket.accesses)


def is_read_by_more(ticket: Ticket, other: Ticket) -> bool:
    """Whether somebody is named on a confidential ticket who is not named on the other one."""
    teams = {access.team_id for access in other.accesses if access.team_id}
    people = [access.user for access in ticket.accesses if access.user] + [ticket.assignee] * bool(ticket.assignee)
    return any(access.team_id not in teams for access in ticket.accesses if access.team_id) or not all(
        is_named(person, other) for person in people)


def administers(person: Any, ticket: Ticket) -> bool:
    """The administrator, except where the content is confidential; nobody is staff to an own request."""
    return is_administrator(person, ticket) and not ticket.is_confidential and not is_requester(person, ticket)


def leads_it(person: Any, ticket: Ticket) -> bool:
    return ticket.team_id in person.led_team_ids and not is_requester(person, ticket)


def leads_team(person: Any, team: Any) -> bool:
    return team.id in person.led_team_ids


def named_outside(person: Any, ticket: Ticket) -> bool:
    """Named on a confidential ticket without working in its team."""
    return ticket.is_confidential and not is_requester(person, ticket) and is_named(person, ticket)


staff = any_of(works_on, handed_over, administers, named_outside)
in_charge = any_of(works_on, administers)


def reads_notes(person: Any, ticket: Ticket) -> bool:
    """Notes are for agents: not for requesters, watchers from outside, or managers."""
    return staff(person, ticket)


def is_open_to_its_team(person: Any, ticket: Ticket) -> bool:
    """Not confidential: what was said on it may go into an article."""
    return not ticket.is_confidential


def is_merged(person: Any, ticket: Ticket) -> bool:
    return ticket.is_merged


def was_worked_on(person: Any, ticket: Ticket) -> bool:
    return ticket.status not in ("new", "cancelled") and not ticket.is_merged


def is_active(person: Any, ticket: Ticket) -> bool:
    return ticket.is_active


def is_pending(person: Any, ticket: Ticket) -> bool:
    return ticket.is_pending


def can_be_told(person: Any, ticket: Ticket) -> bool:
    return ticket.status not in ("closed", "cancelled")


def may_be_reopened(person: Any, ticket: Ticket) -> bool:
    return ticket.can_reopen(clock.now())


def is_resolved(person: Any, ticket: Ticket) -> bool:
    return ticket.status == "resolved"


def was_handed_over(person: Any, ticket: Ticket) -> bool:
    return ticket.is_active and ticket.escalated_by_team is not None


def is_free(person: Any, ticket: Ticket) -> bool:
    return ticket.assignee_id is None


def answers_for_teams(person: Any, subject: Any) -> bool:
    """Leads, managers, administrators: who may read what requesters thought of others' work."""
    return has_permission(person, "kpi.read")


def files_for_others(person: Any, ticket: Any) -> bool:
    """Writes down what others ask for: by their page, on the telephone, at the desk."""
    return may(person, "ticket.file_for_others")


rules({
    "ticket.file": [signed_in, any_of(asks_if_on("web"), files_for_others)],
    "ticket.read": [signed_in],
    "ticket.read_notes": [reads_notes],
    "ticket.answer": [takes_part],
    "ticket.reply": [staff],
    "ticket.log_call": [staff, files_for_others],
    "ticket.note": [staff],
    "ticket.take": [works_on],
    "ticket.assign": [any_of(in_charge, leads_it)],
    "ticket.change": [in_charge],
    "ticket.hold": [in_charge],
    "ticket.resume": [in_charge],
    "ticket.escalate": [in_charge],
    "ticket.hand_back": [in_charge],
    "ticket.move": [in_charge],
    "ticket.tell_lead": [staff],
    "ticket.resolve": [in_charge],
    "ticket.reopen": [any_of(takes_part, in_charge)],
    "ticket.confirm": [is_requester],
    "ticket.rate": [is_requester],
    "rating.read": [answers_for_teams],
    "ticket.cancel": [any_of(is_requester, in_charge)],
    "ticket.tag": [staff],
    "ticket.watch": [signed_in],
    "ticket.add_watcher": [staff],
    "ticket.announce": [in_charge, is_open_to_its_team],
    "known_issue.join": [signed_in],
    "ticket.link": [staff],
    "ticket.link_article": [staff],
    "ticket.write_article": [staff, any_of(is_agent, is_administrator), is_open_to_its_team],
    "ticket.merge": [in_charge],
    "ticket.unmerge": [in_charge],
    "ticket.split": [staff, files_for_others],
    "reply.choose": [any_of(is_agent, is_administrator)],
    "reply.set_checklist": [any_of(leads_team, is_administrator)],
    "mail.decide": [any_of(is_agent, is_administrator)],
    "call.phone": [files_for_others, asks_if_on("phone")],
    "call.walk_in": [files_for_others, asks_if_on("walk_in")],
})

OFFERED = {
    "ticket.reply": [can_be_told],
    "ticket.log_call": [can_be_told],
    "ticket.take": [is_active, is_free],
    "ticket.assign": [is_active],
    "ticket.hold": [is_active, none_of(is_pending)],
    "ticket.resume": [is_pending],
    "ticket.escalate": [is_active],
    "ticket.hand_back": [was_handed_over],
    "ticket.move": [is_active],
    "ticket.tell_lead": [is_active],
    "ticket.resolve": [is_active],
    "ticket.reopen": [may_be_reopened],
    "ticket.confirm": [is_resolved],
    "ticket.cancel": [is_active],
    "ticket.merge": [is_active],
    "ticket.unmerge": [is_merged],
    "ticket.split": [],
    "ticket.change": [],
    "ticket.note": [],
    "ticket.tag": [],
    "ticket.link": [],
    "ticket.add_watcher": [],
    "ticket.announce": [is_active],
    "ticket.link_article": [],
    "ticket.write_article": [was_worked_on],
}
"""What the state of the ticket must be for a thing to be offered."""


def is_offered(person: Any, permission: str, ticket: Ticket) -> bool:
    """Whether this person may do it and the state of the ticket allows it."""
    return all(question(person, ticket) for question in OFFERED.get(permission, [])) and may(person, permission, ticket)


def offers(person: Any, ticket: Ticket) -> set[str]:
    """What this person can do to this ticket as it stands: the last words of the permissions."""
    return {permission.removeprefix("ticket.") for permission in OFFERED if is_offered(person, permission, ticket)}
