"""One catalogue of what a policy may have done at a share of a target, and the reaction that does it.

All of it happens in the transaction of the announcement, and each share of a clock is announced once; so is this done
once. What cannot be done is written into the history with the reason, and stops nothing of the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.core.db import db
from app.core.errors import DeskError
from app.core.events import Event, record
from app.tickets.models import Ticket

from . import changes, escalation, telling
from .asked import acts_of


@dataclass(frozen=True)
class Act:
    """Function(event, ticket, act) that returns why it did nothing, and the kind of event that tells of that."""

    do: Callable[[Event, Ticket, dict[str, Any]], str | None]
    left_out: str


ACTS = {
    **dict.fromkeys(telling.TELLING, Act(telling.look, "automation.telling_left_out")),
    "tell_head": Act(telling.tell_head, "automation.telling_left_out"),
    "escalate_level": Act(escalation.escalate_level, "automation.escalation_left_out"),
    "reassign": Act(changes.reassign, "automation.reassignment_left_out"),
    "raise_priority": Act(changes.raise_priority, "automation.priority_left_out"),
    "add_tag": Act(changes.add_tag, "automation.act_left_out"),
    "add_note": Act(changes.add_note, "automation.act_left_out"),
}
UNKNOWN = Act(lambda event, ticket, act: "unknown", "automation.act_left_out")


def act(event: Event, ticket: Ticket) -> None:
    """Do what the announcement asks for, in its order, or write down why not."""
    db.session.flush()
    for asked in acts_of(event):
        _guarded(ACTS.get(asked["action"], UNKNOWN), event, ticket, asked)


def _guarded(one: Act, event: Event, ticket: Ticket, asked: dict[str, Any]) -> None:
    """Whatever an act that is refused half-way has changed is undone."""
    about = {"act": asked["action"], "target": event.data["target"]}
    try:
        with db.session.begin_nested():
            about["why"] = one.do(event, ticket, asked)
    except DeskError as refusal:
        about |= {"why": "refused", "reason": refusal.message}
    if about["why"] is not None:
        record(one.left_out, ticket, at=event.recorded_at, **about)
