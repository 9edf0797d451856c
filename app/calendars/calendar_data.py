"""Calendars as plain data: what can be wrong with it, and how it is read once it is right.

A problem is a code and its parameters, so that a page can say it in the reader's language:

    unknown_zone           zone
    unknown_country        country
    malformed_week         (nothing)        neither seven lists nor an object of days
    unknown_weekday        weekday
    malformed_intervals    weekday or date
    malformed_interval     weekday or date, interval
    malformed_time         weekday or date, time
    overlapping_intervals  weekday or date, first, second, first_weekday (the day before for a night)
    malformed_overrides    (nothing)        no object of dates
    malformed_date         date
    malformed_override     date
    holiday_without_name   date
    no_working_time        (nothing)        neither in the week nor in an override
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app.calendars.exception_days import ExceptionDay, Exceptions, ReplacedDay
from app.calendars.holiday_names import Holiday, UnknownCountry, entity
from app.calendars.week import Interval, Piece, own_part, pieces_on, tail

START = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
END = re.compile(rf"{START.pattern}|24:00")
WEEKDAYS = tuple(str(day) for day in range(7))


class Problem(NamedTuple):
    """Something wrong with the data of a calendar."""

    code: str
    params: dict[str, Any]


class InvalidCalendar(ValueError):
    """The data makes no calendar; `problems` says why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{problem.code} {problem.params}" for problem in problems))
        self.problems = tuple(problems)


def problems(zone: Any, week: Any, country: Any = None, overrides: Any = None) -> list[Problem]:
    """All that is wrong with the data that WorkingHours.build takes; an empty list if it is right."""
    found = [
        *_zone_problems(zone),
        *_country_problems(country),
        *_week_problems(week),
        *_overrides_problems(overrides),
    ]
    return found or list(_conflicts(week, country, overrides))


def read_week(week: Mapping[str, Any] | Sequence[Any]) -> tuple[tuple[Interval, ...], ...]:
    """Seven days from Monday, from either form of the data."""
    by_key = {str(key): day for key, day in _days(week)}
    return tuple(_intervals(by_key.get(key, ())) for key in WEEKDAYS)


def read_exceptions(country: str | None, overrides: Mapping[Any, Any] | None) -> Exceptions:
    """The overrides by date, in the order of dates, over the public holidays of the country."""
    by_date = {_date(key): value for key, value in (overrides or {}).items()}
    decided = tuple((day, _exception(day, by_date[day])) for day in sorted(by_date))
    return Exceptions(country or None, decided)


def _days(week: Any) -> Iterable[tuple[Any, Any]]:
    return week.items() if isinstance(week, Mapping) else enumerate(week)


def _intervals(data: Iterable[Sequence[str]]) -> tuple[Interval, ...]:
    return tuple(sorted((start, end) for start, end in data))


def _exception(day: date, value: Any) -> ExceptionDay | None:
    if value is None:
        return None
    if isinstance(value, Mapping):
        return Holiday(day, names=tuple(value.items()))
    return ReplacedDay(_intervals(value))


def _date(key: Any) -> date:
    return key if isinstance(key, date) else date.fromisoformat(key)


def _zone_problems(zone: Any) -> Iterator[Problem]:
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, TypeError, OSError):  # a folder of zones is an OSError
        yield Problem("unknown_zone", {"zone": zone})


def _country_problems(country: Any) -> Iterator[Problem]:
    try:
        if country:
            entity(country)
    except (UnknownCountry, AttributeError, TypeError):
        yield Problem("unknown_country", {"country": country})


def _week_problems(week: Any) -> Iterator[Problem]:
    if not isinstance(week, Mapping) and not (_is_list(week) and len(week) == 7):
        yield Problem("malformed_week", {})
        return
    for key, intervals in _days(week):
        if str(key) in WEEKDAYS:
            yield from _interval_problems(intervals, {"weekday": int(key)})
        else:
            yield Problem("unknown_weekday", {"weekday": key})


