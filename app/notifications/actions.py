"""Reading. The caller commits."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.core.db import db

from .models import Notification


def read_all(person: Any, up_to: int, now: datetime) -> None:
    """All that this person was shown, up to the newest of them; what came since stays unread."""
    _read(Notification.user_id == person.id, Notification.id <= up_to, now=now)


def read(notification: Notification, now: datetime) -> None:
    """This one and whatever else its reader was told of the same ticket by now: the ticket shows it all."""
    _read(Notification.user_id == notification.user_id, Notification.ticket_id == notification.ticket_id, now=now)


def _read(*which: Any, now: datetime) -> None:
    db.session.execute(sa.update(Notification).where(
        *which, Notification.read_at.is_(None), Notification.channel == "app").values(read_at=now))
