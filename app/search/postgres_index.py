"""The index inside PostgreSQL: of each stem the documents that hold it; in the caller's transaction.

PostgreSQL's own `ts_rank` looks into every document that fits, a dozen times a question: at 10,000 articles that took
three times as long as fetching the postings of the question's stems and adding them up as Whoosh's are, and it knows
four grades of weight where BM25 knows all.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from app.core.db import db

from . import folders, scoring
from .backend import Ranked, Term, Unusable
from .library import Document, Reader
from .postgres_models import IndexDocument, IndexPostings, IndexState
from .postgres_postings import AUDIENCE, EACH, EVERYWHERE, IDS, IMPACTS, MARKS, lexeme
from .postgres_words import PostgresVocabulary
from .postgres_writing import Changes, take_in, take_out
from .scoring import Postings

VERSION = f"{folders.VERSION}.2"
HELD = sa.select(sa.func.count()).where(IndexDocument.generation == IndexState.generation).scalar_subquery()
LISTED = sa.select(sa.func.coalesce(sa.func.sum(sa.func.octet_length(IndexPostings.ids)), 0)).where(
    IndexPostings.generation == IndexState.generation, IndexPostings.lexeme == EVERYWHERE).scalar_subquery()
ANSWERING = sa.select(IndexState.generation, IndexState.version, LISTED.label("octets"))


def _answering(statement: Any) -> Any:
    """The generation that answers, and what is counted of it. Raises Unusable while there is none of this version."""
    state = db.session.execute(statement).first()
    if state is None or state.version != VERSION:
        raise Unusable("the index was not built yet, or by another version")
    return state


class PostgresIndex:
    """The `Backend` inside the database, for one piece of work: a question is answered by one generation. `building`:
    the next one, which does not answer yet."""

    def __init__(self, building: int | None = None) -> None:
        self._building = building
        self._known: Any = None

    @property
    def _state(self) -> Any:
        self._known = self._known or _answering(ANSWERING)
        return self._known

    @property
    def generation(self) -> int:
        return self._state.generation if self._building is None else self._building

    def vocabulary(self, reader: Reader) -> PostgresVocabulary:
        return PostgresVocabulary(self.generation, reader)

    def count(self) -> int:
        """Counted twice, in one statement: what is not listed is not found, and what is listed without its document is
        never taken out."""
        state = _answering(ANSWERING.add_columns(HELD.label("documents")))
        if state.documents * EACH != state.octets:
            raise Unusable("its documents and its postings do not agree")
        return state.documents

    def rank(self, terms: Sequence[Term], reader: Reader, limit: int) -> list[Ranked]:
        part = _Part(_read(self.generation, {*_audiences(reader.audiences), *(lexeme(term) for term in terms)}))
        count = self._state.octets // EACH
        return scoring.rank(terms, [part], count, reader.audiences, limit) if count else []

    def apply(self, documents: Sequence[Document], removed: Sequence[int]) -> None:
        """Written in the transaction of the caller, who commits. Postings are read and written back: a second writer
        waits."""
        db.session.execute(sa.select(IndexState.id).with_for_update())
        generation, changes = self.generation, Changes()
        take_out(generation, [*removed, *(document.id for document in documents)], changes)
        take_in(generation, documents, changes)
        changes.write(generation)
        self._known = None


class _Part:
    """What was read for one question: the whole index is one part, its documents numbered by their ids."""

    def __init__(self, found: dict[str, Postings]) -> None:
        self._found = found

    def postings(self, field: str, text: str) -> Postings | None:
        return self._found.get(MARKS[field] + text)

    def readable(self, audiences: frozenset[str] | None) -> "_Listed":
        return _Listed([self._found[name].ids for name in _audiences(audiences) if name in self._found])

    def document_id(self, number: int) -> int:
        return number


class _Listed:
    """What is in one of these lists: hundreds are looked up, of tens of thousands."""

    def __init__(self, lists: list[array]) -> None:
        self._lists = lists

    def __contains__(self, document: int) -> bool:
        return any(scoring.holds(ids, document) for ids in self._lists)


def _audiences(audiences: Iterable[str] | None) -> list[str]:
    return [EVERYWHERE] if audiences is None else [AUDIENCE + name for name in audiences]


READ = sa.text("""
SELECT lexeme, ids, impacts FROM index_postings
WHERE generation = :generation AND lexeme = ANY(CAST(:names AS text[])) ORDER BY lexeme, block
""")


def _read(generation: int, names: Iterable[str]) -> dict[str, Postings]:
    found: dict[str, Postings] = defaultdict(lambda: Postings(array(IDS), array(IMPACTS)))
    for name, ids, impacts in db.session.execute(READ, {"generation": generation, "names": list(names)}):
        postings = found[name]
        postings.ids.frombytes(ids)
        postings.impacts.frombytes(impacts or b"")
    return dict(found)
