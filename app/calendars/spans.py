"""Spans [start, end) on the line of UTC seconds, and the open ones of a year with their running sum."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

Span = tuple[int, int, Any]  # start, end, what it is


def joined(spans: Iterable[Span]) -> Iterator[Span]:
    """The same spans, with those that touch and are the same thing made one."""
    held: Span | None = None
    for span in spans:
        if held and held[1] == span[0] and held[2] == span[2]:
            held = (held[0], span[1], held[2])
            continue
        if held:
            yield held
        held = span
    if held:
        yield held


@dataclass(frozen=True, slots=True)
class OpenYear:
    """The open spans of one UTC year; `worked[i]` is the open seconds up to the end of span i."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    worked: tuple[int, ...]

    @classmethod
    def of(cls, spans: Iterable[Span]) -> "OpenYear":
        """From open spans in order, none overlapping."""
        whole = list(joined(spans))
        starts, ends = tuple(span[0] for span in whole), tuple(span[1] for span in whole)
        return cls(starts, ends, tuple(accumulate(end - start for start, end in zip(starts, ends, strict=False))))

    @property
    def total(self) -> int:
        """Open seconds of the whole year."""
        return self.worked[-1] if self.worked else 0

    def worked_before(self, at: int) -> int:
        """Open seconds of the year before the moment."""
        last = bisect_right(self.starts, at) - 1
        return self.worked[last] - max(self.ends[last] - at, 0) if last >= 0 else 0

    def moment_worked(self, seconds: int) -> int:
        """The earliest moment before which that many seconds (1 to `total`) were open."""
        index = bisect_left(self.worked, seconds)
        return self.ends[index] - (self.worked[index] - seconds)

    def moment_left(self, seconds: int) -> int:
        """The latest moment from which on that many seconds (1 to `total`) of the year are open."""
        before = self.total - seconds
        index = bisect_right(self.worked, before)
        return self.ends[index] - (self.worked[index] - before)

    def next_open(self, at: int) -> int | None:
        """The first open moment of the year that is not before `at`."""
        index = bisect_right(self.ends, at)
        return max(self.starts[index], at) if index < len(self.ends) else None

    def is_open(self, at: int) -> bool:
        """Whether the moment lies in an open span."""
        return self.next_open(at) == at

    def between(self, start: int, end: int) -> Iterator[Span]:
        """The open spans within [start, end), cut to it."""
        if start >= end:
            return
        for index in range(bisect_right(self.ends, start), bisect_left(self.starts, end)):
            yield max(self.starts[index], start), min(self.ends[index], end), None
