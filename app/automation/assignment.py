"""Assignment: the desk gives the tickets of a team to its people, by the rule the administrator chose for the team.

Nobody gets a ticket who is absent, whose hands are full, or who asked for it; nor back what they let go of. The people
of the team are locked while one of them is chosen, so that two tickets that land at once see each other's load; the
ticket itself is claimed by a conditional UPDATE. Always the ticket first and the people after it: so no two wait for
each other.
"""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from app.accounts import absences
from app.accounts.models import Membership, Team, User
from app.core.db import db, is_reading
from app.core.events import Event
from app.tickets import queries
from app.tickets.housekeeping import OURS
from app.tickets.models import Ticket, TicketAccess

from . import turns
from .assignment_trust import forget, hours_of, let_go, who_let_go
from .turns import Member

MANUAL = "manual"
NAMING = ("ticket.escalated", "ticket.handed_back", "ticket.moved")
"""Verbs that name the team on a confidential ticket, if only a moment after the event."""
LANDINGS = ("ticket.filed", *NAMING, "ticket.reopened", "ticket.unassigned")


def land(event: Event, ticket: Ticket) -> None:
    """What comes to a team un-owned gets an owner at once, if somebody of the team is there. Reacts to LANDINGS."""
    if ticket.assignee_id is not None or ticket.origin not in OURS or not ticket.is_active:
        return
    team = db.session.get_one(Team, ticket.team_id)
    if team.assignment == MANUAL:
        return
    if event.kind == "ticket.unassigned":
        let_go(event, ticket)
    elif event.kind != "ticket.filed":
        forget(ticket)
    if gives_now(team, event.occurred_at) and not ticket.is_pending and (event.kind in NAMING or _is_named(ticket)):
        _give(ticket, team.assignment, event.occurred_at)


def gives_now(team: Team, at: datetime) -> bool:
    """Whether the desk gives tickets to people of the team at this moment."""
    hours = hours_of(team, at)
    return team.assignment != MANUAL and team.is_active and (hours is None or hours.is_open(at))


def _is_named(ticket: Ticket) -> bool:
    """Whether the whole team may see it."""
    return not ticket.is_confidential or ticket.id in named([ticket.id])


def named(ticket_ids: list[int]) -> set[int]:
    """Those of some confidential tickets on which the team that has them is named."""
    statement = (sa.select(Ticket.id).join(TicketAccess, TicketAccess.ticket_id == Ticket.id)
                 .where(Ticket.id.in_(ticket_ids), TicketAccess.team_id == Ticket.team_id))
    return set(db.session.scalars(statement))


def reassign(ticket: Ticket, at: datetime, leaving: int | None = None) -> bool:
    """Give it to somebody else of its team than who has it (and than `leaving`, a user's id), by the team's rule or to
    the least loaded; also outside the team's hours. False where there is nobody else, or it has ended."""
    team = db.session.get_one(Team, ticket.team_id)
    mode = "least_loaded" if team.assignment == MANUAL else team.assignment
    if not ticket.is_active or not _is_named(ticket):
        return False
    return _give(ticket, mode, at, (ticket.assignee_id, leaving))


def _give(ticket: Ticket, mode: str, at: datetime, but: Collection[int | None] = ()) -> bool:
    members = crew(ticket.team_id, at)
    barred = who_let_go([ticket.id], ticket.team_id).get(ticket.id)
    chosen = turns.choose(members, mode, (*but, barred, ticket.requester_id))
    return chosen is not None and hand(ticket, chosen, members, mode, at) is not members


def hand(ticket: Ticket, to: Member, members: list[Member], mode: str, at: datetime) -> list[Member]:
    """Give a ticket to one of the members, who stand in another order afterwards; the same ones if it was not given."""
    if not ticket.entrust(db.session.get_one(User, to.user_id), at, by_rule=mode):
        return members
    after = turns.given(members, to.user_id, at)
    moved = next(member for member in after if member.user_id == to.user_id)
    held = sa.update(Membership).where(Membership.team_id == ticket.team_id, Membership.user_id == to.user_id)
    db.session.execute(held.values(assigned_at=at, place=moved.place),
                       execution_options={"synchronize_session": False})
    return after


def crew(team_id: int, at: datetime) -> list[Member]:
    """The active people of a team as they stand now; locked until the commit unless this only reads."""
    if not is_reading():
        _lock(team_id)
    active = sa.and_(queries.is_active(), Ticket.status != sa.literal_column("'pending'"))
    load = sa.select(sa.func.count()).where(Ticket.assignee_id == Membership.user_id, active).scalar_subquery()
    statement = sa.select(Membership.user_id, Membership.weight, Membership.capacity, load, Membership.assigned_at,
                          Membership.place)
    rows = db.session.execute(statement.join(Membership.user).where(Membership.team_id == team_id, User.is_active)
                              .order_by(Membership.user_id))
    return [Member(*row, not absences.is_absent(row.user_id, at)) for row in rows]


def _lock(team_id: int) -> None:
    """On PostgreSQL; SQLite's one writer is alone. A statement of its own: what waits for the lock must not count the
    loads as they were before it waited. Not against filing, which only refers to these rows."""
    db.session.execute(
        sa.select(User.id).join(Membership).where(Membership.team_id == team_id, User.is_active)
        .order_by(User.id).with_for_update(of=User, key_share=True))
