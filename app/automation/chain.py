"""Up the chain: who answers for a ticket above its assignee, step by step, and who stands in for whoever is away.

Step 1 are the leads of the team, step 2 is the head of the team's department, each further step the head of the
department above. Nobody is told of what they may not see, and nobody as staff of an own request.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.accounts import absences
from app.accounts.models import Department, Membership, Team, User, by_id
from app.core.db import db
from app.tickets import queries
from app.tickets.models import Ticket

ESCALATIONS = "escalations"
Question = Callable[[User], bool]


@dataclass(frozen=True)
class Told:
    """Somebody who is told, perhaps in place of somebody who is away."""

    person: User
    instead_of: User | None = None


def may_know(ticket: Ticket) -> Question:
    """Whether a person may know of the ticket's timers: who sees the ticket may, but not who asked for it."""
    return lambda person: person.id != ticket.requester_id and queries.is_seen(person, ticket.id)


def stand_in(person: User, kind: str, at: datetime, may: Question) -> Told:
    """The deputy for a kind of work while the person is away; the person, where there is none who may."""
    deputy = by_id(absences.deputy_of(person.id, kind, at))
    if deputy is not None and deputy.is_active and may(deputy):
        return Told(deputy, person)
    return Told(person)


def reached(people: Iterable[User], at: datetime, may: Question, kind: str = ESCALATIONS) -> list[Told]:
    """These people, or their deputies, as far as they may be told."""
    told = (stand_in(person, kind, at, may) for person in people)
    return [one for one in told if may(one.person)]


def leads(team_id: int) -> list[User]:
    """The active leads of a team."""
    leading = sa.select(Membership.user_id).where(Membership.team_id == team_id, Membership.is_lead)
    return list(db.session.scalars(sa.select(User).where(User.id.in_(leading), User.is_active).order_by(User.id)))


def steps(team_id: int) -> list[list[User]]:
    """The people of each step, vacant ones included."""
    heads = (department.head for department in _departments(db.session.get_one(Team, team_id)))
    return [leads(team_id), *([head] if head is not None and head.is_active else [] for head in heads)]


def _departments(team: Team) -> Iterator[Department]:
    """The team's department and those above; a tree that returns to itself ends there."""
    department, seen = team.department, set()
    while department is not None and department.id not in seen:
        seen.add(department.id)
        yield department
        department = department.parent


def at_step(ticket: Ticket, team_id: int, step: int, at: datetime) -> list[Told]:
    """Who is told at a step. Where nobody is there the next one up with somebody is asked; where all are away without
    a deputy, the first of them is told all the same."""
    found = [reached(people, at, may_know(ticket)) for people in steps(team_id)[step - 1:]]
    filled = [told for told in found if told]
    present = [told for told in filled if any(not absences.is_absent(one.person.id, at) for one in told)]
    return next(iter(present or filled), [])


def whole(ticket: Ticket, team_id: int, at: datetime) -> list[Told]:
    """Everybody up the chain."""
    return [one for people in steps(team_id) for one in reached(people, at, may_know(ticket))]
