"""What an administrator enters about working hours."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField
from wtforms.validators import Optional

from app.accounts.zones import zones
from app.core import clock
from app.core.edits import Facts, Guarded, fingerprint
from app.core.forms import Area, Choice, Line, Titled, at_most, short_name, spoken
from app.core.i18n import desk, known_zone, language

from . import notation
from .actions import Hours
from .calendar_data import Problem, overlapping_nights
from .models import CalendarVersion, WorkCalendar
from .problem_words import sentence, weekday

FRESH: Facts = {"slug": "", "names": {}, "zone": "", "week": {str(day): [["09:00", "18:00"]] for day in range(5)},
                "country": None, "overrides": {}}
DAYS = range(7)


class Dated(Guarded):
    """A form for a version that holds from a date on."""

    holds_from = DateField(_l("Holds from"), [Optional()],
                           description=_l("The beginning of that day. Empty: at once. What runs keeps its terms."))

    def from_moment(self, zone: str, now: datetime) -> datetime | None:
        """The first second of the day in the zone; None for at once."""
        if self.holds_from.data is None:
            return None
        local = datetime.combine(self.holds_from.data, time(), ZoneInfo(zone))
        return None if local <= now else local.astimezone(UTC)

    def refuse_past(self) -> bool:
        """What was promised cannot be promised otherwise afterwards."""
        today = clock.now().astimezone(ZoneInfo(desk.time_zone)).date()
        if self.holds_from.data is None or self.holds_from.data >= today:
            return True
        self.holds_from.errors = [_("This day is over; choose today or a later one.")]
        return False


def first_day(moment: datetime, zone: str) -> date:
    """The day from whose beginning a planned version holds, as its form shows it."""
    return moment.astimezone(ZoneInfo(zone)).date()


class CalendarForm(Titled, Dated):
    slug = short_name()
    zone = Choice(_l("Time zone"), choices=zones)
    country = Choice(_l("Public holidays of"), choices=lambda: countries(language()))
    overrides = Area(_l("Dates that depart from the week"), [at_most(20000)], description=_l(
        "One per line: “2026-12-31 09:00-13:00” has hours of its own, “2026-12-30 Our day | Наш день | Биздин күн” is "
        "closed, “2026-12-29 -” is closed without a name, “2026-03-09 +” is no holiday after all."))

    def hours(self, now: datetime) -> Hours:
        week = {str(day): notation.intervals(self[f"day_{day}"].data) for day in DAYS}
        given = self.zone.data or ""
        zone = given if known_zone(given) else desk.time_zone
        return Hours(given, {day: hours for day, hours in week.items() if hours}, self.country.data or None,
                     notation.dates(self.overrides.data), self.from_moment(zone, now))

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        hours = self.hours(clock.now())
        found = [Problem("twice", {"date": day}) for day in notation.twice(self.overrides.data)]
        found += hours.problems(clock.now()) or list(_slips(hours))
        for problem in found:
            self._say(problem)
        return self.refuse_past() and fine and not found

    def _say(self, problem: Problem) -> None:
        """Put what is wrong beside the field it is wrong in."""
        field = self._field_of(problem)
        if field is None:
            self.form_errors.append(sentence(problem))
        else:
            field.errors = [sentence(problem), *field.errors]

    def _field_of(self, problem: Problem) -> Any:
        if "weekday" in problem.params:
            return self[f"day_{problem.params['weekday']}"]
        if "date" in problem.params:
            return self.overrides
        return {"unknown_zone": self.zone, "unknown_country": self.country}.get(problem.code)

    @property
    def days(self) -> list[Any]:
        return [self[f"day_{day}"] for day in DAYS]


def calendar_form(**values: Any) -> CalendarForm:
    """The form with a line for each day, named in the reader's language."""
    lines = {f"day_{day}": Line(weekday(day), [at_most(200)]) for day in DAYS}
    return type("CalendarForm", (CalendarForm,), lines)(**values)


def facts_of(calendar: WorkCalendar, version: CalendarVersion) -> Facts:
    """A calendar as the form shows it: the version that was made last."""
    return {"slug": calendar.slug, "names": calendar.names, "zone": version.zone, "week": version.week,
            "country": version.country, "overrides": version.overrides}


def guarded(calendar: WorkCalendar) -> Facts:
    """What must not have changed while a form was open: the names, and which versions there are."""
    return {"names": calendar.names, "versions": [version.id for version in calendar.versions]}


def filled(facts: Facts, seen: Facts) -> CalendarForm:
    """The form with what is stored; `seen` is what must not change meanwhile."""
    days = {f"day_{day}": notation.shown(facts["week"].get(str(day))) for day in DAYS}
    return calendar_form(formdata=None, seen=fingerprint(seen), slug=facts["slug"], country=facts["country"] or "",
                         zone=facts["zone"] or desk.time_zone, overrides=notation.lines(facts["overrides"]),
                         **days, **spoken("names", facts["names"]))


def _slips(hours: Hours) -> Iterator[Problem]:
    """What is fine as data, but was hardly meant by a person who typed it."""
    yield from _without_length(hours)
    yield from overlapping_nights(hours.week, hours.country, hours.overrides)


def _without_length(hours: Hours) -> Iterator[Problem]:
    """Intervals that end when they begin: as data that is a day and a night, from a person it is a slip."""
    days = [({"weekday": int(day)}, told) for day, told in hours.week.items()]
    dates = [({"date": day}, told) for day, told in hours.overrides.items() if isinstance(told, list)]
    for where, told in (*days, *dates):
        for start, end in told:
            if start == end:
                yield Problem("no_length", {**where, "time": start})


@lru_cache(maxsize=8)
def countries(code: str) -> list[tuple[str, str]]:
    """Countries whose holidays are known, by their name in a language."""
    from holidays.registry import COUNTRIES

    names = Locale.parse(code).territories
    known = {alpha_2 for _name, alpha_2, *_more in COUNTRIES.values()}
    named = sorted(((alpha_2, names.get(alpha_2, alpha_2)) for alpha_2 in known), key=lambda pair: pair[1])
    return [("", _("No public holidays")), *named]
