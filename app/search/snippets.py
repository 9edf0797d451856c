"""Titles and pieces of texts with the words that were looked for marked, made from the text in the database."""

import re
from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup, escape

from .stems import KYRGYZ, kyrgyz_terms, stem
from .text import fold

LENGTH = 220
"""Letters of a snippet."""
FIRST_LOOK, MOST_READ = 4_000, 60_000
"""Letters that are looked through, and through which if the words are not among the first."""
LOOKALIKES = {"е": "её", "о": "оө", "у": "уү", "н": "нң"}
"""How a folded letter may be written in a text."""

MARKUP, BEGIN, END = Markup(""), Markup("<mark>"), Markup("</mark>")

Spot = tuple[int, int, int]
"""Where a word stands: begin, end, and which word of the question it is."""


class Marker:
    """Finds the words of a question in texts, in whatever form they stand there: `stems` as in the index, each with
    the number of its word."""

    def __init__(self, stems: Iterable[tuple[str, int]]) -> None:
        self._stems = dict(reversed(list(stems)))
        self._likely = _beginnings([text.removeprefix(KYRGYZ) for text in self._stems])
        self._met: dict[str, int | None] = {}

    def spots(self, text: str) -> list[Spot]:
        if not self._stems:
            return []
        met, spots = self._met, []
        for match in self._likely.finditer(text):
            raw = match[0]
            if raw not in met:
                met[raw] = self._word(raw)
            if met[raw] is not None:
                spots.append((match.start(), match.end(), met[raw]))
        return spots

    def _word(self, raw: str) -> int | None:
        return next((self._stems[text] for text in _stems(raw) if text in self._stems), None)

    def mark(self, text: str) -> Markup:
        return _marked(text, self.spots(text))

    def snippet(self, text: str) -> Markup:
        """The part of the text with the most different words, or its beginning."""
        spots = self.spots(text[:FIRST_LOOK]) or (self.spots(text[:MOST_READ]) if len(text) > FIRST_LOOK else [])
        begin = _sentence_begin(text, _densest(spots))
        end = _word_end(text, begin + LENGTH)
        inside = [(left - begin, right - begin, word) for left, right, word in spots if begin <= left and right <= end]
        before, after = "… " if begin else "", " …" if end < len(text) else ""
        return escape(before) + _marked(text[begin:end], inside) + escape(after)


def _beginnings(stems: list[str]) -> re.Pattern[str]:
    """Words that may be of one of these stems, by their first two letters: few others are looked at closely."""
    letters = ["".join(sorted({text[place:place + 1] for text in stems})) for place in (0, 1)]
    first, second = ("".join(LOOKALIKES.get(letter, letter) for letter in each) for each in letters)
    shortest = "?" if any(len(text) < 2 for text in stems) else ""
    return re.compile(rf"(?<![^\W_])[{first + first.upper()}][{second + second.upper()}]{shortest}[^\W_]*"
                      if first and second else r"[^\W_]+")


@lru_cache(maxsize=100_000)
def _stems(raw: str) -> tuple[str, ...]:
    """The stems a word of a text may be looked for under."""
    word = fold(raw)
    return (stem(word),) if word.isascii() else (stem(word), *kyrgyz_terms(word))


def _densest(spots: list[Spot]) -> int:
    """Where the stretch with the most different words begins."""
    best, most, first = 0, 0, 0
    for last, (_begin, end, _word) in enumerate(spots):
        while end - spots[first][0] > LENGTH - 40:
            first += 1
        different = len({word for _left, _right, word in spots[first:last + 1]})
        if different > most:
            best, most = spots[first][0], different
    return best


def _sentence_begin(text: str, spot: int) -> int:
    """The beginning of the line or sentence a word stands in, if it is near, else some words before it."""
    start = max(spot - 60, 0)
    before = text[start:spot]
    ends = [before.rfind(mark) + len(mark) for mark in (". ", "\n", "! ", "? ") if mark in before]
    if ends:
        return start + max(ends)
    if start == 0:
        return 0
    space = before.find(" ", 20)
    return start + space + 1 if space >= 0 else spot


def _word_end(text: str, end: int) -> int:
    """No word is cut, if a space is near."""
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", end - 30, end)
    return space if space > 0 else end


def _marked(text: str, spots: list[Spot]) -> Markup:
    pieces, done = [], 0
    for begin, end, _word in spots:
        pieces += [escape(text[done:begin]), BEGIN, escape(text[begin:end]), END]
        done = end
    return MARKUP.join([*pieces, escape(text[done:])])
