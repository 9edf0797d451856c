"""Who calls or comes: found while their name is typed, with what they already asked for."""

import re
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, lazyload

from app.accounts.models import Department, Organisation, User
from app.accounts.queries import people_like
from app.catalogue import queries as catalogue
from app.catalogue.models import RequestType
from app.core.db import db
from app.core.errors import NotFound

from . import calls, queries
from .models import Message, Ticket, Watch

SHORTEST, MOST_FOUND, MOST_SHOWN, LOOKED_BACK = 2, 8, 3, 1000
FEWEST_DIGITS = 4


def found(text: str) -> list[User]:
    """People whose name, address or number holds the text, in one query."""
    if len(text) < SHORTEST:
        return []
    named = people_like(text).whereclause
    statement = (sa.select(User).where(User.is_active, sa.or_(named, *_by_number(text)))
                 .order_by(User.name, User.id).limit(MOST_FOUND)
                 .options(joinedload(User.department), joinedload(User.organisation), lazyload(User.memberships)))
    return list(db.session.scalars(statement))


def _by_number(text: str) -> list[Any]:
    """Numbers are kept as + and digits; who types one may write it as it is dialled inside the country."""
    digits = re.sub(r"\D", "", text).lstrip("0")
    return [User.phone.contains(digits)] if len(digits) >= FEWEST_DIGITS else []


def caller(user_id: int) -> User:
    """One of those. Raises NotFound."""
    user = db.session.get(User, user_id) if user_id < 2**31 else None
    if user is None or not user.is_active:
        raise NotFound()
    return user


def where(user: User) -> str:
    """What tells two of the same name apart."""
    unit: Department | Organisation | None = user.department or user.organisation
    place = unit.title if isinstance(unit, Department) else unit.name if unit else ""
    address = "" if user.email.endswith(".invalid") else user.email
    return ", ".join(part for part in (address, user.phone, place) if part)


class Open(NamedTuple):
    """What somebody has under way as far as an agent sees it: the newest, and how many in all."""

    tickets: list[Ticket]
    count: int


def under_way(agent: User, user: User) -> Open:
    """Two queries, however many there are."""
    theirs = queries.visible_to(agent).where(Ticket.requester_id == user.id, queries.is_active())
    newest = theirs.order_by(Ticket.id.desc()).limit(MOST_SHOWN).options(lazyload("*"))
    shown = list(db.session.scalars(newest))
    if len(shown) < MOST_SHOWN:
        return Open(shown, len(shown))
    return Open(shown, db.session.scalar(sa.select(sa.func.count()).select_from(theirs.subquery())) or 0)


def outside(ticket: Ticket, agent: User) -> list[User]:
    """Those with whom one speaks about a ticket: the requester first, who filed it, who watches."""
    watching = sa.select(Watch.user_id).where(Watch.ticket_id == ticket.id)
    statement = sa.select(User).where(
        User.is_active, User.id != agent.id,
        sa.or_(User.id.in_([ticket.requester_id, ticket.filed_by_id or 0]), User.id.in_(watching)))
    people = db.session.scalars(statement.options(lazyload(User.memberships)))
    return sorted(people, key=lambda user: (user.id != ticket.requester_id, user.name))


def usual() -> RequestType | None:
    """What calls were most often about lately; else what is offered first."""
    offered = [kind for kind in catalogue.on_offer() if not kind.is_confidential]
    lately = (sa.select(Ticket.request_type_id, Ticket.channel).order_by(Ticket.id.desc()).limit(LOOKED_BACK)
              .subquery())
    counted = (sa.select(lately.c.request_type_id, sa.func.count()).where(lately.c.channel.in_(calls.SPOKEN))
               .group_by(lately.c.request_type_id))
    counts = dict(db.session.execute(counted).all())
    return max(offered, key=lambda kind: counts.get(kind.id, 0), default=None)


def is_written_down(agent: User, submission: str | None) -> bool:
    """Whether this agent's form, sent twice, has been taken already."""
    whose = sa.or_(Message.entered_by_id == agent.id, Message.author_id == agent.id)
    return db.session.scalar(sa.select(Message.id).where(Message.submission == submission, whose)) is not None
