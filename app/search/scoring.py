"""Ranking by BM25 over the lists of an inverted index, one stem after another.

Whoosh's own matchers cost some microseconds per document and several of them return wrong top tens (docs/search.md);
adding up arrays is exact, several times faster, and lets the alternatives of one word (its stem, its synonyms, its
repairs) count once, as the best of them.
"""

import heapq
import math
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from .backend import Ranked, Term

K1 = 1.2
LENGTH_COUNTS = {"title": 0.4, "body": 0.75, "gram": 0.4}
"""How much a long field weighs against a short one."""

DESCRIBED = 50
"""Of so many of the best it is said which words they hold."""


@dataclass(frozen=True)
class Postings:
    """The documents of one part that hold a stem, ascending, and how much each of them says by it, up to 2.2."""

    ids: array
    impacts: array


class Part(Protocol):
    """A part of an index whose documents are numbered from 0."""

    def postings(self, field: str, text: str) -> Postings | None: ...

    def readable(self, audiences: frozenset[str] | None) -> Container[int]: ...

    def document_id(self, number: int) -> int: ...


def impacts(weights: Iterable[float], ids: array, lengths: Sequence[float], average: float, field: str) -> array:
    share = LENGTH_COUNTS[field]
    flat, steep = K1 * (1 - share), K1 * share / average
    return array("f", [weight * (K1 + 1) / (weight + flat + steep * lengths[number])
                       for number, weight in zip(ids, weights, strict=True)])


def rank(terms: Sequence[Term], parts: Sequence[Part], count: int, audiences: frozenset[str] | None,
         limit: int) -> list[Ranked]:
    """The best documents of all parts together."""
    lists = {(term.field, term.text): [part.postings(term.field, term.text) for part in parts] for term in terms}
    rarity = {key: _rarity(sum(len(found.ids) for found in held if found), count) for key, held in lists.items()}
    best: list[tuple[float, int, int]] = []
    for number, part in enumerate(parts):
        held = [(term, lists[term.field, term.text][number], term.weight * rarity[term.field, term.text])
                for term in terms]
        scores = _scores([(term, found, factor) for term, found, factor in held if found])
        best += [(score, -document, number) for document, score in _best(scores, part.readable(audiences), limit)]
    first = heapq.nlargest(limit, best)
    held = _words_held(terms, lists, {(number, -document) for _score, document, number in first[:DESCRIBED]})
    return [Ranked(parts[number].document_id(-document), score, frozenset(held.get((number, -document), ())))
            for score, document, number in first]


def _best(scores: dict[int, float], readable: Container[int], limit: int) -> list[tuple[int, float]]:
    """Most of what fits may be read, usually: only where the best of it do not suffice are all looked up."""
    several = 2 * limit
    least = heapq.nlargest(several, scores.values())[-1] if len(scores) > several else 0.0
    best = [pair for pair in scores.items() if pair[1] >= least and pair[0] in readable]
    if least and len(best) < limit:
        best = [pair for pair in scores.items() if pair[0] in readable]
    return best


def _rarity(documents: int, count: int) -> float:
    return math.log(count / (documents + 1)) + 1 if documents <= count else 0.5


def _scores(held: list[tuple[Term, Postings, float]]) -> dict[int, float]:
    """Added up over the words and fields; of the alternatives of a word in a field the best one counts. The pieces of
    a word add up, as they are all of it."""
    groups = defaultdict(list)
    for term, found, factor in held:
        groups[term.word, term.field, term.text if term.field == "gram" else ""].append((found, factor))
    scores: dict[int, float] = {}
    for alternatives in groups.values():
        for document, score in _best_of(alternatives):
            scores[document] = scores.get(document, 0.0) + score
    return scores


def _best_of(alternatives: list[tuple[Postings, float]]) -> Iterable[tuple[int, float]]:
    if len(alternatives) == 1:
        found, factor = alternatives[0]
        return zip(found.ids, [impact * factor for impact in found.impacts], strict=True)
    best: dict[int, float] = {}
    for found, factor in sorted(alternatives, key=lambda pair: pair[1]):
        for document, impact in zip(found.ids, found.impacts, strict=True):
            score = impact * factor
            if score > best.get(document, 0.0):
                best[document] = score
    return best.items()


def _words_held(terms: Sequence[Term], lists: dict[tuple[str, str], list[Postings | None]],
                documents: set[tuple[int, int]]) -> dict[tuple[int, int], set[int]]:
    """(part, document) -> the words of the question it holds."""
    held: dict[tuple[int, int], set[int]] = defaultdict(set)
    by_part: dict[int, set[int]] = defaultdict(set)
    for number, document in documents:
        by_part[number].add(document)
    for number, wanted in by_part.items():
        for term in terms:
            found = lists[term.field, term.text][number] if term.field != "gram" else None
            for document in _common(found, wanted) if found else ():
                held[number, document].add(term.word)
    return held


def _common(found: Postings, wanted: set[int]) -> Iterable[int]:
    """Those of some documents that are in a list: looked up in a long one, a short one is run through."""
    if len(found.ids) < 500:
        return wanted.intersection(found.ids)
    return [document for document in wanted if holds(found.ids, document)]


def holds(ids: array, document: int) -> bool:
    """Whether it is in an ascending list."""
    place = bisect_left(ids, document)
    return place < len(ids) and ids[place] == document
