"""Which absences a person may look at, for whom one may announce them, and who could stand in."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, lazyload, selectinload

from app.core.db import db, is_reading
from app.core.errors import NotFound

from .absence_checks import answers_for
from .absence_models import Absence, Deputy
from .models import Department, Membership, Team, User, below
from .policy import is_of_the_house, plans_for

MOST_PEOPLE = 300
"""As many names as a list to choose from holds."""


def visible_to(person: Any) -> sa.Select:
    """Own ones, those of the own teams and of the departments headed, and those in which one stands in; an
    administrator sees all, a customer none."""
    statement = sa.select(Absence).options(
        joinedload(Absence.user),
        selectinload(Absence.deputies).joinedload(Deputy.deputy).options(lazyload(User.memberships)))
    if not is_of_the_house(person, None):
        return statement.where(sa.false())
    if person.is_administrator:
        return statement
    named = sa.select(Deputy.absence_id).where(Deputy.deputy_id == person.id)
    return statement.where(sa.or_(Absence.user_id.in_(_around(person)), Absence.id.in_(named)))


def _around(person: User) -> sa.Select:
    """Oneself, the people of the own teams, and those of the departments headed."""
    mates = sa.select(Membership.user_id).where(Membership.team_id.in_(person.team_ids))
    return sa.select(User.id).where(sa.or_(
        User.id == person.id, User.id.in_(mates), User.department_id.in_(below(person.id))))


def by_id(person: Any, absence_id: int) -> Absence:
    """One that this person may look at, locked where it may be changed. Raises NotFound for any other."""
    statement = visible_to(person).where(Absence.id == (absence_id if absence_id < 2**31 else 0))
    if not is_reading():
        statement = statement.with_for_update(of=Absence)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound()
    return found


def somebody(person: Any, user_id: int) -> User:
    """Whose absences this person may announce. Raises NotFound for anybody else."""
    found = db.session.get(User, user_id) if user_id < 2**31 else None
    if found is None or found.is_customer or not found.is_active or not is_of_the_house(person, None) \
            or not plans_for(person, found):
        raise NotFound()
    return found


def announced_by(person: User) -> list[User]:
    """Everybody for whom this person may announce an absence, by name; oneself left out."""
    led = sa.select(Membership.user_id).where(Membership.team_id.in_(person.led_team_ids))
    whom = sa.true() if person.is_administrator else sa.or_(User.id.in_(led), User.department_id.in_(below(person.id)))
    return _people(whom, User.id != person.id)


def could_stand_in(person: User) -> dict[str, list[User]]:
    """Kind of work -> whom its list of deputies offers, by name. What the choice lacks is said when it is made."""
    return {kind: _people(whom, User.id != person.id) for kind, whom in _offered(person).items()}


def _offered(person: User) -> dict[str, Any]:
    mates = User.id.in_(sa.select(Membership.user_id).where(Membership.team_id.in_(person.team_ids)))
    near = sa.or_(mates, User.is_administrator, User.id.in_(_heads_above(person)))
    offered = {"approvals": sa.or_(near, User.department_id == person.department_id)}
    if person.is_agent:
        offered["tickets"] = sa.or_(mates, User.is_administrator)
    if person.is_lead or person.is_manager:
        working = sa.select(Membership.user_id).join(Team, Team.id == Membership.team_id).where(answers_for(person))
        offered["escalations"] = sa.or_(near, User.id.in_(working))
    return {kind: offered[kind] for kind in ("tickets", "escalations", "approvals") if kind in offered}


def _heads_above(person: User) -> sa.Select:
    """The heads of the person's department and of the departments above it and above those headed."""
    start = [person.department_id, *person.headed_department_ids]
    tree = sa.select(Department.id, Department.parent_id).where(Department.id.in_(start)).cte("up", recursive=True)
    tree = tree.union(sa.select(Department.id, Department.parent_id).where(Department.id == tree.c.parent_id))
    return sa.select(Department.head_id).where(Department.id.in_(sa.select(tree.c.id)))


def _people(*conditions: Any) -> list[User]:
    statement = (sa.select(User).where(User.is_active, ~User.is_customer, *conditions)
                 .order_by(User.name, User.id).limit(MOST_PEOPLE).options(lazyload(User.memberships)))
    return list(db.session.scalars(statement))


def counting_on(person: User, since: datetime, until: datetime) -> list[Absence]:
    """Absences of others in [since, until) in which this person is named as a deputy."""
    statement = (sa.select(Absence).join(Deputy).where(
        Deputy.deputy_id == person.id, Absence.cancelled_at.is_(None), Absence.starts_at < until,
        Absence.ends_at > since).distinct().order_by(Absence.starts_at, Absence.id))
    return list(db.session.scalars(statement.options(joinedload(Absence.user).options(lazyload(User.memberships)))))
