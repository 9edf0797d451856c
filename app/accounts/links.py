"""Links that let one person set a password once: an invitation, or a reset that was asked for.

The token is made when the link is composed and handed over; the database holds its hash alone.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.core.db import claim, db
from app.core.events import record

from . import queries
from .models import LinkToken, User
from .sign_in import digest

LIFE = {"invitation": timedelta(hours=72), "reset": timedelta(hours=1)}


def make(user: User, purpose: str, now: datetime) -> str:
    """A link (purpose: invitation or reset); an older unused one of the same purpose is void. The caller commits."""
    token = secrets.token_urlsafe(32)
    db.session.execute(sa.delete(LinkToken).where(
        LinkToken.user_id == user.id, LinkToken.purpose == purpose, LinkToken.used_at.is_(None)))
    db.session.add(LinkToken(token_hash=digest(token), purpose=purpose, user_id=user.id, created_at=now,
                             expires_at=now + LIFE[purpose]))
    return f"{current_app.config['BASE_URL']}/password/{token}"


def find(token: str, now: datetime) -> LinkToken | None:
    """The link if it still works; looking does not use it up (mail scanners look too)."""
    return db.session.scalar(sa.select(LinkToken).join(LinkToken.user).where(*_works(token, now), User.is_active))


def redeem(token: str, now: datetime) -> LinkToken | None:
    """Use the link up; None if it does not work (any more). Of two who try at once one gets it."""
    found = find(token, now)
    if found is None or not claim(LinkToken, *_works(token, now), used_at=now):
        return None
    return found


def _works(token: str, now: datetime) -> tuple[Any, ...]:
    return (LinkToken.token_hash == digest(token), LinkToken.used_at.is_(None), LinkToken.expires_at > now)


def void_all(user: User) -> None:
    """No link of this person works any more: a password was set, or the account was switched off."""
    db.session.execute(sa.delete(LinkToken).where(LinkToken.user_id == user.id, LinkToken.used_at.is_(None)))


def reset_wanted(row: Any, now: datetime) -> None:
    """Handler of the outbox: somebody typed this address into "forgotten password".

    Whether it is known is only asked here, after the answer was given, so that the answer tells nothing.
    """
    user = queries.by_email(row.payload["email"])
    if user is not None:
        record("user.reset_asked", user, at=now)
