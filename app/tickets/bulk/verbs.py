"""What may be done to several tickets at once: each verb is the ticket's own, with its right, and how it is taken back.

A verb raises Invalid, Conflict or NotAllowed for a ticket it cannot be done to; the others go on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.models import Team, User
from app.core.errors import NotAllowed
from app.core.policy import may

from .. import actions, articles, merging
from ..models import Ticket
from ..routes.states import start_hold
from . import undoing


@dataclass
class Order:
    """What is to be done, as it was said; what a verb does not ask for stays empty."""

    assignee: User | None = None
    team: Team | None = None
    reason: str = ""
    impact: str = ""
    urgency: str = ""
    name: str = ""
    waits_for: str = ""
    until: date | None = None
    body: str = ""
    original: Ticket | None = None


@dataclass(frozen=True)
class Verb:
    """`asks` names the fields of the form it needs, none for what needs no word more; `warns` says what an undo cannot
    take back."""

    label: Any
    icon: str
    permission: str
    do: Callable[[Ticket, Order, User, datetime], None]
    undo: Callable[[Ticket, dict[str, Any], User, datetime], None]
    asks: tuple[str, ...] = ()
    lead: Any = ""
    warns: Any = ""
    shortcut: str = ""
    kind: str = "primary"
    short: Any = ""
    """Its word in the bar, where the label is too long for it."""


def _take(ticket: Ticket, order: Order, by: User, now: datetime) -> None:
    ticket.take(by, now)


def _assign(ticket: Ticket, order: Order, by: User, now: datetime) -> None:
    ticket.assign(order.assignee, by, now)


def _move(ticket: Ticket, order: Order, by: User, now: datetime) -> None:
    ticket.move(order.team, order.reason, by, now)


def _set_priority(ticket: Ticket, order: Order, by: User, now: datetime) -> None:
    actions.change_urgency(ticket, order.impact or ticket.impact, order.urgency or ticket.urgency, by, now)


def _tag(ticket: Ticket, order: Order, by: User, now: datetime) -> None:
    actions.tag(ticket, order.name, by)


def _untag(ticket: Ticket, order: Order, by: User, now: datetime) -> None:
    actions.untag(ticket, order.name.strip().lower(), by)


def _wait(ticket: Ticket, order: Order, by: User, now: datetime) -> None:
    start_hold(ticket, order.waits_for, order.until, now)


def _resolve(ticket: Ticket, order: Order, by: User, now: datetime) -> None:
    """With the same answer to each requester, if there is one."""
    if ticket.status == "resolved":
        return
    if order.body:
        _answer(ticket, order.body, by, now)
    ticket.resolve(by, now)


def _answer(ticket: Ticket, body: str, by: User, now: datetime) -> None:
    if not may(by, "ticket.reply", ticket):
        raise NotAllowed(_("You cannot do this here."))
    articles.refuse_unreadable(ticket, body)
    ticket.reply(body, by, now)
    articles.send(ticket, body, by, now)


def _cancel(ticket: Ticket, order: Order, by: User, now: datetime) -> None:
    ticket.cancel(order.reason, by, now)


def _merge(ticket: Ticket, order: Order, by: User, now: datetime) -> None:
    actions.merge(ticket, order.original, by, now)


def _watch(ticket: Ticket, order: Order, by: User, now: datetime) -> None:
    actions.watch(ticket, by, by, now)


def _take_apart(ticket: Ticket, before: dict[str, Any], by: User, now: datetime) -> None:
    merging.take_apart(ticket, by, now)
    undoing.wait_again(ticket, before, by, now)


TOLD = _l("Their requesters are told at once, and what was sent cannot be taken back.")

VERBS: dict[str, Verb] = {
    "take": Verb(_l("Take"), "user", "ticket.take", _take, undoing.facts, shortcut="t"),
    "assign": Verb(_l("Assign"), "user", "ticket.assign", _assign, undoing.facts, ("assignee",), shortcut="a"),
    "move": Verb(_l("Move to another team"), "arrow-right", "ticket.move", _move, undoing.move, ("team", "reason"),
                 _l("For tickets that came to the wrong team of the same level."),
                 _l("The people of the other team are told."), short=_l("Move")),
    "priority": Verb(_l("Change the priority"), "alert", "ticket.change", _set_priority, undoing.priority,
                     ("impact", "urgency"), _l("The priority follows from impact and urgency."), short=_l("Priority")),
    "tag": Verb(_l("Add a tag"), "plus", "ticket.tag", _tag, undoing.tags, ("name",), short=_l("Tag")),
    "untag": Verb(_l("Remove a tag"), "close", "ticket.tag", _untag, undoing.tags, ("name",), short=_l("Untag")),
    "wait": Verb(_l("Let them wait"), "pause", "ticket.hold", _wait, undoing.facts, ("waits_for", "until"),
                 _l("The requesters see that their tickets wait, and for what."), TOLD, shortcut="h", short=_l("Wait")),
    "resolve": Verb(_l("Resolve"), "check", "ticket.resolve", _resolve, undoing.end, ("body",),
                    warns=TOLD, shortcut="d"),
    "cancel": Verb(_l("Cancel the requests"), "close", "ticket.cancel", _cancel, undoing.end, ("reason",),
                   _l("Nobody works on them any more."), TOLD, kind="danger", short=_l("Cancel")),
    "merge": Verb(_l("Merge into one"), "merge", "ticket.merge", _merge, _take_apart, ("into",),
                  _l("The others are closed as duplicates; answers of their requesters go to the one that is left."),
                  kind="danger", short=_l("Merge")),
    "watch": Verb(_l("Watch"), "eye", "ticket.watch", _watch, undoing.watch),
}
