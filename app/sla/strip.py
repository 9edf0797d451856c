"""A clock as a picture: one bar per segment along a hundred percent. Kinds differ in shape, not only in colour."""

from dataclasses import dataclass

from .explain import Segment, coarse

LEAST = 0.5
"""Percent of the width that any bar gets, so that a minute can be seen beside a week."""
MOST_BARS = 80


@dataclass(frozen=True)
class Bar:
    """From x on so wide, in percent. `kind`: counted, idle, holiday, paused, late, ahead (will be counted)."""

    x: float
    width: float
    kind: str
    segment: Segment


@dataclass(frozen=True)
class Strip:
    """The bars, and where now is: None where the clock has stopped or nothing lies ahead."""

    bars: list[Bar]
    now: float | None


def strip(segments: list[Segment], ahead: list[Segment]) -> Strip:
    """Of what was and what is to come."""
    was, comes = coarse(segments, MOST_BARS), coarse(ahead, MOST_BARS)
    every = [*((segment, _kind(segment)) for segment in was), *((segment, _kind_ahead(segment)) for segment in comes)]
    widths = _widths([segment.seconds for segment, _kind in every])
    edges = [sum(widths[:place]) for place in range(len(widths) + 1)]
    bars = [Bar(round(x, 3), round(width, 3), kind, segment)
            for x, width, (segment, kind) in zip(edges, widths, every, strict=False)]
    return Strip(bars, round(edges[len(was)], 3) if comes else None)


def kinds(strips: list[Strip]) -> set[str]:
    """What needs a word of explanation on a page of these."""
    return {bar.kind for drawn in strips for bar in drawn.bars}


def _widths(seconds: list[int]) -> list[float]:
    """In percent: by length, but none too small to be seen."""
    total, least = sum(seconds) or 1, min(LEAST, 50 / max(len(seconds), 1))
    rest = 100 - least * len(seconds)
    return [least + rest * length / total for length in seconds]


def _kind(segment: Segment) -> str:
    if segment.why in ("holiday", "paused"):
        return segment.why
    if not segment.is_counted:
        return "idle"
    return "late" if segment.is_late else "counted"


def _kind_ahead(segment: Segment) -> str:
    return "ahead" if segment.is_counted else _kind(segment)
