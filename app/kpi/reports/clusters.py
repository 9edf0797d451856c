"""Which questions ask the same. Pure: the same questions give the same clusters.

A question is the set of its telling stems. A stem tells the more the fewer questions have it: its weight is
ln(1 + N / n), N questions in all, n with the stem. Two questions are alike by the weight of the stems they share,
divided by the weight of the stems of either (Jaccard's index, weighted). Questions are taken in turn, those asked most
often first; each joins the leader it is most alike, if that is at least ALIKE, else it leads a cluster of its own.
Leaders of before stay leaders while anything joins them, so that a cluster keeps its name from day to day.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from math import log

ALIKE = 0.35
TINY = 1e-6
"""More than rounding can add up to."""


@lru_cache(maxsize=32_768)
def stems_of(question: str) -> frozenset[str]:
    return frozenset(question.split())


def key_of(leader: str) -> str:
    """The name of a cluster in addresses."""
    return sha256(leader.encode()).hexdigest()[:16]


def clusters(asked: Mapping[str, int], leaders: Iterable[str] = ()) -> dict[str, str]:
    """Question -> its leader. A question is its folded stems with spaces between; `asked` says how often each was."""
    book = _Leaders(asked)
    for leader in sorted(leaders):
        book.add(leader)
    return {question: book.place(question) for question in sorted(asked, key=lambda one: (-asked[one], one))}


class _Leaders:
    """The leaders so far, and by which stems they are found."""

    def __init__(self, asked: Mapping[str, int]) -> None:
        counted = Counter(stem for question in asked for stem in stems_of(question))
        self._most = log(1 + len(asked))
        self._weights = {stem: log(1 + len(asked) / n) for stem, n in counted.items()}
        self._totals: dict[str, float] = {}
        self._by_stem: dict[str, list[str]] = defaultdict(list)

    def add(self, leader: str) -> None:
        if leader not in self._totals:
            self._totals[leader] = self._weight(stems_of(leader))
            for stem in stems_of(leader):
                self._by_stem[stem].append(leader)

    def place(self, question: str) -> str:
        """The leader of a question; the question itself where none is alike enough."""
        if question not in self._totals:
            alike = {leader: self.likeness(question, leader) for leader in self._candidates(question)}
            best = max(sorted(alike), key=lambda leader: alike[leader], default=None)
            if best is not None and alike[best] >= ALIKE:
                return best
        self.add(question)
        return question

    def likeness(self, question: str, leader: str) -> float:
        mine = stems_of(question)
        shared = self._weight(mine & stems_of(leader))
        either = self._weight(mine) + self._totals[leader] - shared
        return shared / either if either else 0.0

    def _candidates(self, question: str) -> set[str]:
        """Leaders that can be alike enough: who shares none of the heaviest stems cannot reach ALIKE by the rest, nor
        can who weighs much less or much more in all."""
        whole = rest = self._weight(stems_of(question)) + TINY
        found: set[str] = set()
        for stem in sorted(stems_of(question), key=lambda stem: (-self._weight([stem]), stem)):
            if rest < ALIKE * whole - TINY:
                break
            found.update(self._by_stem.get(stem, ()))
            rest -= self._weight([stem])
        return {leader for leader in found if ALIKE * whole <= self._totals[leader] + TINY
                and ALIKE * self._totals[leader] <= whole}

    def _weight(self, stems: Iterable[str]) -> float:
        """Added up in one order, so that the last digit is the same in every process. A stem of an old leader that
        no question has any more weighs most."""
        return sum(self._weights.get(stem, self._most) for stem in sorted(stems))
