"""Lists of tickets: what a row shows is read as plain columns, since a list of objects costs five times as much."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Bundle, aliased

from app.accounts.models import Team, User
from app.core import paging
from app.core.db import db
from app.core.errors import NotFound

from . import queries
from .filter import TicketFilter
from .models import Handover, Ticket

COUNT_CAP = 1000
PAGE_SIZE = 50
NEWEST_FIRST = ((Ticket.id, "desc"),)
_requester, _assignee = aliased(User), aliased(User)
_hops = sa.select(sa.func.count(Handover.id)).where(Handover.ticket_id == Ticket.id).scalar_subquery()
_ROW = Bundle(
    "row", Ticket.id, Ticket.subject, Ticket.status, Ticket.priority, Ticket.level, Ticket.team_id,
    Ticket.is_confidential, Ticket.due_at, Ticket.start_by_at, Ticket.queue_at, Ticket.updated_at, Ticket.kind,
    Ticket.request_type_id, Ticket.requester_id, Ticket.filed_at, Ticket.awaits, Ticket.awaits_since,
    Ticket.department_id, Ticket.channel,
    _requester.name.label("requester"), _assignee.name.label("assignee"), _hops.label("hops"), single_entity=True,
)


def rows(*conditions: Any) -> sa.Select:
    """What the rows of a list show, in one query."""
    return (sa.select(_ROW).select_from(Ticket).join(_requester, _requester.id == Ticket.requester_id)
            .outerjoin(_assignee, _assignee.id == Ticket.assignee_id).where(*conditions))


def in_all_teams(person: User) -> Any:
    """What somebody sees of the active tickets of all their teams; read in the order of all queues."""
    one_team = len(person.team_ids) == 1 and not person.is_administrator
    return sa.and_(queries.sees_in_teams(person), queries.is_active() if one_team else queries.is_under_way())


def in_team(person: User, team_id: int) -> Any:
    """What somebody sees of the active tickets of one team."""
    return sa.and_(queries.sees_in_team(person, team_id), queries.is_active())


def assigned_to(person: User) -> Any:
    """Active tickets assigned to this person."""
    return sa.and_(mine(person), queries.is_active())


def escalated_by(person: User) -> Any:
    """What somebody sees of the active tickets their teams escalated."""
    return sa.and_(queries.sees_handed_over(person), queries.is_active())


def listed(condition: Any, wanted: TicketFilter, now: datetime) -> sa.Select:
    """The rows of a list of work that its filter leaves; `condition` says which tickets it is of."""
    return rows(condition, *wanted.conditions(now))


def page(condition: Any, wanted: TicketFilter, mark: str | None, now: datetime) -> paging.Page:
    """One page of a list of work in its filter's order: by itself what is overdue, then what must be started next."""
    return paging.page(listed(condition, wanted, now), wanted.order, mark, PAGE_SIZE)


def first(condition: Any, wanted: TicketFilter, now: datetime, most: int) -> list[Any]:
    """The first rows of a list in its order, for an export."""
    return list(db.session.scalars(_in_order(listed(condition, wanted, now), wanted).limit(most)))


def first_numbers(condition: Any, wanted: TicketFilter, now: datetime, most: int) -> list[int]:
    """The same, their numbers alone."""
    found = sa.select(Ticket.id).where(condition, *wanted.conditions(now))
    return list(db.session.scalars(_in_order(found, wanted).limit(most)))


def _in_order(statement: sa.Select, wanted: TicketFilter) -> sa.Select:
    return statement.order_by(*(column.desc() if way == "desc" else column.asc() for column, way in wanted.order))


def counted(conditions: list[Any]) -> list[int]:
    """How many active tickets meet each condition, none counted beyond the cap; one query."""
    if not conditions:
        return []
    return list(db.session.execute(sa.select(*(_capped(c).label(f"n{i}") for i, c in enumerate(conditions)))).one())


def asked(person: User, ended: bool, mark: str | None) -> paging.Page:
    """One page of a person's own requests, newest first: those under way, or those that ended."""
    state = ~queries.is_active() if ended else queries.is_active()
    return paging.page(rows(queries.asked_by(person), state), NEWEST_FIRST, mark)


def mine(person: User) -> Any:
    """Assigned to this person; an assignee always sees the ticket."""
    return Ticket.assignee_id == person.id


@dataclass(frozen=True)
class Queue:
    """One line of the page of queues."""

    team: Team
    waiting: int


@dataclass(frozen=True)
class Desk:
    """The page of queues: the numbers behind its lines, none above the cap."""

    queues: list[Queue]
    mine: int
    escalated: int


def desk_of(person: User) -> Desk:
    """Every queue this person works in (an administrator: all), each counted to the cap; two queries."""
    teams = queries.teams() if person.is_administrator else queries.teams(Team.id.in_(person.team_ids))
    conditions = [mine(person), queries.sees_handed_over(person), *(queries.sees_in_team(person, t.id) for t in teams)]
    numbers = counted(conditions)
    return Desk([Queue(t, n) for t, n in zip(teams, numbers[2:], strict=True)], numbers[0], numbers[1])


def _capped(condition: Any) -> Any:
    some = sa.select(Ticket.id).where(condition, queries.is_active()).limit(COUNT_CAP + 1).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


def team_of(person: User, slug: str) -> Team:
    """A team whose queue this person may open. Raises NotFound for the teams of others."""
    team = db.session.scalar(sa.select(Team).where(Team.slug == slug))
    if team is None or not (person.is_administrator or team.id in person.team_ids):
        raise NotFound()
    return team


def team_names() -> dict[int, str]:
    """Every team's name in the reader's language, by id."""
    return {team.id: team.title for team in db.session.scalars(sa.select(Team))}
