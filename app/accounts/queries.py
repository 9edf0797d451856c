"""Looking up people and teams."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from app.core.db import db, is_reading
from app.core.errors import Invalid, NotFound

from .models import Department, Membership, SignIn, Team, User


def by_email(email: str) -> User | None:
    """The active person with this address, whatever its case."""
    return db.session.scalar(sa.select(User).where(User.email == email.lower(), User.is_active))


def password_of(email: str) -> tuple[int, str | None] | None:
    """Id and password hash of the active account with this address."""
    statement = sa.select(User.id, User.password_hash).where(User.email == email.lower(), User.is_active)
    found = db.session.execute(statement).first()
    return (found.id, found.password_hash) if found else None


def anybody() -> bool:
    """Whether the desk has any user at all; before the first one it can only be set up."""
    return bool(db.session.scalar(sa.select(sa.exists().select_from(User))))


def sign_ins_of(user: User, now: Any) -> list[SignIn]:
    """Where this person is signed in, newest first."""
    statement = (
        sa.select(SignIn)
        .where(SignIn.user_id == user.id, SignIn.ended_at.is_(None), SignIn.expires_at > now)
        .order_by(SignIn.created_at.desc(), SignIn.id.desc())
        .limit(50)
    )
    return list(db.session.scalars(statement))


def own_sign_in(user: User, sign_in_id: int) -> SignIn:
    """One of a person's own sign-ins. Raises NotFound for those of others."""
    found = db.session.get(SignIn, sign_in_id) if sign_in_id < 2**63 else None
    if found is None or found.user_id != user.id:
        raise NotFound()
    return found


def teams() -> list[Team]:
    """All teams with their members, by level."""
    statement = sa.select(Team).order_by(Team.level, Team.id)
    return list(db.session.scalars(statement.options(selectinload(Team.memberships).joinedload(Membership.user))))


def departments() -> list[Department]:
    """All departments with their heads, in the order in which they were made."""
    return list(db.session.scalars(sa.select(Department).order_by(Department.id).options(joinedload(Department.head))))


def tree(found: list[Department]) -> list[tuple[int, Department]]:
    """Departments below their parents, each with its depth."""
    below: dict[int | None, list[Department]] = {}
    for department in found:
        below.setdefault(department.parent_id, []).append(department)
    return list(_branch(below, None, 0))


def _branch(below: dict[int | None, list[Department]], parent_id: int | None, depth: int) -> Iterator[Any]:
    for department in sorted(below.get(parent_id, []), key=lambda one: one.title):
        yield depth, department
        yield from _branch(below, department.id, depth + 1)


def one(model: Any, *conditions: Any) -> Any:
    """The one row, locked against other savers where the database can. Raises NotFound."""
    statement = sa.select(model).where(*conditions)
    if not is_reading():
        statement = statement.with_for_update(of=model)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound()
    return found


def person(user_id: int) -> User:
    return one(User, User.id == _whole(user_id))


def team(slug: str) -> Team:
    return one(Team, Team.slug == slug)


def department(slug: str) -> Department:
    return one(Department, Department.slug == slug)


def _whole(number: int) -> int:
    """Ids beyond the database's integers are nobody's."""
    return number if number < 2**31 else 0


def ids_of(addresses: list[str]) -> list[int]:
    """The people behind e-mail addresses. Raises Invalid naming the first that is nobody's."""
    found = dict(db.session.execute(sa.select(User.email, User.id).where(User.email.in_(addresses))).all())
    unknown = [address for address in addresses if address not in found]
    if unknown:
        raise Invalid(_("Nobody here has the address %(email)s.", email=unknown[0]))
    return list(found.values())


def people_like(text: str) -> sa.Select:
    """People whose name or address contains a text; everybody for an empty one."""
    statement = sa.select(User)
    return statement.where(sa.or_(_contains(User.name, text), _contains(User.email, text))) if text else statement


def _contains(column: Any, text: str) -> Any:
    """SQLite folds the case of Latin letters only, so the usual spellings of a word are tried one by one."""
    spellings = sorted({text, text.lower(), text.upper(), text.title()})
    return sa.or_(*(column.ilike(f"%{_literally(spelling)}%", escape="\\") for spelling in spellings))


def _literally(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
