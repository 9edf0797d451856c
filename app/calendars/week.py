"""The week as people write it ("09:00" to "17:00") turned into seconds of each local day."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

DAY = 86_400  # seconds by the wall clock; what the zone makes of them is zone_days' affair

Interval = tuple[str, str]
Wall = tuple[int, int]  # [start, end) in seconds after local midnight


class Piece(NamedTuple):
    """The part of an interval that lies on one local date, in seconds after its midnight."""

    start: int
    end: int
    weekday: int
    interval: Interval


def seconds_after_midnight(text: str) -> int:
    """Seconds by the wall clock: "09:30" is 34,200 and "24:00" is 86,400."""
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def own_part(interval: Interval) -> Wall:
    """What lies on the date the interval starts on: "22:00" to "06:00" gives 22:00 to 24:00."""
    start, end = map(seconds_after_midnight, interval)
    return (start, end if end > start else DAY)


def tail(interval: Interval) -> Wall | None:
    """What runs into the next local date: "22:00" to "06:00" gives 00:00 to 06:00."""
    start, end = map(seconds_after_midnight, interval)
    return (0, end) if 0 < end <= start else None


def tails(intervals: Iterable[Interval]) -> tuple[Wall, ...]:
    """The parts of these intervals that belong to the next local date."""
    return tuple(part for part in map(tail, intervals) if part)


def pieces_on(weekday: int, week: Sequence[Iterable[Interval]]) -> Iterator[Piece]:
    """What the week opens on a weekday (0 = Monday): the night before it, then its own intervals."""
    before = (weekday - 1) % 7
    for interval in week[before]:
        if part := tail(interval):
            yield Piece(*part, before, interval)
    for interval in week[weekday]:
        yield Piece(*own_part(interval), weekday, interval)


def walls_of(week: Sequence[Iterable[Interval]]) -> tuple[tuple[Wall, ...], ...]:
    """Open seconds of each weekday, in order and merged, nights already moved to the date they end on."""
    return tuple(merged((piece.start, piece.end) for piece in pieces_on(day, week)) for day in range(7))


def merged(walls: Iterable[Wall]) -> tuple[Wall, ...]:
    """The same open seconds, in order, none twice."""
    union: list[Wall] = []
    for start, end in sorted(walls):
        if union and start <= union[-1][1]:
            union[-1] = (union[-1][0], max(end, union[-1][1]))
        else:
            union.append((start, end))
    return tuple(union)
