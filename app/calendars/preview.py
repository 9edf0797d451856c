"""What a calendar means for the days ahead, before anybody is promised anything by it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .exception_days import ReplacedDay
from .holiday_names import Holiday, moved_working_days
from .working_hours import WorkingHours

COUNT = 14
LOOKED_AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class Day:
    """One local date: its open hours by the wall clock, and why it departs from the week."""

    date: date
    hours: list[list[str]]
    """Pairs of times, the end of the day being 24:00."""
    seconds: int
    holiday: Holiday | None
    is_replaced: bool


def days(hours: WorkingHours, first: date, count: int = COUNT) -> list[Day]:
    """So many dates from the first on, in the zone of the calendar."""
    return [_day(hours, first + timedelta(days=number)) for number in range(count)]


def _day(hours: WorkingHours, day: date) -> Day:
    exception = hours.exceptions.get(day)
    spans = list(hours.open_spans(_midnight(hours, day), _midnight(hours, day + timedelta(days=1))))
    return Day(day, [[_wall(hours, start, day), _wall(hours, end, day)] for start, end in spans],
               sum(int((end - start).total_seconds()) for start, end in spans),
               exception if isinstance(exception, Holiday) else None, isinstance(exception, ReplacedDay))


def _midnight(hours: WorkingHours, day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(hours.zone)).astimezone(UTC)


def _wall(hours: WorkingHours, moment: datetime, day: date) -> str:
    local = moment.astimezone(ZoneInfo(hours.zone))
    return f"{local:%H:%M}" if local.date() == day else "24:00"


def moved_ahead(hours: WorkingHours, first: date) -> list[date]:
    """Weekend dates of the coming year that the country has declared working and the calendar says nothing of."""
    country, last = hours.exceptions.country, first + LOOKED_AHEAD
    if not country:
        return []
    decided = {day for day, _what in hours.exceptions.decided}
    proposed = (day for year in range(first.year, last.year + 1) for day in moved_working_days(country, year))
    return [day for day in proposed if first <= day < last and day not in decided]
