"""Functional escalation on timers: to the next level, or a reason why not."""

from typing import Any

import sqlalchemy as sa

from app.accounts.models import Team
from app.core.db import db
from app.core.events import Event
from app.tickets.models import Ticket

from .asked import reason, standstill


def escalate_level(event: Event, ticket: Ticket, act: dict[str, Any]) -> str | None:
    """Hand the ticket to the next level; returns why not where that cannot be."""
    why = standstill(ticket)
    if why is not None:
        return why
    to = next_team(ticket)
    if to is None:
        return "no_team"
    ticket.escalate(to, reason(event), by=None, at=event.recorded_at)
    return None


def next_team(ticket: Ticket) -> Team | None:
    """Level 2 of the request type, if that is above; else where the team's escalations go; else the first of the next
    level with the team's speciality. A confidential ticket goes to nobody by itself whom nobody has named."""
    wanted = ticket.request_type.level2_team
    if _takes(wanted, ticket):
        return wanted
    for team in (ticket.team.escalates_to, _alike(ticket)):
        if _takes(team, ticket) and (not ticket.is_confidential or _is_named(team, ticket)):
            return team
    return None


def _takes(team: Team | None, ticket: Ticket) -> bool:
    return team is not None and team.is_active and team.level > ticket.level


def _alike(ticket: Ticket) -> Team | None:
    statement = sa.select(Team).where(
        Team.level == ticket.level + 1, Team.is_active, Team.speciality == ticket.team.speciality)
    return db.session.scalar(statement.order_by(Team.id).limit(1))


def _is_named(team: Team, ticket: Ticket) -> bool:
    return any(access.team_id == team.id for access in ticket.accesses)
