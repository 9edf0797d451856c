"""Documents into the tables of the index and out of them again, with what is counted of them, in one transaction."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.core.db import db

from . import postgres_vector
from .analysis import Entry, entry
from .library import Document
from .postgres_models import IndexDocument, IndexLexeme, IndexWord
from .postgres_vector import EVERYWHERE, Averages


class Counted:
    """How many documents more, or fewer, hold each lexeme and each word."""

    def __init__(self) -> None:
        self._lexemes: Counter[str] = Counter()
        self._words: Counter[tuple[str, str]] = Counter()

    def add(self, lexemes: Iterable[str], words: Iterable[str], audiences: str, sign: int = 1) -> None:
        self._lexemes[EVERYWHERE] += sign
        for name in lexemes:
            self._lexemes[name] += sign
        for word in words:
            self._words[word, audiences] += sign

    def write(self, generation: int) -> None:
        """In order, so that two who write wait for each other instead of locking each other out."""
        _write(IndexLexeme, [{"generation": generation, "lexeme": name, "documents": count}
                             for name, count in sorted(self._lexemes.items()) if count])
        _write(IndexWord, [{"generation": generation, "word": word, "audiences": audiences, "initial": word[0],
                            "length": len(word), "documents": count}
                           for (word, audiences), count in sorted(self._words.items()) if count])


def _write(table: Any, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    statement = insert(table)
    keys = [column.name for column in table.__table__.primary_key]
    added = {"documents": table.documents + statement.excluded.documents}
    db.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=added), rows)


def take_out(generation: int, ids: Iterable[int], counted: Counted) -> None:
    """What goes is counted off by what the index holds of it, not by what it says now."""
    gone = db.session.execute(
        sa.delete(IndexDocument).where(IndexDocument.generation == generation, IndexDocument.id.in_(list(ids)))
        .returning(sa.func.tsvector_to_array(IndexDocument.vector).label("lexemes"), IndexDocument.words,
                   IndexDocument.audiences))
    for row in gone:
        counted.add(row.lexemes, row.words.split(), row.audiences, -1)


def take_in(generation: int, documents: Sequence[Document], counted: Counted) -> None:
    read = [entry(document) for document in documents]
    averages = _averages(generation, read)
    rows = []
    for document, one in zip(documents, read, strict=True):
        fields = {"title": one.title, "body": one.body, "gram": one.gram}
        vector, lexemes = postgres_vector.vector(fields, averages)
        audiences = " ".join(sorted(document.audiences))
        counted.add(lexemes, one.words, audiences)
        rows.append({"generation": generation, "id": document.id, "audiences": audiences, "vector": vector,
                     "words": " ".join(sorted(one.words)), "title_length": one.title.total(),
                     "body_length": one.body.total()})
    if rows:
        db.session.execute(sa.insert(IndexDocument), rows)


def _averages(generation: int, read: Sequence[Entry]) -> Averages:
    """Over what is there and what comes."""
    held = db.session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(IndexDocument.title_length), 0),
                  sa.func.coalesce(sa.func.sum(IndexDocument.body_length), 0))
        .where(IndexDocument.generation == generation)).one()
    count = max(held[0] + len(read), 1)
    return Averages(float(held[1] + sum(one.title.total() for one in read)) / count,
                    float(held[2] + sum(one.body.total() for one in read)) / count)


def forget(kept: int) -> None:
    """Away with all generations but one."""
    for table in (IndexDocument, IndexLexeme, IndexWord):
        db.session.execute(sa.delete(table).where(table.generation != kept))


def analyze() -> None:
    """Let PostgreSQL know what the tables hold now, or it plans for what they held before."""
    for table in (IndexDocument, IndexLexeme, IndexWord):
        db.session.execute(sa.text(f"ANALYZE {table.__tablename__}"))
