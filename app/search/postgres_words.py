"""The vocabulary inside PostgreSQL: each word counted per audience, so that a reader is hinted at nothing else."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from rapidfuzz.distance import OSA
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.db import db

from .library import Reader
from .postgres_models import IndexWord

LEAST_PREFIX = 3


def _counting(*conditions: Any) -> Any:
    """Written down once: several of these are asked per question, and to build one costs as much as its answer.
    `mine` is None for who reads everything."""
    mine = sa.bindparam("mine", type_=ARRAY(sa.Text))
    held = sa.func.string_to_array(IndexWord.audiences, " ").op("&&", is_comparison=True)(mine)
    return (sa.select(IndexWord.word, sa.func.sum(IndexWord.documents).label("documents"))
            .where(IndexWord.generation == sa.bindparam("generation"), IndexWord.documents > 0,
                   sa.or_(mine.is_(None), held), *conditions).group_by(IndexWord.word))


NAMED = _counting(IndexWord.word == sa.any_(sa.bindparam("words", type_=ARRAY(sa.Text))))
ALIKE = _counting(IndexWord.initial == sa.bindparam("initial"),
                  IndexWord.length.between(sa.bindparam("least"), sa.bindparam("most")))
BEGINNING = _counting(IndexWord.word >= sa.bindparam("prefix"), IndexWord.word < sa.bindparam("beyond"))


class PostgresVocabulary:
    """The `Vocabulary` of one reader."""

    def __init__(self, generation: int, reader: Reader) -> None:
        mine = None if reader.audiences is None else sorted(reader.audiences)
        self._values = {"generation": generation, "mine": mine}
        self._met: dict[str, int] = {}

    def expect(self, words: Iterable[str]) -> None:
        wanted = list({*words} - self._met.keys())
        if wanted:
            self._met |= dict.fromkeys(wanted, 0) | dict(self._counted(NAMED, words=wanted))

    def frequency(self, word: str) -> int:
        self.expect([word])
        return self._met[word]

    def near(self, word: str, distance: int, limit: int) -> list[tuple[str, int]]:
        if not word:
            return []
        found = []
        for other, documents in self._counted(ALIKE, initial=word[0], least=len(word) - distance,
                                              most=len(word) + distance):
            away = OSA.distance(word, other, score_cutoff=distance)
            if 0 < away <= distance:
                found.append((away, -documents, other))
        return [(other, -documents) for _away, documents, other in sorted(found)[:limit]]

    def starting(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        if len(prefix) < LEAST_PREFIX:
            return []
        beyond = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        found = self._counted(BEGINNING, prefix=prefix, beyond=beyond)
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]

    def _counted(self, statement: Any, **values: Any) -> list[tuple[str, int]]:
        return [(word, int(documents)) for word, documents in db.session.execute(statement, self._values | values)]
