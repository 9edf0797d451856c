"""Making calendars and their next versions. The caller commits."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import versions
from app.core.db import db
from app.core.errors import Conflict
from app.core.events import record

from .built import working_hours
from .calendar_data import Problem
from .models import CalendarVersion, WorkCalendar
from .settings import calendars as settings
from .working_hours import InvalidCalendar, NoWorkingTime, WorkingHours, problems

AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class Hours:
    """What a version of a calendar says, in the form of WorkingHours.build."""

    zone: str
    week: Any
    country: str | None = None
    overrides: dict[str, Any] = field(default_factory=dict)
    valid_from: datetime | None = None
    """At once if not given."""

    def problems(self, at: datetime) -> list[Problem]:
        """All that is wrong with it, at a moment; an empty list if it is right."""
        found = problems(self.zone, self.week, self.country, self.overrides)
        if found or self._goes_on(max(self.valid_from or at, at)):
            return found
        return [Problem("no_working_time_ahead", {})]

    def _goes_on(self, at: datetime) -> bool:
        """Whether there will be working time a year on, so that a deadline can be reckoned for what is filed then."""
        try:
            return bool(self.built.deadline(at + AHEAD, 1))
        except NoWorkingTime:
            return False

    @property
    def built(self) -> WorkingHours:
        """Raises InvalidCalendar."""
        return working_hours(self.zone, self.week, self.country, self.overrides)

    def as_facts(self) -> dict[str, Any]:
        return {"zone": self.zone, "week": self.week, "country": self.country, "overrides": self.overrides}


def create(slug: str, names: dict[str, str], hours: Hours, by: Any, at: datetime) -> WorkCalendar:
    """A calendar with its first version. Raises InvalidCalendar for hours that make none."""
    _refuse(hours, at)
    if db.session.scalar(sa.select(WorkCalendar.id).where(WorkCalendar.slug == slug)):
        raise Conflict(_("There is a calendar with this short name already."))
    calendar = WorkCalendar(slug=slug, names=names)
    db.session.add(calendar)
    db.session.flush()
    change(calendar, hours, by, at)
    return calendar


def revise(calendar: WorkCalendar, names: dict[str, str], hours: Hours, by: Any, at: datetime) -> None:
    """What its page saves: a name is corrected in place, other hours make the next version."""
    if calendar.names != names:
        record("calendar.changed", calendar, by, at, changes={"names": [calendar.names, names]})
        calendar.names = names
    if not versions.says(versions.in_force(calendar.versions, hours.valid_from or at), hours.as_facts()):
        change(calendar, hours, by, at)


def change(calendar: WorkCalendar, hours: Hours, by: Any, at: datetime) -> None:
    """The next version; earlier ones stay as they are.

    A version of the very same moment, which nobody can have used yet, is replaced. Raises InvalidCalendar.
    """
    _refuse(hours, at)
    moment = hours.valid_from or at
    versions.add(CalendarVersion(calendar_id=calendar.id, valid_from=moment, made_at=at, by_id=by.id if by else None,
                                 **hours.as_facts()), at, CalendarVersion.calendar_id == calendar.id)
    _changed(calendar)
    record("calendar.changed", calendar, by, at, valid_from=moment.isoformat(), **hours.as_facts())


def drop_version(calendar: WorkCalendar, version: CalendarVersion, by: Any, at: datetime) -> None:
    """Throw a planned version away. Raises Conflict for one that holds or has held."""
    moment = version.valid_from
    versions.drop(version, calendar.versions[0], at)
    _changed(calendar)
    record("calendar.dropped", calendar, by, at, valid_from=moment.isoformat())


def _changed(calendar: WorkCalendar) -> None:
    db.session.expire(calendar, ["versions"])
    versions.new_edition(settings)


def _refuse(hours: Hours, at: datetime) -> None:
    found = hours.problems(at)
    if found:
        raise InvalidCalendar(found)
