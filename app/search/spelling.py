"""The words a reader's documents are written in: which are known, near to another, or begin with some letters."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from heapq import nlargest

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .segments import Snapshot

SHORTEST_PREFIX = 3


class Words:
    """The `Vocabulary` of a Whoosh index."""

    def __init__(self, snapshot: Snapshot, audiences: frozenset[str] | None) -> None:
        self.snapshot = snapshot
        self.fields = snapshot.fields(audiences)

    def expect(self, words: Iterable[str]) -> None:
        """They are at hand."""

    def frequency(self, word: str) -> int:
        found = self._with(word[0]).get(word, 0) if word else 0
        return found if found and self._stands(word) else 0

    def near(self, word: str, distance: int, limit: int) -> list[tuple[str, int]]:
        known = self._with(word[0]) if word else {}
        found = process.extract(word, known.keys(), scorer=OSA.distance, score_cutoff=distance, limit=None)
        ranked = sorted((steps, -known[other], other) for other, steps, _key in found)
        return [(other, -count) for _steps, count, other in ranked[:limit * 5] if self._stands(other)][:limit]

    def starting(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        if len(prefix) < SHORTEST_PREFIX:
            return []
        known = self._with(prefix[0])
        names = list(known)
        first = bisect_left(names, prefix)
        last = bisect_left(names, prefix + "\U0010ffff", first)
        found = nlargest(limit * 3, names[first:last], key=known.__getitem__)
        return [(other, known[other]) for other in found if self._stands(other)][:limit]

    def _with(self, letter: str) -> dict[str, int]:
        """All words with this first letter, sorted."""
        key = self.fields, letter
        if key not in self.snapshot.words:
            counted: Counter[str] = Counter()
            for segment in self.snapshot.segments:
                for field in self.fields:
                    counted.update(segment.files.words(field, letter))
            self.snapshot.words[key] = dict(sorted(counted.items()))
        return self.snapshot.words[key]

    def _stands(self, word: str) -> bool:
        """A document that is deleted leaves its words in the index until segments are merged."""
        return any(segment.stands(word, self.fields) for segment in self.snapshot.segments)
