"""Local dates laid on the line of UTC seconds, cut wherever the zone moves its clocks.

Moments here are whole seconds since 1970-01-01T00:00:00Z, lengths are seconds. Between two changes of the
offset the local time runs straight, so a skipped hour (or date: Apia, 30 December 2011) lies in no piece and
a repeated hour lies in two.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.calendars.week import DAY

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL = EPOCH.toordinal()
SECOND = timedelta(seconds=1)


class LocalDay(NamedTuple):
    """A piece [start, end) of a local date in which `midnight + s` shows s seconds on the wall clock."""

    date: date
    midnight: int
    start: int
    end: int


def to_seconds(moment: datetime) -> int:
    """Whole seconds since 1970 in UTC; what is below a second is cut off."""
    return (moment - EPOCH) // SECOND


def to_moment(seconds: int) -> datetime:
    """The aware UTC moment that many seconds after the start of 1970."""
    return EPOCH + timedelta(seconds=seconds)


def year_start(year: int) -> int:
    """The first UTC second of a year."""
    return (date(year, 1, 1).toordinal() - EPOCH_ORDINAL) * DAY


def year_of(seconds: int) -> int:
    """The UTC year a second lies in."""
    return date.fromordinal(seconds // DAY + EPOCH_ORDINAL).year


def local_days(zone: str, start: int, end: int) -> Iterator[LocalDay]:
    """Every piece of a local date in [start, end), in the order of UTC."""
    for first, last, offset in _segments_between(zone, start, end):
        for number in range((first + offset) // DAY, (last + offset - 1) // DAY + 1):
            midnight = number * DAY - offset
            day = date.fromordinal(number + EPOCH_ORDINAL)
            yield LocalDay(day, midnight, max(midnight, first), min(midnight + DAY, last))


def _segments_between(zone: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    if start >= end:
        return
    for year in range(year_of(start), year_of(end - 1) + 1):
        for first, last, offset in _segments(zone, year):
            if first < end and last > start:
                yield max(first, start), min(last, end), offset


@lru_cache(maxsize=4096)
def _segments(zone: str, year: int) -> tuple[tuple[int, int, int], ...]:
    """(first, last, offset east of UTC in seconds) for each stretch of the UTC year with one offset."""
    # A look per day is enough: in tzdata no zone changes its offset twice within three days.
    days = range(year_start(year), year_start(year + 1) + 1, DAY)
    offsets = [_offset(zone, at) for at in days]
    changes = [
        _change_between(zone, at, at + DAY)
        for at, (before, after) in zip(days, pairwise(offsets), strict=False) if before != after
    ]
    return tuple((a, b, _offset(zone, a)) for a, b in pairwise([days[0], *changes, days[-1]]) if a < b)


def _change_between(zone: str, before: int, after: int) -> int:
    """The first second that has the later offset."""
    old = _offset(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if _offset(zone, middle) == old else (before, middle)
    return after


def _offset(zone: str, seconds: int) -> int:
    return to_moment(seconds).astimezone(ZoneInfo(zone)).utcoffset() // SECOND
