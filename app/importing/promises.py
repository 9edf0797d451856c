"""Calendars and policies that an import or the sample brings along: found by their slug, made if missing."""

from datetime import datetime

import sqlalchemy as sa

from app.calendars import actions as calendars
from app.calendars.models import WorkCalendar
from app.core.db import db
from app.sla import actions as sla
from app.sla.models import SlaPolicy


def calendar(slug: str, names: dict[str, str], hours: calendars.Hours, now: datetime) -> WorkCalendar:
    """The calendar of this name."""
    found = db.session.scalar(sa.select(WorkCalendar).where(WorkCalendar.slug == slug))
    return found or calendars.create(slug, names, hours, None, now)


def policy(slug: str, names: dict[str, str], promised: sla.Promised, now: datetime) -> SlaPolicy:
    """The policy of this name; it is used where a rule or an import chooses it."""
    found = db.session.scalar(sa.select(SlaPolicy).where(SlaPolicy.slug == slug))
    return found or sla.create_policy(slug, names, promised, None, now)
