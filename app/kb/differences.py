"""What changed between two texts, word by word, with a little of what stayed around it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

CONTEXT = 3
"""Lines kept on each side of a change."""
MOST_COMPARED = 1_000_000
"""Pairs of words looked at exactly; in larger blocks frequent words are no guide."""


@dataclass(frozen=True)
class Piece:
    """A part of the comparison: same, removed, added, or so many lines left out."""

    kind: str
    text: str = ""
    lines: int = 0


def compare(old: str, new: str) -> list[Piece]:
    """Lines first, so that a long text costs little; words within the lines that differ."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    steps = SequenceMatcher(None, before, after).get_opcodes()
    pieces: list[Piece] = []
    for place, (step, a, b, c, d) in enumerate(steps):
        if step == "equal":
            pieces.extend(_kept(before[a:b], place > 0, place < len(steps) - 1))
        else:
            pieces.extend(_changed("".join(before[a:b]), "".join(after[c:d])))
    return pieces


def _kept(lines: Sequence[str], follows: bool, goes_on: bool) -> Iterator[Piece]:
    head, tail = CONTEXT if follows else 0, CONTEXT if goes_on else 0
    left_out = len(lines) - head - tail
    if left_out <= 1:
        yield Piece("same", "".join(lines))
        return
    if head:
        yield Piece("same", "".join(lines[:head]))
    yield Piece("left_out", lines=left_out)
    if tail:
        yield Piece("same", "".join(lines[-tail:]))


def _changed(old: str, new: str) -> Iterator[Piece]:
    before, after = _words(old), _words(new)
    exact = len(before) * len(after) <= MOST_COMPARED
    for step, a, b, c, d in SequenceMatcher(None, before, after, autojunk=not exact).get_opcodes():
        if step == "equal":
            yield Piece("same", "".join(before[a:b]))
            continue
        if a < b:
            yield Piece("removed", "".join(before[a:b]))
        if c < d:
            yield Piece("added", "".join(after[c:d]))


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|\w+|[^\w\s]+", text)
