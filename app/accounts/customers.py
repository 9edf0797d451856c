"""People from outside: who writes, calls or comes and is not known yet."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import db
from app.core.errors import NotAllowed
from app.core.events import record
from app.core.markup import clean_line

from .actions import refuse_own_address
from .models import Organisation, User

NOWHERE = "caller.invalid"
"""Where people have their address who gave none; nothing is ever sent there."""
LONGEST_NAME = 120


def customer_of(address: str, name: str, now: datetime, by: User | None = None, phone: str = "") -> User:
    """Who has this address; else a customer without a password is made, of the organisation that has its domain.

    The address is in lower case and checked. Raises NotAllowed for an account that is switched off,
    Conflict for an address at which the desk itself is reached. The caller
    commits; of two who make the same customer at once one gets an IntegrityError.
    """
    known = db.session.scalar(sa.select(User).where(User.email == address))
    if known is None:
        refuse_own_address(address)
        return _made(address, name or address.partition("@")[0], now, by, phone)
    if not known.is_active:
        raise NotAllowed(_("The account with this address is switched off."))
    return known


def caller(name: str, phone: str, now: datetime, by: User | None) -> User:
    """A customer who gave no address, only a name and perhaps a number."""
    return _made(f"{secrets.token_hex(8)}@{NOWHERE}", name, now, by, phone)


def _made(address: str, name: str, now: datetime, by: User | None, phone: str) -> User:
    user = User(email=address, name=clean_line(name)[:LONGEST_NAME], phone=phone, is_customer=True, is_active=True,
                is_administrator=False, created_at=now, memberships=[], organisation=organisation_of(address))
    db.session.add(user)
    db.session.flush()
    record("user.created", user, by=by, at=now, name=user.name)
    return user


def organisation_of(address: str) -> Organisation | None:
    """The client whose mail domain this is. Few have any, and the two databases ask lists in different ways."""
    domain = address.rpartition("@")[2]
    found = db.session.execute(sa.select(Organisation.id, Organisation.domains)
                               .where(Organisation.is_active).order_by(Organisation.id))
    number = next((number for number, domains in found if domain in domains), None)
    return db.session.get(Organisation, number) if number is not None else None
