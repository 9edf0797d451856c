"""What may be asked about a person's notifications: only of tickets that the person may still see."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.attention import focus
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.core.events import KINDS, Event
from app.tickets.queries import sees

from .models import Notification
from .topics import PASSING

MOST_COUNTED = 99
PROMPT_MAILS = 20
"""So many mails a minute go to one person at once; what is more is gathered."""


def inbox(person: Any) -> sa.Select:
    """What this person was told on the desk, with its events and tickets."""
    return (_told_to(person)
            .options(contains_eager(Notification.ticket), joinedload(Notification.event)))


def _told_to(person: Any) -> sa.Select:
    return _told(person.id, sees(person))


@lru_cache(maxsize=2048)
def _told(person_id: int, is_seen: Any) -> sa.Select:
    """Built once per person and sight: every page asks, and building takes longer than the look-up."""
    return (sa.select(Notification).join(Notification.ticket)
            .where(Notification.user_id == person_id, Notification.channel == "app", is_seen))


def unread(person: Any) -> sa.Select:
    """The part of the inbox that was not read."""
    return inbox(person).where(_unread())


def unread_count(person: Any) -> int | None:
    """How many are unread, at most 99; None for none. One query, however long the list. In focus time only what may
    be urgent counts: a number that grows is an interruption too."""
    told = _told_to(person)
    return db.session.scalar(_counted(_pressing(told) if focus.is_on(person, clock.now()) else told)) or None


@lru_cache(maxsize=2048)
def _pressing(told: sa.Select) -> sa.Select:
    kinds = [kind for kind, about in KINDS.items() if about.audience in PASSING]
    return told.join(Notification.event).where(Event.kind.in_(kinds))


@lru_cache(maxsize=2048)
def _counted(told: sa.Select) -> sa.Select:
    unread = told.where(_unread()).with_only_columns(Notification.id).limit(MOST_COUNTED)
    return sa.select(sa.func.count()).select_from(unread.subquery())


def _unread() -> Any:
    """Spelled with a literal: SQLite proves from the text alone that the index of unread ones will do."""
    return sa.and_(Notification.read_at.is_(None), Notification.channel == sa.literal_column("'app'"))


def own(person: Any, notification_id: int) -> Notification:
    """One of the person's own. Raises NotFound for those of others and for tickets out of sight."""
    found = db.session.scalar(_told_to(person).where(Notification.id == notification_id)) \
        if notification_id < 2**63 else None
    if found is None:
        raise NotFound()
    return found


def is_flooded(person: Any, now: datetime) -> bool:
    """Whether this person was told of so much by mail within the last minute that the rest comes as one digest."""
    told = sa.select(Notification.created_at).where(Notification.user_id == person.id, Notification.channel == "mail")
    last = db.session.scalar(told.order_by(Notification.id.desc()).offset(PROMPT_MAILS - 1).limit(1))
    return last is not None and last > now - timedelta(minutes=1)


def was_just_told(person: Any, ticket: Any, now: datetime) -> bool:
    """Whether this person was told of this ticket by mail within the last minute."""
    told = sa.select(Notification.id).where(
        Notification.ticket_id == ticket.id, Notification.user_id == person.id, Notification.channel == "mail",
        Notification.created_at > now - timedelta(minutes=1))
    return db.session.scalar(told.limit(1)) is not None
