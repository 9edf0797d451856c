"""Changing people, teams and departments: what must hold, the event with old and new, and whose sign-ins end."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import db
from app.core.edits import Facts, changes
from app.core.errors import Conflict, Invalid
from app.core.events import record
from app.core.registries import OWN_ADDRESSES

from . import absences, links, sign_in, team_chain
from .models import Department, Membership, Team, User
from .roles import roles_of

PERSON_COLUMNS = ("name", "email", "phone", "department_id", "language", "is_customer", "is_administrator", "is_active")
TEAM_COLUMNS = ("slug", "names", "level", "speciality", "is_active", "department_id", "escalates_to_id", "calendar_id",
                "assignment", "unown_after_seconds")
DEPARTMENT_COLUMNS = ("slug", "names", "parent_id", "head_id")


def person_facts(user: User) -> Facts:
    """What an administrator may change about a person; teams by id, as 'member' or 'lead'."""
    return {name: getattr(user, name) for name in PERSON_COLUMNS} | {
        "teams": {str(m.team_id): _role(m) for m in user.memberships}}


def team_facts(team: Team) -> Facts:
    """What an administrator may change about a team; members by id, with their role and [weight, capacity]."""
    return {name: getattr(team, name) for name in TEAM_COLUMNS} | {
        "members": {str(m.user_id): _role(m) for m in team.memberships},
        "shares": {str(m.user_id): [m.weight, m.capacity] for m in team.memberships}}


def department_facts(department: Department) -> Facts:
    return {name: getattr(department, name) for name in DEPARTMENT_COLUMNS}


def _role(membership: Membership) -> str:
    return "lead" if membership.is_lead else "member"


def create_person(facts: Facts, by: User, now: datetime) -> User:
    """A new account, not yet with a password. The caller commits."""
    user = User(is_active=True, is_customer=False, is_administrator=False, created_at=now, memberships=[])
    _refuse_double(User.email, facts["email"], None, _("There is an account with this e-mail address already."))
    refuse_own_address(facts["email"])
    _refuse_customer_agent(facts)
    _apply_person(user, facts)
    db.session.add(user)
    db.session.flush()
    record("user.created", user, by=by, at=now, name=user.name)
    return user


def change_person(user: User, facts: Facts, by: User, now: datetime) -> None:
    """Raises Conflict or Invalid for what must not be; new rights or none end the person's sign-ins."""
    changed = changes(person_facts(user), facts)
    if not changed:
        return
    _refuse_double(User.email, facts["email"], user.id, _("There is an account with this e-mail address already."))
    if "email" in changed:
        refuse_own_address(facts["email"])
    _refuse_customer_agent(facts)
    _keep_an_administrator(user, facts)
    roles = roles_of(user)
    _apply_person(user, facts)
    db.session.flush()
    record("user.changed", user, by=by, at=now, changes=changed)
    if "is_active" in changed:
        # Whose account is switched off stands in for nobody.
        absences.renew()
    end_what_changed(user, roles, now)


def _apply_person(user: User, facts: Facts) -> None:
    for name in PERSON_COLUMNS:
        setattr(user, name, facts[name])
    held = {m.team_id: m for m in user.memberships}
    user.memberships = [_membership(held.get(int(team_id)), role, team_id=int(team_id))
                        for team_id, role in facts["teams"].items()]


def _membership(held: Membership | None, role: str, **ids: int) -> Membership:
    found = held or Membership(**ids)
    found.is_lead = role == "lead"
    return found


def end_what_changed(user: User, roles: list[str], now: datetime) -> None:
    """Somebody whose roles are no longer these signs in anew; nobody signs in to an account that is switched off."""
    if roles_of(user) != roles:
        sign_in.end_all(user, now, but=user.sign_in_token)
    if not user.is_active:
        sign_in.end_all(user, now)
        links.void_all(user)


def _refuse_double(column: Any, value: str, own_id: int | None, message: str) -> None:
    found = db.session.scalar(sa.select(column.class_.id).where(column == value))
    if found is not None and found != own_id:
        raise Conflict(message)


def refuse_own_address(email: str) -> None:
    """Whoever had the desk's own address could sign in with what is mailed to it. Raises Conflict."""
    if any(is_own(email) for is_own in OWN_ADDRESSES):
        raise Conflict(_("The desk itself is reached at %(email)s, so it cannot be a person's address.", email=email))


