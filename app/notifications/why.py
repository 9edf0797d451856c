"""Why did I get this: one sentence at the foot of each mail, from what its reader is to the ticket."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.absences import stands_in_for
from app.accounts.models import User
from app.core.events import Event
from app.tickets import policy
from app.tickets.models import Ticket

from .audience import name_of

OF_DIGEST = _l("You get this because these requests are for you or your team to see to, or you follow them.")
OF_AUDIENCE = {
    "assigned": _l("You get this because the request was assigned to you."),
    "mentioned": _l("You get this because you were mentioned."),
    "head_told": _l("You get this because this deadline was escalated to you."),
    "deputies": _l("You get this because it is your absence, or you stand in."),
    "returned": _l("You get this because your absence is over."),
    "affected": _l("You get this because you said that you have it too."),
    "article_owner": _l("You get this because the article is yours, or you stand in for its owner."),
}
"""Where it is the same for everybody who is told but the requester."""


def _stands_in(to: User, ticket: Ticket, event: Event) -> bool:
    return ticket.assignee_id in stands_in_for(to.id, "tickets", event.recorded_at)


BY_PLACE: list[tuple[Callable[[User, Ticket, Event], bool], Any]] = [
    (lambda to, ticket, event: ticket.assignee_id == to.id, _l("You get this because you are its assignee.")),
    (lambda to, ticket, event: name_of(event) in ("lead_told", "timers", "rated_low")
     and ticket.team_id in to.led_team_ids, _l("You get this because you lead the team %(team)s.")),
    (_stands_in, _l("You get this because you stand in for %(assignee)s, who is its assignee.")),
    (lambda to, ticket, event: ticket.team_id in to.team_ids,
     _l("You get this because you work in the team %(team)s.")),
    (lambda to, ticket, event: policy.watches(to, ticket), _l("You get this because you watch it.")),
    (lambda to, ticket, event: ticket.filed_by_id == to.id, _l("You get this because you filed it for somebody.")),
]
"""The first that is true; nobody is told who is none of these, but rights change and mail waits."""


def why(to: User, ticket: Ticket, event: Event) -> str:
    """In the language in force."""
    if ticket.requester_id == to.id:
        return _("You get this because you asked for it.")
    if name_of(event) in OF_AUDIENCE:
        return str(OF_AUDIENCE[name_of(event)])
    found = next((sentence for question, sentence in BY_PLACE if question(to, ticket, event)),
                 _l("You get this because you had to do with it."))
    return str(found) % {"team": ticket.team.title, "assignee": ticket.assignee.name if ticket.assignee else ""}
