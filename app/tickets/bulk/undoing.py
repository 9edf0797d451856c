"""How one ticket is put back to what it was before a deed. Nothing is wiped out: that it was undone is an event too."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Team, User
from app.core.db import db

from .. import actions
from ..models import Hold, PendingReason, Ticket

FACTS = ("status", "assignee_id", "team_id", "level", "impact", "urgency", "priority")


def snapshot(ticket: Ticket, by: User) -> dict[str, Any]:
    """All that a deed may change of a ticket, as JSON."""
    held = db.session.scalar(sa.select(Hold).where(Hold.ticket_id == ticket.id, Hold.ended_at.is_(None))) \
        if ticket.is_pending else None
    return {
        **{fact: getattr(ticket, fact) for fact in FACTS},
        "tags": [tag.name for tag in ticket.tags],
        "watches": any(watch.user_id == by.id for watch in ticket.watches),
        "named": [access.team_id for access in ticket.accesses if access.team_id] if ticket.is_confidential else [],
        "hold": held and {"reason": held.reason, "until": held.until.isoformat() if held.until else None},
        "turn": [ticket.awaits, ticket.awaits_since and ticket.awaits_since.isoformat()],
    }


def facts(ticket: Ticket, before: dict[str, Any], by: User, now: datetime) -> None:
    """Assignee and status, as they were."""
    ticket.restore({fact: before[fact] for fact in ("status", "assignee_id")}, by, now, **_about(before))


def end(ticket: Ticket, before: dict[str, Any], by: User, now: datetime) -> None:
    """Resolved or cancelled no more: its promises go on as if they had never ended."""
    status = before["status"]
    ticket.revive("new" if status == "new" else "open", by, now, answered=before["answered"], **_about(before))
    wait_again(ticket, before, by, now)


def move(ticket: Ticket, before: dict[str, Any], by: User, now: datetime) -> None:
    """Back to the team it came from, and to whoever had it there."""
    away = ticket.team_id
    ticket.move(db.session.get_one(Team, before["team_id"]), before["reason"], by, now)
    if away not in before["named"]:
        for access in [held for held in ticket.accesses if held.team_id == away and ticket.is_confidential]:
            ticket.accesses.remove(access)
    status = "new" if before["status"] == "new" else "open"
    ticket.restore({"status": status, "assignee_id": before["assignee_id"]}, by, now, **_about(before))
    wait_again(ticket, before, by, now)


def wait_again(ticket: Ticket, before: dict[str, Any], by: User, now: datetime) -> None:
    """For what it waited before, unless that moment has come meanwhile."""
    held = before["hold"]
    if held is None:
        return
    until = datetime.fromisoformat(held["until"]) if held["until"] else None
    if until is None or until > now:
        ticket.hold(db.session.get_one(PendingReason, held["reason"]), by, now, until)


def priority(ticket: Ticket, before: dict[str, Any], by: User, now: datetime) -> None:
    ticket.change({fact: before[fact] for fact in ("impact", "urgency", "priority")}, by, now)


def tags(ticket: Ticket, before: dict[str, Any], by: User, now: datetime) -> None:
    for name in [tag.name for tag in ticket.tags if tag.name not in before["tags"]]:
        actions.untag(ticket, name, by)
    for name in before["tags"]:
        actions.tag(ticket, name, by)


def watch(ticket: Ticket, before: dict[str, Any], by: User, now: datetime) -> None:
    actions.unwatch(ticket, by, by, now)


def give_turn_back(ticket: Ticket, before: dict[str, Any]) -> None:
    """Whose turn it was to speak, and since when; an answer that was sent stays one."""
    if not before["answered"]:
        awaits, since = before["turn"]
        ticket.awaits, ticket.awaits_since = awaits, since and datetime.fromisoformat(since)


def _about(before: dict[str, Any]) -> dict[str, Any]:
    """When what is undone was done: the clocks that stopped then go on."""
    return {"done_at": before["done_at"]}


