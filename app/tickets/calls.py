"""A call or a visit, written down: as a new ticket, or on one that there is."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.models import User
from app.catalogue.models import RequestType
from app.channels.way import Way
from app.channels.ways import WAYS
from app.core.errors import Invalid
from app.core.markup import clean_line
from app.core.policy import may

from . import actions, policy
from .actions import Request
from .models import Ticket

SPOKEN = {"phone": "phone", "walk_in": "desk"}
"""Ways in which somebody speaks and an agent writes -> their icons."""
LONGEST_SUBJECT = 200


def ways_of(agent: User) -> list[tuple[str, Way, str]]:
    """Name, way and icon of those that are switched on, for who writes down what others say."""
    return [(name, WAYS[name], icon) for name, icon in SPOKEN.items() if may(agent, f"call.{name}")]


@dataclass
class Call:
    """What was said on which way, and what came of it. `told` is what the agent answered, '' for nothing."""

    channel: str
    who: User
    body: str
    told: str = ""
    is_solved: bool = False
    submission: str | None = None


def take_down(call: Call, kind: RequestType, subject: str, by: User, at: datetime) -> Ticket:
    """File what somebody asked for, and what was answered at once. Raises Invalid where this agent may only file."""
    asked = Request(kind, subject or first_line(call.body), call.body, call.who, call.channel,
                    submission=call.submission)
    ticket = actions.file(asked, by, at)
    if call.told or call.is_solved:
        _answer(ticket, call, by, at)
    return ticket


def log(ticket: Ticket, call: Call, by: User, at: datetime) -> None:
    """Write down on a ticket what somebody said about it, and what they were told."""
    if ticket.status == "resolved" and call.body and not ticket.can_reopen(at):
        raise Invalid(_("It is too late to open this ticket again: please write the call down as a new one."))
    if call.body:
        ticket.hear(call.body, call.who, by, at, call.channel, call.submission)
    _answer(ticket, call, by, at, None if call.body else call.submission)


def _answer(ticket: Ticket, call: Call, by: User, at: datetime, submission: str | None = None) -> None:
    _refuse_stranger(ticket, call, by)
    if call.is_solved and ticket.assignee_id is None and policy.works_on(by, ticket):
        ticket.take(by, at)
    if call.told:
        ticket.tell(call.told, call.who, by, at, call.channel, submission)
    if call.is_solved:
        ticket.resolve(by, at)


def _refuse_stranger(ticket: Ticket, call: Call, by: User) -> None:
    """A request may land where the agent does not work: then others answer it."""
    permission = "ticket.resolve" if call.is_solved else "ticket.reply"
    if not may(by, permission, ticket):
        raise Invalid(_("This lands with %(team)s, where you do not work: you can file it, but neither answer it nor "
                        "solve it.", team=ticket.team.title))


def first_line(body: str) -> str:
    """The subject of what has none."""
    line = clean_line(next((line for line in body.splitlines() if line.strip()), ""))
    return line if len(line) <= LONGEST_SUBJECT else line[:LONGEST_SUBJECT - 1].rstrip() + "…"
