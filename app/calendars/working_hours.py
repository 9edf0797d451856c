"""Business time: how much of it lies between two moments, and when a given amount of it is over.

Pure code. Moments are aware datetimes (answers are in UTC), amounts are whole seconds, stretches are half-open.
A moment is open when its local wall time lies in [start, end) of an interval of its local weekday and its
local date is no holiday. The hour that spring skips does not count, the hour that autumn repeats counts twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from app.calendars.calendar_data import InvalidCalendar, problems, read_exceptions, read_week
from app.calendars.exception_days import Exceptions
from app.calendars.holiday_names import Holiday
from app.calendars.spans import OpenYear, Span, joined
from app.calendars.week import Interval, Wall, merged, walls_of
from app.calendars.zone_days import LocalDay, local_days, to_moment, to_seconds, year_start

__all__ = ["InvalidCalendar", "NoWorkingTime", "Stretch", "WorkingHours", "problems"]

PATIENCE = 6  # calendar years without an open second, after which there is no use in searching on
FARTHEST = 400  # years a deadline may lie ahead

OPEN, CLOSED = ("open", None), ("closed", None)


class NoWorkingTime(Exception):
    """The calendar has too little working time ahead for this deadline."""

    code = "no_working_time"


class Stretch(NamedTuple):
    """A stretch of time that is all "open", all "closed" or all of one "holiday"."""

    start: datetime
    end: datetime
    reason: str
    holiday: Holiday | None

    @property
    def seconds(self) -> int:
        """The length by the clock, open or not."""
        return to_seconds(self.end) - to_seconds(self.start)


@dataclass(frozen=True)
class WorkingHours:
    """A zone, a week of seven days from Monday, and the dates that depart from it.

    Equal calendars compare and hash alike. The open spans of a year are worked out when first needed and kept
    with the object, so keep the object: two threads at worst do the same year twice.
    """

    zone: str
    week: tuple[tuple[Interval, ...], ...]
    exceptions: Exceptions = Exceptions()
    _years: dict[int, OpenYear] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def around_the_clock(cls, zone: str = "UTC") -> "WorkingHours":
        """Open every second of every day."""
        return cls(zone, ((("00:00", "24:00"),),) * 7)

    @classmethod
    def build(
        cls,
        zone: str,
        week: Mapping[str, Any] | Sequence[Any],
        country: str | None = None,
        overrides: Mapping[str, Any] | None = None,
    ) -> "WorkingHours":
        """A calendar from plain data, as JSON has it; InvalidCalendar lists all that is wrong with the data.

        zone       "Asia/Bishkek": a name of the IANA list
        week       seven lists from Monday, or an object with the keys "0" (Monday) to "6"; a day that is left
                   out is closed: {"0": [["09:00", "12:00"], ["13:00", "18:00"]], "4": [["22:00", "06:00"]]}
                   Times are "HH:MM", an end may be "24:00". An interval whose end is not after its start runs
                   into the next local date, to which that tail belongs, also when there is a holiday.
        country    "KG", "RU", "DE-BY" for public holidays, or null
        overrides  by local date "YYYY-MM-DD", each winning over the public holidays:
                   {"ky": "…", "ru": "…"}   closed all day, under this name
                   null                      no holiday after all: an ordinary day of its weekday
                   [["09:00", "13:00"]]      these intervals replace everything on that date (a moved working
                                             day, a half day), also what the night before would bring; [] closes
        """
        wrong = problems(zone, week, country, overrides)
        if wrong:
            raise InvalidCalendar(wrong)
        return cls(zone, read_week(week), read_exceptions(country, overrides))

    def elapsed(self, start: datetime, end: datetime) -> int:
        """Open seconds in [start, end)."""
        start, end = _utc(start), _utc(end)
        first, last = to_seconds(start), to_seconds(end)
        if last < first:
            raise ValueError(f"{end} lies before {start}")
        whole = sum(self._year(year).total for year in range(start.year, end.year))
        return whole + self._year(end.year).worked_before(last) - self._year(start.year).worked_before(first)

    def deadline(self, start: datetime, seconds: int) -> datetime:
        """The earliest moment with that many open seconds since `start`; for 0 the next open moment."""
        if seconds < 0:
            raise ValueError(f"{seconds} seconds is no length")
        start = _utc(start)
        if not seconds:
            return self._next_open(start)
        wanted = seconds + self._year(start.year).worked_before(to_seconds(start))
        for year in self._years_from(start.year):
            if wanted <= year.total:
                return to_moment(year.moment_worked(wanted))
            wanted -= year.total

    def latest_start(self, end: datetime, seconds: int) -> datetime:
        """The latest moment with that many open seconds until `end`; for 0 the end itself. Raises NoWorkingTime."""
        if seconds < 0:
            raise ValueError(f"{seconds} seconds is no length")
        end = _utc(end)
        if not seconds:
            return to_moment(to_seconds(end))
        last = self._year(end.year)
        wanted = seconds + last.total - last.worked_before(to_seconds(end))
        for year in self._years_back_from(end.year):
            if wanted <= year.total:
                return to_moment(year.moment_left(wanted))
            wanted -= year.total

    def is_open(self, moment: datetime) -> bool:
        """Whether the second that the moment lies in is working time."""
        moment = _utc(moment)
        return self._year(moment.year).is_open(to_seconds(moment))

    def open_spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open stretches within [start, end), in order, as long as they go."""
        start, end = _utc(start), _utc(end)
        between = to_seconds(start), to_seconds(end)
        years = range(start.year, end.year + 1)
        for first, last, _ in joined(span for year in years for span in self._year(year).between(*between)):
            yield to_moment(first), to_moment(last)

    def stretches(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        """All of [start, end) in order, without gaps, each stretch with its reason; a holiday is one per date."""
        days = local_days(self.zone, to_seconds(_utc(start)), to_seconds(_utc(end)))
        for first, last, reason in joined(span for day in days for span in self._spans_of(day)):
            yield Stretch(to_moment(first), to_moment(last), *reason)

    def _next_open(self, start: datetime) -> datetime:
        at = to_seconds(start)
        for year in self._years_from(start.year):
            found = year.next_open(at)
            if found is not None:
                return to_moment(found)

    def _years_from(self, first: int) -> Iterator[OpenYear]:
        """The year and those after it, until it is plain that nothing more comes: then NoWorkingTime."""
        yield from self._years_in(range(first, min(first + FARTHEST, date.max.year)))
        raise NoWorkingTime(f"{self.zone}: nothing more from {first} on")

    def _years_back_from(self, last: int) -> Iterator[OpenYear]:
        """The year and those before it, likewise."""
        yield from self._years_in(range(last, max(last - FARTHEST, date.min.year), -1))
        raise NoWorkingTime(f"{self.zone}: nothing more until {last}")

    def _years_in(self, numbers: range) -> Iterator[OpenYear]:
        idle = 0
        for number in numbers:
            year = self._year(number)
            yield year
            idle = 0 if year.total else idle + 1
            if idle == PATIENCE:
                return

    def _year(self, year: int) -> OpenYear:
        found = self._years.get(year)
        if found is None:
            days = local_days(self.zone, year_start(year), year_start(year + 1))
            found = self._years[year] = OpenYear.of(span for day in days for span in self._open_in(day))
        return found

    def _spans_of(self, day: LocalDay) -> Iterator[Span]:
        """The piece of a local date from its start to its end, each span with (reason, holiday)."""
        exception = self.exceptions.get(day.date)
        otherwise = ("holiday", exception) if isinstance(exception, Holiday) else CLOSED
        reached = day.start
        for start, end, _ in self._open_in(day):
            if reached < start:
                yield reached, start, otherwise
            yield start, end, OPEN
            reached = end
        if reached < day.end:
            yield reached, day.end, otherwise

    def _open_in(self, day: LocalDay) -> Iterator[Span]:
        for wall_start, wall_end in self._walls(day.date):
            start, end = max(day.midnight + wall_start, day.start), min(day.midnight + wall_end, day.end)
            if start < end:
                yield start, end, None

    def _walls(self, day: date) -> tuple[Wall, ...]:
        """Open seconds after midnight on a local date."""
        exception = self.exceptions.get(day)
        if exception is not None:
            return () if isinstance(exception, Holiday) else exception.walls
        walls, nights = self._week_walls[day.weekday()], self.exceptions.nights_into(day)
        return merged(walls + nights) if nights else walls

    @cached_property
    def _week_walls(self) -> tuple[tuple[Wall, ...], ...]:
        return walls_of(self.week)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:  # astimezone would take it for the server's own time
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC)
