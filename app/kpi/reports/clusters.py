"""Which questions ask the same. Pure: the same questions give the same clusters.

A question is the set of its telling stems. A stem tells the more the fewer questions have it: its weight is
ln(1 + N / n), N questions in all, n with the stem. Two questions are alike by the weight of the stems they share,
divided by the weight of the stems of either (Jaccard's index, weighted). Questions are taken in turn, those asked most
often first; each joins the leader it is most alike, if that is at least ALIKE, else it leads a cluster of its own.
Leaders of before stay leaders while anything joins them, so that a cluster keeps its name from day to day.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from math import log

ALIKE = 0.35


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
        self._count, self._with = len(asked), defaultdict[str, int](int)
        for question in asked:
            for stem in stems_of(question):
                self._with[stem] += 1
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        self._known: set[str] = set()

    def add(self, leader: str) -> None:
        if leader not in self._known:
            self._known.add(leader)
            for stem in stems_of(leader):
                self._by_stem[stem].append(leader)

    def place(self, question: str) -> str:
        """The leader of a question; the question itself where none is alike enough."""
        if question not in self._known:
            alike = {leader: self.likeness(question, leader) for leader in self._candidates(question)}
            best = max(sorted(alike), key=lambda leader: alike[leader], default=None)
            if best is not None and alike[best] >= ALIKE:
                return best
        self.add(question)
        return question

    def likeness(self, one: str, other: str) -> float:
        mine, theirs = stems_of(one), stems_of(other)
        either = self._weight(mine | theirs)
        return self._weight(mine & theirs) / either if either else 0.0

    def _candidates(self, question: str) -> set[str]:
        """Leaders that can be alike enough: who shares none of the heaviest stems cannot reach ALIKE by the rest."""
        heaviest = sorted(stems_of(question), key=lambda stem: (-self._weight([stem]), stem))
        needed, rest, found = ALIKE * self._weight(heaviest), self._weight(heaviest), set()
        for stem in heaviest:
            if rest < needed - 1e-9:
                break
            found.update(self._by_stem[stem])
            rest -= self._weight([stem])
        return found

    def _weight(self, stems: Iterable[str]) -> float:
        return sum(log(1 + self._count / max(1, self._with[stem])) for stem in sorted(stems))
