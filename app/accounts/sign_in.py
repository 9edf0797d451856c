"""Signing in and out: passwords, the sign-in rows behind the cookie, and the brake on guessing."""

import hashlib
import hmac
import secrets
import unicodedata
from datetime import datetime, timedelta
from functools import lru_cache

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import current_app
from flask_babel import gettext as _
from flask_login import LoginManager

from app.core import clock
from app.core.db import db
from app.core.errors import TooMany

from .models import Attempt, SignIn, Stranger, User

SIGN_IN_DAYS = 30
TRIES_PER_ACCOUNT = 10
TRIES_PER_ADDRESS = 50
TRY_WINDOW = timedelta(minutes=15)
hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
"""argon2id with the parameters OWASP names first; about 30 ms, always outside a write transaction."""


def connect(manager: LoginManager) -> None:
    """Tell flask-login who a cookie's token stands for, and what is answered to who sends a form signed out."""
    from .routes.session import ask_writer

    manager.unauthorized_handler(ask_writer)
    manager.anonymous_user = Stranger
    manager.user_loader(user_of_token)
    manager.session_protection = None


def digest(token: str) -> str:
    """What is stored of a token; the token itself is 256 random bits, so a plain hash will do."""
    return hashlib.sha256(token.encode()).hexdigest()


def user_of_token(token: str) -> User | None:
    """The active user of a sign-in that neither ended nor ran out; one query."""
    statement = (
        sa.select(User)
        .join(SignIn, SignIn.user_id == User.id)
        .where(SignIn.token_hash == digest(token), SignIn.ended_at.is_(None), SignIn.expires_at > clock.now(),
               User.is_active)
    )
    user = db.session.scalar(statement)
    if user is not None:
        user.sign_in_token = token
    return user


def begin(user: User, now: datetime, address: str, browser: str) -> str:
    """A new sign-in; returns the token for the cookie. The caller commits."""
    token = secrets.token_urlsafe(32)
    db.session.add(SignIn(token_hash=digest(token), user_id=user.id, created_at=now,
                          expires_at=now + timedelta(days=SIGN_IN_DAYS), address=address[:60], browser=browser[:200]))
    return token


def form_token(user: User) -> str:
    """What the tokens of this person's forms are made of. It names them and stays the same until their password
    changes: a page drawn before they signed out is still theirs to send after they have signed in again."""
    what = f"forms:{user.id}:{user.password_hash or ''}".encode()
    return f"{user.id}.{hmac.new(hashlib.sha256(_key()).digest(), what, hashlib.sha256).hexdigest()}"


def _key() -> bytes:
    key = current_app.secret_key
    return key if isinstance(key, bytes) else key.encode()


def end(token: str, now: datetime) -> None:
    """End one sign-in; the cookie is worthless from then on."""
    db.session.execute(sa.update(SignIn).where(SignIn.token_hash == digest(token)).values(ended_at=now))


def end_all(user: User, now: datetime, but: str = "") -> None:
    """End every sign-in of a person, perhaps but one: after a new password or a change of rights."""
    statement = sa.update(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None),
                                        SignIn.token_hash != digest(but))
    db.session.execute(statement.values(ended_at=now))


def hashed(password: str) -> str:
    """What is stored of a password. Slow on purpose: never call it inside a write transaction."""
    return hasher.hash(_one_form(password))


def is_right(password: str, stored: str | None) -> bool:
    """Compare in the same time whether or not there is an account or a password."""
    nobodys = _nobodys_hash()
    try:
        return hasher.verify(stored or nobodys, _one_form(password)) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def _one_form(password: str) -> str:
    """Keyboards of different systems write the same letter (й, ё) in different ways."""
    return unicodedata.normalize("NFC", password)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return hasher.hash(secrets.token_urlsafe(16))


def account_key(email: str) -> str:
    """The brake's name for an account, known or not; an address may be longer than the column."""
    return "sign_in:" + digest(email.strip().lower())


def spend_try(keys: dict[str, int], now: datetime) -> None:
    """Count a try before it is judged, so that many at once cannot slip past; the caller commits.

    `keys` maps each key to the tries it has in a quarter of an hour. Raises TooMany when one has none left.
    """
    if is_braked(keys, now):
        raise TooMany(_("There were too many tries. Please wait a quarter of an hour and try again."))
    db.session.add_all(Attempt(key=key, at=now) for key in keys)


def is_braked(keys: dict[str, int], now: datetime) -> bool:
    """Whether one of the keys (an account, an address) has had its tries in the last quarter of an hour."""
    since = now - TRY_WINDOW
    return any(_tries(key, since) >= limit for key, limit in keys.items())


def _tries(key: str, since: datetime) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(Attempt.key == key, Attempt.at > since)) or 0


def forgive(key: str) -> None:
    """Forget the tries of an account that was entered rightly."""
    db.session.execute(sa.delete(Attempt).where(Attempt.key == key))


def forgive_one(key: str, at: datetime) -> None:
    """Forget the one try that was right: a whole house signs in from one address in the morning. The wrong ones of that
    address stay counted, so that owning an account does not help to guess others."""
    db.session.execute(sa.delete(Attempt).where(Attempt.key == key, Attempt.at == at))
