"""Trying a question before words are saved: what is found now, and what would be found with them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.core.db import db
from app.core.i18n import language
from app.core.markup import clean_line

from .. import engine, registry, synonyms
from ..backend import Unusable
from ..library import Card, Reader
from ..models import SynonymGroup
from ..reranking import rerank
from ..understanding import understand

LONGEST = 200
RANKED = 50
SHOWN = 10


@dataclass(frozen=True)
class Found:
    """An article with its place now and with the words as they were typed (None: not among the first RANKED)."""

    card: Card
    now: int | None
    then: int | None


@dataclass(frozen=True)
class Trial:
    """A question and what came of it; `is_possible` is false while there is no index, which alone knows synonyms."""

    question: str = ""
    found: list[Found] = field(default_factory=list)
    is_possible: bool = True

    @property
    def is_same(self) -> bool:
        return all(one.now == one.then for one in self.found)


def tried(question: str, phrases: Sequence[str], group: SynonymGroup | None, administrator: Any) -> Trial:
    """`phrases` are tried in place of the group, or as one more. An administrator reads everything."""
    question = clean_line(question or "")[:LONGEST]
    if not question:
        return Trial()
    reader = Reader(language(), None, administrator)
    saved = {row.id: tuple(row.words) for row in db.session.execute(sa.select(SynonymGroup.id, SynonymGroup.words))}
    typed = saved | {group.id if group else 0: tuple(phrases)}
    try:
        return Trial(question, _compared(*(_ranking(question, reader, groups) for groups in (saved, typed))))
    except Unusable:
        return Trial(question, is_possible=False)


def _ranking(question: str, reader: Reader, groups: dict[int, tuple[str, ...]]) -> list[Card]:
    """As the search does it, with these groups and those that come with the desk."""
    index, known = engine.backend(), synonyms.Synonyms((*synonyms._built_in(), *groups.values()))
    understood = understand(question, reader.language, index.vocabulary(reader), known, False)
    ranked = index.rank(understood.terms(), reader, RANKED)
    return rerank(understood, ranked, registry.library.cards([one.id for one in ranked], reader))


def _compared(now: list[Card], then: list[Card]) -> list[Found]:
    """The first articles of either, in the order in which they would stand."""
    places_now = {card.id: place for place, card in enumerate(now, 1)}
    places_then = {card.id: place for place, card in enumerate(then, 1)}
    first = {card.id: card for card in [*then[:SHOWN], *now[:SHOWN]]}
    found = [Found(card, places_now.get(number), places_then.get(number)) for number, card in first.items()]
    return sorted(found, key=lambda one: (one.then or RANKED + 1, one.now or RANKED + 1))
