"""What the ticket page shows about the next reply: what is going out, what came back, what makes a good one."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.core.db import db, set_reading
from app.core.i18n import choose_zone

from ..models import Ticket
from . import checklist, housekeeping, queries
from .queries import Leaving


def leaving(ticket: Ticket, person: Any, now: datetime) -> Leaving:
    """What stands about the next reply. What should have left by now leaves first, should nobody else send it."""
    found = queries.leaving(ticket, person)
    late = [row.id for row in found.waiting if row.send_at <= now]
    if not late:
        return found
    db.session.rollback()
    set_reading(False)
    housekeeping.send_all(late, now)
    set_reading(True)
    return queries.leaving(ticket, person)


def shown(ticket: Ticket, person: Any, found: Leaving, now: datetime) -> dict[str, Any]:
    """What the composer shows beside the text."""
    return {"leaving": found, "points": checklist.points(ticket.team, found.has_points),
            "undo_seconds": person.undo_seconds, "findings": [],
            "left": lambda row: max(int((row.send_at - now).total_seconds()) + 1, 1)}


def filled(found: Leaving) -> dict[str, Any]:
    """The composer of who has a reply back begins with it."""
    row = found.back
    if row is None:
        return {}
    until = row.until.astimezone(ZoneInfo(choose_zone())).date() if row.until else None
    return {"body": row.body, "then": row.then, "reason": row.reason, "until": until}
