"""What time it is for work that must not run ahead of its time, on a machine whose clock may be set wrong.

A clock that leaps is not believed at once: until the leap has stood for a while, time goes on as this machine's
steady counter says. So a clock that stands an hour ahead for some minutes escalates nothing before its time, and one
that was set back holds nothing up.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from . import clock

log = logging.getLogger(__name__)

LEAP = timedelta(seconds=30)
"""What clocks are slewed by in one go at most; more is a leap."""
PATIENCE_SECONDS = 900.0
UPTIME = Path("/proc/uptime")


def ticks() -> float:
    """Seconds of a counter that nobody sets.

    On Linux it is asked of the kernel itself: it goes on while the machine sleeps, and no library stands between.
    """
    try:
        return float(UPTIME.read_text().split()[0])
    except OSError:
        return time.monotonic()


class SteadyClock:
    """One per process; asked at least every few minutes."""

    def __init__(self, wall: Callable[[], datetime] = clock.now, counter: Callable[[], float] = ticks) -> None:
        self._wall, self._counter = wall, counter
        self._believed, self._at = wall(), counter()
        self._leap: timedelta | None = None
        self._leapt_at = 0.0

    def now(self) -> datetime:
        """The moment to work by: the wall clock's, unless that has just leapt."""
        at, wall = self._counter(), self._wall()
        expected = self._believed + timedelta(seconds=at - self._at)
        leap = wall - expected
        if abs(leap) <= LEAP or self._has_stood(leap, at):
            self._believed, self._at, self._leap = wall, at, None
            return wall
        return expected

    def _has_stood(self, leap: timedelta, at: float) -> bool:
        """Whether the clock has differed by as much for long enough to be right after all."""
        if self._leap is None or abs(leap - self._leap) > LEAP:
            log.warning("the clock of this machine leapt by %s; the desk goes on by its steady counter for %d minutes",
                        leap, PATIENCE_SECONDS // 60)
            self._leap, self._leapt_at = leap, at
        return at - self._leapt_at >= PATIENCE_SECONDS
