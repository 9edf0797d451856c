"""Lists of tickets: what a row shows is read as plain columns, since a list of objects costs five times as much."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Bundle, aliased

from app.accounts.models import Team, User
from app.catalogue.models import RequestType
from app.core import paging
from app.core.db import db
from app.core.errors import NotFound

from . import queries
from .models import Handover, Ticket

COUNT_CAP = 1000
BY_DEADLINE = ((Ticket.queue_at, "asc"), (Ticket.id, "asc"))
NEWEST_FIRST = ((Ticket.id, "desc"),)
_requester, _assignee = aliased(User), aliased(User)
_hops = sa.select(sa.func.count(Handover.id)).where(Handover.ticket_id == Ticket.id).scalar_subquery()
_ROW = Bundle(
    "row", Ticket.id, Ticket.subject, Ticket.status, Ticket.priority, Ticket.level, Ticket.team_id,
    Ticket.is_confidential, Ticket.due_at, Ticket.start_by_at, Ticket.queue_at, Ticket.updated_at, Ticket.kind,
    Ticket.request_type_id, Ticket.requester_id,
    _requester.name.label("requester"), _assignee.name.label("assignee"), _hops.label("hops"), single_entity=True,
)


def rows(*conditions: Any) -> sa.Select:
    """What the rows of a list show, in one query."""
    return (sa.select(_ROW).select_from(Ticket).join(_requester, _requester.id == Ticket.requester_id)
            .outerjoin(_assignee, _assignee.id == Ticket.assignee_id).where(*conditions))


def page(condition: Any, ticket_filter: Any, mark: str | None) -> paging.Page:
    """One page of a queue: what is overdue, then what must be started next."""
    return paging.page(rows(condition, queries.is_active(), *ticket_filter.conditions()), BY_DEADLINE, mark)


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
    counted = db.session.execute(sa.select(*(_capped(c).label(f"n{i}") for i, c in enumerate(conditions)))).one()
    return Desk([Queue(t, n) for t, n in zip(teams, counted[2:], strict=True)], counted[0], counted[1])


def _capped(condition: Any) -> Any:
    some = sa.select(Ticket.id).where(condition, queries.is_active()).limit(COUNT_CAP + 1).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


def team_of(person: User, slug: str) -> Team:
    """A team whose queue this person may open. Raises NotFound for the teams of others."""
    team = db.session.scalar(sa.select(Team).where(Team.slug == slug))
    if team is None or not (person.is_administrator or team.id in person.team_ids):
        raise NotFound()
    return team


def request_types() -> list[tuple[str, dict[str, str]]]:
    """What the filter of a list offers: slug and names."""
    offered = sa.select(RequestType.slug, RequestType.names).where(RequestType.is_active)
    return [tuple(row) for row in db.session.execute(offered.order_by(RequestType.position, RequestType.id))]


def team_names() -> dict[int, str]:
    """Every team's name in the reader's language, by id."""
    return {team.id: team.title for team in db.session.scalars(sa.select(Team))}
