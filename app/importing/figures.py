"""The figures, and the places of the tickets in their queues, brought up to what was just written, so that all is
right from the first look on."""

from datetime import datetime

from app.core.db import db
from app.kpi.refresh import forget, refresh, rewind
from app.sla import housekeeping

__all__ = ["catch_up", "forget", "rewind"]

EVENTS_AT_ONCE = 5000
"""Between two commits: a second or so."""


def catch_up(now: datetime) -> None:
    """Take in all new events, and learn from them; commits in between, so that others on the desk may write."""
    while refresh(now, limit=EVENTS_AT_ONCE):
        db.session.commit()
    db.session.commit()
    housekeeping.learn(now)