def _refuse_customer_agent(facts: Facts) -> None:
    if facts["is_customer"] and (facts["teams"] or facts["is_administrator"]):
        raise Invalid(_("A customer cannot work in a team or administer the desk."))


def _keep_an_administrator(user: User, facts: Facts) -> None:
    """The rows are locked, so that two administrators cannot dismiss each other at the same moment."""
    if facts["is_administrator"] and facts["is_active"]:
        return
    statement = sa.select(User.id).where(User.is_administrator, User.is_active).order_by(User.id).with_for_update()
    if db.session.scalars(statement).all() == [user.id]:
        raise Conflict(_("This is the only administrator. Make somebody else one first."))


def change_team(team: Team, facts: Facts, by: User, now: datetime) -> None:
    """For a new team too. Raises Conflict or Invalid for what must not be."""
    stored = team_facts(team) if team.id else {}
    changed = changes(stored, facts)
    if not changed:
        return
    _refuse_double(Team.slug, facts["slug"], team.id, _("There is a team with this short name already."))
    _keep_a_first_level(team, facts)
    team_chain.refuse_wrong(team.id, facts)
    roles = {m.user_id: roles_of(m.user) for m in team.memberships}
    touched = _people_of(team, facts["members"])
    before = {user: roles.get(user.id) or roles_of(user) for user in touched}
    _apply_team(team, facts)
    db.session.flush()
    record("team.changed", team, by=by, at=now, changes=changed)
    for user, held in before.items():
        db.session.refresh(user, ["memberships"])
        end_what_changed(user, held, now)


def _people_of(team: Team, wanted: dict[str, str]) -> list[User]:
    """Everybody who is in the team now or will be, customers refused."""
    ids = {int(user_id) for user_id in wanted} | {m.user_id for m in team.memberships}
    people = list(db.session.scalars(sa.select(User).where(User.id.in_(ids))))
    if any(user.is_customer and str(user.id) in wanted for user in people):
        raise Invalid(_("A customer cannot work in a team or administer the desk."))
    return people


def _apply_team(team: Team, facts: Facts) -> None:
    for name in TEAM_COLUMNS:
        setattr(team, name, facts[name])
    held = {m.user_id: m for m in team.memberships}
    team.memberships = [_membership(held.get(int(user_id)), role, user_id=int(user_id))
                        for user_id, role in facts["members"].items()]
    for membership in team.memberships:
        membership.weight, membership.capacity = facts["shares"][str(membership.user_id)]
    db.session.add(team)


def _keep_a_first_level(team: Team, facts: Facts) -> None:
    """Without a team of level 1 no request could land anywhere."""
    if facts["level"] == 1 and facts["is_active"]:
        return
    others = sa.exists().where(Team.level == 1, Team.is_active, Team.id != (team.id or 0))
    if not db.session.scalar(sa.select(others)):
        raise Conflict(_("The desk needs an active team of level 1, where requests land."))


def change_department(department: Department, facts: Facts, by: User, now: datetime) -> None:
    """For a new department too. Raises Conflict or Invalid for what must not be, a circle above all."""
    stored = department_facts(department) if department.id else {}
    changed = changes(stored, facts)
    if not changed:
        return
    _refuse_double(Department.slug, facts["slug"], department.id,
                   _("There is a department with this short name already."))
    _refuse_circle(department, facts["parent_id"])
    heads = _heads({department.head_id, facts["head_id"]})
    for name in DEPARTMENT_COLUMNS:
        setattr(department, name, facts[name])
    db.session.add(department)
    db.session.flush()
    record("department.changed", department, by=by, at=now, changes=changed)
    for user, roles in heads.items():
        user.__dict__.pop("headed_department_ids", None)
        end_what_changed(user, roles, now)


def _heads(ids: set[int | None]) -> dict[User, list[str]]:
    people = db.session.scalars(sa.select(User).where(User.id.in_([user_id for user_id in ids if user_id])))
    return {user: roles_of(user) for user in people}


def _refuse_circle(department: Department, parent_id: int | None) -> None:
    """Walk up from the new parent; all rows are locked, so that two moves at once cannot close a circle."""
    rows = db.session.execute(sa.select(Department.id, Department.parent_id).order_by(Department.id).with_for_update())
    above = dict(rows.all())
    while parent_id is not None and department.id is not None:
        if parent_id == department.id:
            raise Invalid(_("A department cannot stand below itself."))
        parent_id = above.get(parent_id)
