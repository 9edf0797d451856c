"""A slow second opinion on business time: it walks along UTC and asks zoneinfo what the clock on the wall says.

It shares nothing with the code under test: no spans, no sums, and its own reading of the plain data.
"""

import math
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND, MINUTE = 1, 60


class Oracle:
    """Answers like WorkingHours.build(zone, week, None, overrides), where `closed` are a country's holidays."""

    def __init__(self, zone, week, overrides=None, closed=()):
        self.zone = ZoneInfo(zone)
        self.week = week
        self.overrides = overrides or {}
        self.closed = closed
        self.known = {}

    def is_open(self, moment):
        """Reads the wall clock to the minute: no interval starts or ends within one."""
        local = moment.astimezone(self.zone)
        today, clock = local.date(), f"{local.hour:02}:{local.minute:02}"
        yesterday = today - timedelta(days=1)
        rule = self.overrides.get(today.isoformat(), "as ever")
        if isinstance(rule, dict):
            return False
        if isinstance(rule, list):
            return any(opens_on_its_day(*interval, clock) for interval in rule)
        if rule == "as ever" and today in self.closed:
            return False
        before = self.overrides.get(yesterday.isoformat())
        nights = [*self.week[yesterday.weekday()], *(before if isinstance(before, list) else [])]
        return any(opens_on_its_day(*interval, clock) for interval in self.week[today.weekday()]) or any(
            opens_on_the_next_day(*interval, clock) for interval in nights
        )

    def elapsed(self, start, end, step=MINUTE):
        """Open seconds in [start, end), adding up step by step."""
        start, end = seconds_of(start), seconds_of(end)
        steps = range(start - start % step, end, step)
        return sum(min(at + step, end) - max(at, start) for at in steps if self.is_open_at(at))

    def deadline(self, start, seconds, step=MINUTE):
        """The first moment with so many open seconds behind it; for 0 the first open one."""
        start = seconds_of(start)
        for at in count(start - start % step, step):
            if self.is_open_at(at):
                begin = max(at, start)
                if at + step - begin >= seconds:
                    return EPOCH + timedelta(seconds=begin + seconds)
                seconds -= at + step - begin

    def latest_start(self, end, seconds, step=MINUTE):
        """The last moment with so many open seconds (at least one) between it and the end: walks back."""
        end = seconds_of(end)
        for at in count(end - end % step, -step):
            if self.is_open_at(at):
                last = min(at + step, end)
                if last - at >= seconds:
                    return EPOCH + timedelta(seconds=last - seconds)
                seconds -= last - at

    def is_open_at(self, at):
        """The same for a second since 1970, remembered."""
        if at not in self.known:
            self.known[at] = self.is_open(EPOCH + timedelta(seconds=at))
        return self.known[at]


def opens_on_its_day(start, end, clock):
    return start <= clock < (end if end > start else "24:00")


def opens_on_the_next_day(start, end, clock):
    return end <= start and clock < end


def seconds_of(moment):
    return math.floor((moment - EPOCH).total_seconds())


def utc(text):
    """The UTC moment written "2026-03-29 01:00" or with seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text, zone, fold=0):
    """The moment at which the clock on the wall of the zone shows "2026-03-29 03:00", as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)
