"""Who was trusted with a ticket and when it has to be begun; who let go of it and does not get it again."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.accounts.models import Team
from app.calendars import queries as calendars
from app.calendars.working_hours import WorkingHours
from app.core.db import db
from app.core.events import Event
from app.tickets.housekeeping import OURS
from app.tickets.models import Ticket

from .models import Trust


def watch(event: Event, ticket: Ticket) -> None:
    """A ticket was given to somebody who did not ask for it: by then it has to be begun. Reacts to ticket.assigned."""
    team, (_old, user_id) = db.session.get_one(Team, ticket.team_id), event.data["changes"]["assignee_id"]
    if team.unown_after_seconds and event.actor_id != user_id and ticket.origin in OURS:
        _keep(ticket, user_id, event.occurred_at, to_be_begun_by(team, event.occurred_at))


def let_go(event: Event, ticket: Ticket) -> None:
    """Somebody gave the ticket back, or it was taken back: the same person does not get it again."""
    _keep(ticket, event.data["changes"]["assignee_id"][0], event.occurred_at, None)


def forget(ticket: Ticket) -> None:
    """The ticket came anew: whoever had it before may have it again."""
    db.session.execute(sa.delete(Trust).where(Trust.ticket_id == ticket.id))


def who_let_go(ticket_ids: list[int], team_id: int) -> dict[int, int]:
    """Ticket -> who had it in this team and does not get it again."""
    statement = sa.select(Trust.ticket_id, Trust.user_id).where(
        Trust.ticket_id.in_(ticket_ids), Trust.team_id == team_id, Trust.unown_at.is_(None))
    return dict(db.session.execute(statement).all())


def to_be_begun_by(team: Team, since: datetime) -> datetime:
    """So much of the team's working time after a moment. Raises NoWorkingTime where too little lies ahead."""
    hours = hours_of(team, since)
    if hours is None:
        return since + timedelta(seconds=team.unown_after_seconds)
    return hours.deadline(since, team.unown_after_seconds)


def hours_of(team: Team, at: datetime) -> WorkingHours | None:
    """When the people of a team work; None: round the clock."""
    return calendars.hours_at(team.calendar_id, at) if team.calendar_id is not None else None


def _keep(ticket: Ticket, user_id: int, since: datetime, unown_at: datetime | None) -> None:
    kept = db.session.get(Trust, ticket.id) or Trust(ticket_id=ticket.id)
    kept.team_id, kept.user_id, kept.since, kept.unown_at = ticket.team_id, user_id, since, unown_at
    db.session.add(kept)