def _interval_problems(intervals: Any, where: dict[str, Any]) -> Iterator[Problem]:
    if not _is_list(intervals):
        yield Problem("malformed_intervals", where)
        return
    for interval in intervals:
        if _is_list(interval) and len(interval) == 2:
            yield from _time_problems(interval, where)
        else:
            yield Problem("malformed_interval", {**where, "interval": interval})


def _time_problems(interval: Sequence[Any], where: dict[str, Any]) -> Iterator[Problem]:
    for time, form in zip(interval, (START, END), strict=False):
        if not (isinstance(time, str) and form.fullmatch(time)):
            yield Problem("malformed_time", {**where, "time": time})


def _overrides_problems(overrides: Any) -> Iterator[Problem]:
    if overrides is None:
        return
    if not isinstance(overrides, Mapping):
        yield Problem("malformed_overrides", {})
        return
    for key, value in overrides.items():
        yield from _override_problems(key, value)


def _override_problems(key: Any, value: Any) -> Iterator[Problem]:
    where = {"date": str(key)}
    if not _is_date(key):
        yield Problem("malformed_date", where)
    elif isinstance(value, Mapping):
        if not _is_named(value):
            yield Problem("holiday_without_name", where)
    elif _is_list(value):
        yield from _interval_problems(value, where)
    elif value is not None:
        yield Problem("malformed_override", where)


def _is_list(data: Any) -> bool:
    return isinstance(data, (list, tuple))


def _is_date(key: Any) -> bool:
    try:
        return _date(key).isoformat() == str(key)  # fromisoformat takes "20260321" too
    except (ValueError, TypeError):
        return False


def _is_named(names: Mapping[Any, Any]) -> bool:
    return bool(names) and all(isinstance(name, str) and name.strip() for name in names.values())


def _conflicts(week: Any, country: str | None, overrides: Any) -> Iterator[Problem]:
    """What is wrong with data that is well formed."""
    days = read_week(week)
    for weekday in range(7):
        yield from _overlaps(pieces_on(weekday, days), {"weekday": weekday})
    decided = read_exceptions(country, overrides).decided
    replaced = {day: what.intervals for day, what in decided if isinstance(what, ReplacedDay)}
    for day, intervals in replaced.items():
        pieces = (Piece(*own_part(interval), day.weekday(), interval) for interval in intervals)
        yield from _overlaps(pieces, {"date": day.isoformat()})
    if not any(days) and not any(replaced.values()):
        yield Problem("no_working_time", {})


def overlapping_nights(week: Any, country: str | None, overrides: Any) -> Iterator[Problem]:
    """Nights of replaced days that reach into the hours of the next date, in data that is otherwise right.

    No part of `problems`: what is stored counts such hours once, and a holiday that a country gives up must not
    make a stored calendar unreadable.
    """
    days, exceptions = read_week(week), read_exceptions(country, overrides)
    for day, what in exceptions.decided:
        if not isinstance(what, ReplacedDay) or not what.tails or day == date.max:
            continue
        after = day + timedelta(days=1)
        if exceptions.get(after) is not None:
            continue
        nights = [Piece(*part, day.weekday(), night) for night in what.intervals if (part := tail(night))]
        hours = [Piece(*own_part(interval), after.weekday(), interval) for interval in days[after.weekday()]]
        yield from _overlaps([*nights, *hours], {"date": after.isoformat()})


def _overlaps(pieces: Iterable[Piece], where: dict[str, Any]) -> Iterator[Problem]:
    longest: Piece | None = None
    for piece in sorted(pieces):
        if longest and piece.start < longest.end and not _are_tails(longest, piece, where):
            yield _overlap(longest, piece, where)
        if longest is None or piece.end > longest.end:
            longest = piece


def _are_tails(first: Piece, second: Piece, where: dict[str, Any]) -> bool:
    """Two nights of the day before, whose overlap was found on that day already."""
    return where.get("weekday") not in (None, first.weekday, second.weekday)


def _overlap(first: Piece, second: Piece, where: dict[str, Any]) -> Problem:
    words = {"first": "–".join(first.interval), "second": "–".join(second.interval)}
    return Problem("overlapping_intervals", {**where, **words, "first_weekday": first.weekday})
