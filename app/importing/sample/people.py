"""The people of the sample: departments, teams, and everybody with the one password of the demonstration."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.accounts.models import Department, Membership, Team, User
from app.accounts.sign_in import hashed
from app.core.db import db
from app.importing.sample import content_shapes as shapes
from app.importing.sample.ledger import Refused, remember

PASSWORD = "jardam-sample"  # noqa: S105 - it is told to whoever loads the sample
ZONES = {"yekaterinburg": "Asia/Yekaterinburg"}
USUAL_ZONE = "Asia/Bishkek"


@dataclass(frozen=True)
class People:
    """What was made, by the slugs of the data."""

    departments: Mapping[str, Department]
    teams: Mapping[str, Team]
    users: Mapping[str, User]


def password_hash() -> str:
    """One for all: hashing takes time on purpose, so this is done once, and before the transaction."""
    return hashed(PASSWORD)


def settle(organisation: shapes.Organisation, password: str, now: datetime, beside: bool) -> People:
    """Make them all; the caller commits. Beside real people nobody of the sample administers the desk."""
    _refuse_known([person.email for person in organisation.people])
    departments = _departments(organisation)
    teams = _teams(organisation)
    users = {person.slug: _user(person, departments, password, now, beside) for person in organisation.people}
    places = {department.slug: department.place for department in organisation.departments}
    for person in organisation.people:
        users[person.slug].time_zone = ZONES.get(places.get(person.department or "", ""), USUAL_ZONE)
    db.session.add_all(users.values())
    db.session.flush()
    for person in organisation.people:
        for membership in person.teams:
            db.session.add(Membership(team_id=teams[membership.team].id, user_id=users[person.slug].id,
                                      is_lead=membership.lead))
        if person.department_head:
            departments[person.department_head].head_id = users[person.slug].id
    db.session.flush()
    remember(*departments.values(), *teams.values(), *users.values())
    return People(departments, teams, users)


def _refuse_known(emails: list[str]) -> None:
    known = db.session.scalars(sa.select(User.email).where(User.email.in_(emails))).all()
    if known:
        raise Refused(f"this desk has accounts with addresses of the sample: {', '.join(sorted(known))}. "
                      "If they are left over from it, flask sample remove takes them away once nothing uses them.")


def _departments(organisation: shapes.Organisation) -> dict[str, Department]:
    """Parents stand before their children in the data."""
    made: dict[str, Department] = {}
    for wanted in organisation.departments:
        parent = made[wanted.parent].id if wanted.parent else None
        slug = free_slug(Department, wanted.slug)
        made[wanted.slug] = Department(slug=slug, names=vars(wanted.name), parent_id=parent)
        db.session.add(made[wanted.slug])
        db.session.flush()
    return made


def _teams(organisation: shapes.Organisation) -> dict[str, Team]:
    made = {wanted.slug: Team(slug=free_slug(Team, wanted.slug), names=vars(wanted.name), level=wanted.level,
                              speciality=wanted.speciality.en[:120]) for wanted in organisation.teams}
    db.session.add_all(made.values())
    db.session.flush()
    return made


def free_slug(model: type, slug: str) -> str:
    """The slug of the data, marked where the desk has something of its own by that name."""
    taken = db.session.scalar(sa.select(sa.exists().where(model.slug == slug)))
    return f"sample-{slug}" if taken else slug


def _user(person: shapes.Person, departments: Mapping[str, Department], password: str, now: datetime,
          beside: bool) -> User:
    return User(
        name=person.name, email=person.email, password_hash=password, language=person.language,
        department_id=departments[person.department].id if person.department else None,
        is_customer=person.role == "customer", is_administrator=person.role == "administrator" and not beside,
        created_at=now,
    )
