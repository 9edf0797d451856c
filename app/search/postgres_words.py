"""The vocabulary inside PostgreSQL: each word counted per audience, so that a reader is hinted at nothing else."""

from typing import Any

import sqlalchemy as sa
from rapidfuzz.distance import OSA

from app.core.db import db

from .library import Reader
from .postgres_models import IndexWord

LEAST_PREFIX = 3


class PostgresVocabulary:
    """The `Vocabulary` of one reader."""

    def __init__(self, generation: int, reader: Reader) -> None:
        self._mine = [IndexWord.generation == generation, IndexWord.documents > 0]
        if reader.audiences is not None:
            held = sa.func.string_to_array(IndexWord.audiences, " ")
            mine = sa.cast(sorted(reader.audiences), sa.dialects.postgresql.ARRAY(sa.Text))
            self._mine.append(held.op("&&", is_comparison=True)(mine))

    def frequency(self, word: str) -> int:
        counted = sa.select(sa.func.sum(IndexWord.documents)).where(*self._mine, IndexWord.word == word)
        return int(db.session.scalar(counted) or 0)

    def near(self, word: str, distance: int, limit: int) -> list[tuple[str, int]]:
        if not word:
            return []
        lengths = IndexWord.length.between(len(word) - distance, len(word) + distance)
        found = []
        for other, documents in self._counted(IndexWord.initial == word[0], lengths):
            away = OSA.distance(word, other, score_cutoff=distance)
            if 0 < away <= distance:
                found.append((away, -documents, other))
        return [(other, -documents) for _away, documents, other in sorted(found)[:limit]]

    def starting(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        if len(prefix) < LEAST_PREFIX:
            return []
        beyond = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        found = self._counted(IndexWord.word >= prefix, IndexWord.word < beyond)
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]

    def _counted(self, *conditions: Any) -> list[tuple[str, int]]:
        statement = (sa.select(IndexWord.word, sa.func.sum(IndexWord.documents))
                     .where(*self._mine, *conditions).group_by(IndexWord.word))
        return [(word, int(documents)) for word, documents in db.session.execute(statement)]
