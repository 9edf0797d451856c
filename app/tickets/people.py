"""Finding a person by what an agent types: an address, a name, or a part of one."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, lazyload

from app.accounts.models import User
from app.core.db import db

from .filter import contains

MOST_FOUND = 10


def found(text: str) -> list[User]:
    """Whom a text means: the one with this address, else those of this very name, else those whose name holds it."""
    exact = _people(User.email == text.lower()) or _people(User.name == text)
    return exact or _people(contains(User.name, text))


def _people(condition: sa.ColumnElement[bool]) -> list[User]:
    statement = (sa.select(User).where(User.is_active, condition).order_by(User.name, User.id).limit(MOST_FOUND + 1)
                 .options(joinedload(User.department), lazyload(User.memberships)))
    return list(db.session.scalars(statement))


def described(user: User) -> str:
    """Enough to tell two of the same name apart."""
    return ", ".join(part for part in (user.name, user.email, user.department.title if user.department else "") if part)
