"""By when the solution is promised to who asked, for whoever writes to them."""

from datetime import datetime
from typing import Any

from .standing import standings


def promised_at(ticket: Any, now: datetime) -> datetime | None:
    """The promise that still runs when an answer has been written; None where there is none: what stands still has no
    moment, and what is late is no promise any more."""
    running = [one.clock.due_at for one in standings(ticket.id, now)
               if one.clock.target == "resolution" and one.state in ("ok", "soon")]
    return min(running, default=None)
