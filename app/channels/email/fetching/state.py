"""Whether mail comes in as it should: for /healthz and for the administrator's first page."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.channels import ways
from app.channels.email.models import InboundMail, Mailbox
from app.core import clock
from app.core.db import db

from .rounds import TAKERS

PATIENCE = timedelta(minutes=5)
MANY_FAILURES = 7
"""So many tries in a row take longer than our patience; for a mailbox that was never well."""


def failing(now: datetime) -> list[Mailbox]:
    """Mailboxes that could not be read for longer than our patience."""
    if not ways.is_on("email"):
        return []
    long_ago = sa.case((Mailbox.well_at.is_(None), Mailbox.failures >= MANY_FAILURES),
                       else_=Mailbox.well_at < now - PATIENCE)
    found = sa.select(Mailbox).where(Mailbox.is_active, Mailbox.way.in_(TAKERS), Mailbox.failures > 0, long_ago)
    return list(db.session.scalars(found.order_by(Mailbox.id)))


def waits_since(now: datetime) -> datetime | None:
    """Since when the oldest mail has waited to be understood, if that is longer than our patience."""
    came = sa.select(sa.func.min(InboundMail.came_at)).where(InboundMail.state == "waiting")
    oldest = db.session.scalar(came)
    return oldest if oldest is not None and oldest < now - PATIENCE else None


def finding() -> tuple[bool, Any]:
    """For /healthz: says nothing of what the mailboxes are."""
    now = clock.now()
    count, oldest = len(failing(now)), waits_since(now)
    said = [f"{count} cannot be read"] if count else []
    said += ["mail waits to be understood"] if oldest else []
    return not said, "; ".join(said) or "comes in"
