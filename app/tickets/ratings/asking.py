"""Choosing the closures that are asked about, and asking: once each, and nobody too often."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.core.db import db
from app.core.events import record

from ..housekeeping import each
from ..models import Rating, Resolution, Ticket
from .settings import ratings as settings

TOO_LATE = timedelta(days=2)
"""What became due so long ago (the desk was off, or asking was just switched on) is not asked about any more."""
SPREAD = 7919
"""A prime: which closures belong to the share that is asked is spread evenly, and the same whoever looks."""
_earlier = aliased(Ticket)


def ask_due(now: datetime) -> int:
    """Ask about what has stayed solved long enough; returns how many questions were put."""
    return each(_due(now), _ask, now) if settings.is_on else 0


def _due(now: datetime) -> sa.Select:
    due = now - timedelta(hours=settings.after_hours)
    rested = sa.exists().where(
        Rating.ticket_id == _earlier.id, _earlier.requester_id == Ticket.requester_id,
        Rating.asked_at > now - timedelta(days=settings.rest_days)).correlate(Ticket)
    return (sa.select(Resolution.ticket_id)
            .join(Ticket, Ticket.id == Resolution.ticket_id)
            .join(User, User.id == Ticket.requester_id)
            .where(Resolution.at <= due, Resolution.at > due - TOO_LATE, *_standing(), User.is_active,
                   (Resolution.id * SPREAD) % 100 < settings.share_percent, ~rested))


def _standing() -> tuple[Any, ...]:
    """Solved by a person, for somebody else, and never asked about."""
    asked = sa.exists().where(Rating.resolution_id == Resolution.id)
    return (Resolution.ended_at.is_(None), Resolution.by_id.is_not(None), Resolution.by_id != Ticket.requester_id,
            Ticket.status.in_(("resolved", "closed")), Ticket.merged_into_id.is_(None), ~asked)


def _ask(ticket: Ticket, now: datetime) -> bool:
    """Looked at again under the lock of the ticket: somebody may have opened it, or another process asked."""
    if db.session.scalar(sa.select(_due(now).where(Ticket.id == ticket.id).exists())):
        _put(ticket, db.session.scalar(_last_resolution(ticket)), now)
        return True
    return False


def _last_resolution(ticket: Ticket) -> sa.Select:
    return (sa.select(Resolution).where(Resolution.ticket_id == ticket.id, Resolution.ended_at.is_(None))
            .order_by(Resolution.id.desc()).limit(1))


def _put(ticket: Ticket, resolution: Resolution, now: datetime) -> None:
    rating = Rating(ticket_id=ticket.id, resolution_id=resolution.id, team_id=resolution.team_id,
                    agent_id=resolution.by_id, asked_at=now, expires_at=now + timedelta(days=settings.open_days))
    db.session.add(rating)
    db.session.flush()
    record("ticket.rating_asked", ticket, None, now, rating_id=rating.id)
