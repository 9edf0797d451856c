"""Documents into the tables of the index and out of them again, with what is counted of them, in one transaction."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from app.core.db import db

from .analysis import Entry, entry
from .library import Document
from .postgres_models import IndexDocument, IndexPostings, IndexWord
from .postgres_postings import BLOCK, IDS, IMPACTS, Averages, impacts, is_only_listed

Gained = dict[int, float | None]
"""Document -> what it says by a stem from now on; None: it holds it no longer."""


class Changes:
    """What becomes of the postings of each block, and how many documents more, or fewer, hold each word."""

    def __init__(self) -> None:
        self._blocks: dict[int, dict[str, Gained]] = defaultdict(lambda: defaultdict(dict))
        self._words: Counter[tuple[str, str]] = Counter()

    def put(self, number: int, said: Mapping[str, float | None], words: Iterable[str], audiences: str,
            sign: int = 1) -> None:
        block = self._blocks[number // BLOCK]
        for name, impact in said.items():
            block[name][number] = impact
        for word in words:
            self._words[word, audiences] += sign

    def write(self, generation: int) -> None:
        for block in sorted(self._blocks):
            _write_block(generation, block, self._blocks.pop(block))
        _count(generation, self._words)

    def write_before(self, generation: int, number: int) -> None:
        """The blocks that end before this document: a rebuild, which goes by ids, comes to nothing more of them."""
        for block in sorted(block for block in self._blocks if block < number // BLOCK):
            _write_block(generation, block, self._blocks.pop(block))


def _write_block(generation: int, block: int, changed: Mapping[str, Gained]) -> None:
    mine = [IndexPostings.generation == generation, IndexPostings.block == block]
    there = db.session.execute(sa.select(IndexPostings.lexeme, IndexPostings.ids, IndexPostings.impacts)
                               .where(*mine, _is_one_of(IndexPostings.lexeme, changed)))
    held = {row.lexeme: _unpacked(row.ids, row.impacts) for row in there}
    rows = [{"generation": generation, "lexeme": name, "block": block, **_packed(name, held.get(name, {}) | gained)}
            for name, gained in changed.items()]
    if emptied := [row["lexeme"] for row in rows if not row["ids"]]:
        db.session.execute(sa.delete(IndexPostings).where(*mine, _is_one_of(IndexPostings.lexeme, emptied)))
    _write(IndexPostings, [row for row in rows if row["ids"]], lambda new: {"ids": new.ids, "impacts": new.impacts})


def _unpacked(ids: bytes, impacts: bytes | None) -> Gained:
    numbers = array(IDS, ids)
    return dict(zip(numbers, array(IMPACTS, impacts) if impacts else [0.0] * len(numbers), strict=True))


def _packed(name: str, held: Gained) -> dict[str, bytes | None]:
    ids = sorted(number for number, impact in held.items() if impact is not None)
    impacts = None if is_only_listed(name) else array(IMPACTS, [held[number] for number in ids]).tobytes()
    return {"ids": array(IDS, ids).tobytes(), "impacts": impacts}


def _is_one_of(column: Any, names: Iterable[str]) -> Any:
    """As one value: thousands of names would be as many parameters."""
    return column == sa.any_(sa.cast(list(names), ARRAY(sa.Text)))


def _count(generation: int, words: Counter[tuple[str, str]]) -> None:
    """In order, so that two who write wait for each other instead of locking each other out."""
    rows = [{"generation": generation, "word": word, "audiences": audiences, "initial": word[0], "length": len(word),
             "documents": count} for (word, audiences), count in sorted(words.items()) if count]
    _write(IndexWord, rows, lambda new: {"documents": IndexWord.documents + new.documents})


def _write(table: Any, rows: list[dict[str, Any]], merged: Any) -> None:
    if not rows:
        return
    statement = insert(table)
    keys = [column.name for column in table.__table__.primary_key]
    db.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=merged(statement.excluded)), rows)


def take_out(generation: int, ids: Iterable[int], changes: Changes) -> None:
    """What goes is taken off by what the index holds of it, not by what it says now."""
    gone = db.session.execute(
        sa.delete(IndexDocument).where(IndexDocument.generation == generation, IndexDocument.id.in_(list(ids)))
        .returning(IndexDocument.id, IndexDocument.lexemes, IndexDocument.words, IndexDocument.audiences))
    for row in gone:
        changes.put(row.id, dict.fromkeys(row.lexemes.split()), row.words.split(), row.audiences, -1)


def take_in(generation: int, documents: Sequence[Document], changes: Changes) -> None:
    read = [entry(document) for document in documents]
    averages = _averages(generation, read)
    rows = []
    for document, one in zip(documents, read, strict=True):
        said = impacts(one, document.audiences, averages)
        audiences = " ".join(sorted(document.audiences))
        changes.put(document.id, said, one.words, audiences)
        rows.append({"generation": generation, "id": document.id, "audiences": audiences, "lexemes": " ".join(said),
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
    for table in (IndexDocument, IndexPostings, IndexWord):
        db.session.execute(sa.delete(table).where(table.generation != kept))


def analyze() -> None:
    """Let PostgreSQL know what the tables hold now, or it plans for what they held before."""
    for table in (IndexDocument, IndexPostings, IndexWord):
        db.session.execute(sa.text(f"ANALYZE {table.__tablename__}"))
