"""The order of the documents an index found, by what the database knows of them as well."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from .backend import Ranked
from .library import Card
from .text import words
from .understanding import Question

DEEPEST = 50
"""So many of the best are looked at again."""
OWN_LANGUAGE = 1.5
COVERAGE = 0.3
WHOLE_TITLE, TITLE_BEGINS = 1.5, 1.25
LEAST = 0.1
"""What scores less than this share of the best is not worth showing."""


def rerank(question: Question, ranked: Sequence[Ranked], cards: Mapping[int, Card]) -> list[Card]:
    """Those that may be seen, the best first."""
    seen = [one for one in ranked if one.id in cards]
    scored = [(one.score * _factor(question, one, cards[one.id]) if place < DEEPEST else one.score * 0.8, one.id)
              for place, one in enumerate(seen)]
    scored.sort(key=lambda pair: -pair[0])
    least = scored[0][0] * LEAST if scored else 0
    return [cards[number] for score, number in scored if score >= least]


def _factor(question: Question, found: Ranked, card: Card) -> float:
    covered = len(found.words) / (len(question.words) or 1)
    factor = 1 + COVERAGE * covered
    if card.language == question.language:
        factor *= OWN_LANGUAGE
    return factor * _title_factor(question, card)


@lru_cache(maxsize=20_000)
def _spelled(title: str) -> str:
    return " ".join(words(title))


def _title_factor(question: Question, card: Card) -> float:
    title = _spelled(card.title)
    if title == question.spelled:
        return WHOLE_TITLE
    return TITLE_BEGINS if title.startswith(question.spelled) else 1.0
