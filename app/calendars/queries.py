"""Which version of a calendar holds at a moment, from a copy that each process keeps until something changes."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.accounts.queries import one
from app.core import versions
from app.core.db import db
from app.core.errors import NotFound

from .models import CalendarVersion, WorkCalendar
from .settings import calendars as settings
from .working_hours import WorkingHours


@dataclass(frozen=True)
class Edition:
    """One version of one calendar, as the clocks use it."""

    id: int
    calendar_id: int
    valid_from: datetime
    hours: WorkingHours


@dataclass(frozen=True)
class Shelf:
    """All versions of all calendars, oldest first; good while the settings name the same edition."""

    word: str
    by_calendar: dict[int, list[Edition]]
    by_id: dict[int, Edition]

    def at(self, calendar_id: int, moment: datetime) -> Edition:
        """The version that holds at a moment; before the first one, the first one."""
        versions = self.by_calendar[calendar_id]
        later = bisect_right(versions, moment, key=lambda version: version.valid_from)
        return versions[max(later - 1, 0)]

    def version(self, version_id: int) -> Edition:
        """One version; asked of the database if it is younger than this copy."""
        return self.by_id.get(version_id) or _edition(db.session.get_one(CalendarVersion, version_id))


_shelf = Shelf("", {}, {})


def shelf() -> Shelf:
    """The copy of this process, read anew when an administrator has changed a calendar anywhere."""
    global _shelf
    word = settings.edition
    if _shelf.word != word:
        _shelf = _read(word)
    return _shelf


def _read(word: str) -> Shelf:
    with db.session.no_autoflush:
        versions = db.session.scalars(
            sa.select(CalendarVersion).order_by(CalendarVersion.valid_from, CalendarVersion.id)).all()
    editions = [_edition(version) for version in versions]
    by_calendar: dict[int, list[Edition]] = defaultdict(list)
    for edition in editions:
        by_calendar[edition.calendar_id].append(edition)
    return Shelf(word, dict(by_calendar), {edition.id: edition for edition in editions})


def _edition(version: CalendarVersion) -> Edition:
    return Edition(version.id, version.calendar_id, version.valid_from, version.hours)


def hours_at(calendar_id: int, moment: datetime) -> WorkingHours:
    """Business time of a calendar as it holds at a moment. Raises KeyError for a calendar that is not there."""
    return shelf().at(calendar_id, moment).hours


def hours_of(version_id: int) -> WorkingHours:
    """Business time of one version."""
    return shelf().version(version_id).hours


def every() -> list[WorkCalendar]:
    """All calendars with their versions, by slug."""
    statement = sa.select(WorkCalendar).order_by(WorkCalendar.slug).options(selectinload(WorkCalendar.versions))
    return list(db.session.scalars(statement))


def by_slug(slug: str) -> WorkCalendar:
    """Locked against other savers. Raises NotFound."""
    return one(WorkCalendar, WorkCalendar.slug == slug)


def version(slug: str, version_id: int) -> CalendarVersion:
    """One version of a calendar. Raises NotFound."""
    found = next((version for version in by_slug(slug).versions if version.id == version_id), None)
    if found is None:
        raise NotFound()
    return found


def in_force(calendar: WorkCalendar, now: datetime) -> CalendarVersion:
    """The version that holds now; before the first one, the first one."""
    return versions.in_force(calendar.versions, now)
