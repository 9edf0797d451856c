"""The workload board of a team: who carries what, against what they can carry, and who is away.

Cards are tickets in the order of the queue. A column shows the first ones; its counts stop at a cap. Three statements,
however many people and tickets there are: each column reads from the index of its person's queue and stops.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, lazyload

from app.accounts import absences
from app.accounts.absences import Away
from app.accounts.models import Membership, Team, User
from app.core.db import db
from app.core.errors import Conflict, Invalid

from . import queries, queues
from .models import Ticket

CARDS = 25
CAP = 200
SOON = timedelta(hours=24)


@dataclass
class Column:
    """One person of the team, or nobody (`person` is None): what they carry here."""

    person: User | None
    membership: Membership | None = None
    away: Away | None = None
    carried: int = 0
    """Active tickets of this team, counted to just beyond the cap."""
    overdue: int = 0
    soon: int = 0
    """Due within a day."""
    elsewhere: int = 0
    """Active tickets of other teams."""
    cards: list[Any] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What a form calls this column: the person's id, '' for nobody."""
        return str(self.person.id) if self.person else ""

    @property
    def capacity(self) -> int | None:
        return self.membership.capacity if self.membership else None

    @property
    def is_full(self) -> bool:
        """Whether this person carries as many tickets as the desk would give them, or more."""
        return self.capacity is not None and self.carried >= self.capacity

    @property
    def hidden(self) -> bool:
        return self.carried > len(self.cards)


def columns(viewer: User, team: Team, now: datetime) -> list[Column]:
    """Nobody first, then the team by name; what the viewer may not see of its tickets is neither shown nor counted."""
    members = _members(team)
    found = [Column(None), *(Column(held.user, held, absences.away(held.user_id, now)) for held in members)]
    here = sa.and_(queries.sees_in_team(viewer, team.id), queries.is_active())
    _count(found, here, viewer, team, now)
    _deal(found, here)
    return found


def _members(team: Team) -> list[Membership]:
    statement = (sa.select(Membership).join(Membership.user).where(Membership.team_id == team.id, User.is_active)
                 .order_by(User.name, User.id).options(joinedload(Membership.user).options(lazyload(User.memberships))))
    return list(db.session.scalars(statement))


def _held_by(column: Column) -> Any:
    return Ticket.assignee_id == column.person.id if column.person else Ticket.assignee_id.is_(None)


def _count(found: list[Column], here: Any, viewer: User, team: Team, now: datetime) -> None:
    """All counts of all columns in one statement."""
    elsewhere = sa.and_(queries.sees(viewer), queries.is_active(), Ticket.team_id != team.id)
    asked = []
    for column in found:
        held = sa.and_(here, _held_by(column))
        due = sa.and_(held, Ticket.due_at >= now, Ticket.due_at < now + SOON)
        others = sa.and_(elsewhere, _held_by(column)) if column.person else sa.false()
        asked += [_capped(held), _capped(sa.and_(held, Ticket.due_at < now)), _capped(due), _capped(others)]
    counts = iter(db.session.execute(sa.select(*(each.label(f"n{i}") for i, each in enumerate(asked)))).one())
    for column in found:
        column.carried, column.overdue, column.soon, column.elsewhere = (next(counts) for _each in range(4))


def _capped(condition: Any) -> Any:
    some = sa.select(Ticket.id).where(condition).limit(CAP + 1).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


def _deal(found: list[Column], here: Any) -> None:
    """The first cards of each column, in the order of the queue, all in one statement."""
    tops = [sa.select(Ticket.id.label("id")).where(here, _held_by(column))
            .order_by(Ticket.queue_at, Ticket.id).limit(CARDS).subquery() for column in found]
    chosen = sa.union_all(*(sa.select(top.c.id) for top in tops))
    rows = db.session.execute(queues.rows(Ticket.id.in_(chosen)).add_columns(Ticket.assignee_id, Ticket.version)
                              .order_by(Ticket.queue_at, Ticket.id))
    by_person = {column.person.id if column.person else None: column for column in found}
    for row, assignee_id, _version in rows:
        if assignee_id in by_person:
            by_person[assignee_id].cards.append(row)


def move(ticket: Ticket, to: User | None, was: str, by: User, now: datetime) -> None:
    """Give a ticket from one column to another. `was` is the key of the column it was seen in: whoever looks at an old
    board does not take away what somebody else gave meanwhile. Raises Conflict then, Invalid for strangers."""
    if str(ticket.assignee_id or "") != was:
        raise Conflict(_("Somebody moved ticket %(number)s meanwhile. The board shows how it is now.",
                         number=ticket.number))
    ticket.assign(to, by, now)


def member(team: Team, key: str) -> User | None:
    """The person a form names by the key of a column; None for nobody. Raises Invalid for who is not of the team."""
    if not key:
        return None
    held = next((held for held in _members(team) if str(held.user_id) == key), None)
    if held is None:
        raise Invalid(_("This person does not work in the team."))
    return held.user
