"""The index inside PostgreSQL: one row a document, ranked by its own full text; in the caller's transaction."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.core.db import db

from . import folders, postgres_vector
from .backend import Ranked, Term, Unusable
from .library import Document, Reader
from .postgres_models import IndexDocument, IndexLexeme, IndexState
from .postgres_vector import EVERYWHERE, SINGLE, VALUES, lexeme
from .postgres_words import PostgresVocabulary
from .postgres_writing import Counted, take_in, take_out

VERSION = f"{folders.VERSION}.1"
CANDIDATES = 1500
"""So many documents are ranked: those with the rarest words of the question. What has none of them is seldom first."""
STEP = 1.25
"""Matches worth about the same (by this factor) are counted together: one `ts_rank` instead of dozens."""


def answering() -> int:
    """The generation that answers. Raises Unusable while there is none of this version."""
    state = db.session.execute(sa.select(IndexState.generation, IndexState.version)).first()
    if state is None or state.version != VERSION:
        raise Unusable("the index was not built yet, or by another version")
    return state.generation


class PostgresIndex:
    """The `Backend` inside the database. `generation`: not the one that answers, while the next is being built."""

    def __init__(self, generation: int | None = None) -> None:
        self._generation = generation

    @property
    def generation(self) -> int:
        return answering() if self._generation is None else self._generation

    def vocabulary(self, reader: Reader) -> PostgresVocabulary:
        return PostgresVocabulary(self.generation, reader)

    def count(self) -> int:
        mine = IndexDocument.generation == self.generation
        return db.session.scalar(sa.select(sa.func.count()).select_from(IndexDocument).where(mine))

    def rank(self, terms: Sequence[Term], reader: Reader, limit: int) -> list[Ranked]:
        search = _Search(self.generation, terms, reader)
        return search.best(limit) if search.known else []

    def apply(self, documents: Sequence[Document], removed: Sequence[int]) -> None:
        """Written in the transaction of the caller, who commits."""
        generation, counted = self.generation, Counted()
        take_out(generation, [*removed, *(document.id for document in documents)], counted)
        take_in(generation, documents, counted)
        counted.write(generation)


class _Search:
    """One question: what each lexeme is worth, and which of them lead to candidates."""

    def __init__(self, generation: int, terms: Sequence[Term], reader: Reader) -> None:
        self._generation, self._reader = generation, reader
        self._documents = _frequencies(generation, {lexeme(term.field, term.text) for term in terms})
        self._total = self._documents.get(EVERYWHERE, 0)
        self.known = [term for term in terms if lexeme(term.field, term.text) in self._documents]
        self._words: dict[int, set[str]] = defaultdict(set)
        for term in self.known:
            if term.field != "gram":
                self._words[term.word].add(lexeme(term.field, term.text))

    def best(self, limit: int) -> list[Ranked]:
        """Asked again with everything where the rarest words led to too little."""
        everything = sorted({lexeme(term.field, term.text) for term in self.known})
        rarest = self._rarest()
        found = self._ask(rarest, limit) if rarest else []
        return found if len(found) == limit or rarest == everything else self._ask(everything, limit)

    def _rarest(self) -> list[str]:
        """The lexemes of the rarest words of the question, as far as they lead to few enough candidates."""
        spread = {word: sum(self._documents[name] for name in names) for word, names in self._words.items()}
        chosen: set[str] = set()
        reached = 0
        for word in sorted(spread, key=lambda word: spread[word]):
            reached += spread[word]
            if chosen and reached > CANDIDATES:
                break
            chosen |= self._words[word]
        return sorted(chosen)

    def _ask(self, leading: list[str], limit: int) -> list[Ranked]:
        words = list(self._words)
        held = {f"w{n}": postgres_vector.query(sorted(self._words[word])) for n, word in enumerate(words)}
        score, grades = self._score()
        values = {"generation": self._generation, "leading": postgres_vector.query(leading), "limit": limit,
                  "shares": list(VALUES), **held, **grades}
        if self._reader.audiences is not None:
            values["audiences"] = list(self._reader.audiences)
        statement = STATEMENT.format(
            score=score, held=", ".join(f"vector @@ CAST(:{name} AS tsquery)" for name in held),
            audiences="" if self._reader.audiences is None else AUDIENCES)
        rows = db.session.execute(sa.text(statement), values)
        return [Ranked(row.id, row.score,
                       frozenset(word for word, holds in zip(words, row.held, strict=True) if holds)) for row in rows]

    def _score(self) -> tuple[str, dict[str, Any]]:
        """The sum of worth × share of the text; of the alternatives of a word in a field the best one counts."""
        groups: dict[tuple[int, str, str], dict[str, float]] = defaultdict(dict)
        for term in self.known:
            name = lexeme(term.field, term.text)
            worth = term.weight * (math.log(self._total / (self._documents[name] + 1)) + 1)
            group = groups[term.word, term.field, name if term.field == "gram" else ""]
            group[name] = max(worth, group.get(name, 0))
        summed: dict[str, float] = defaultdict(float)
        score = _Score()
        for group in groups.values():
            if len(group) > 1:
                score.add_best(group)
            else:
                [(name, worth)] = group.items()
                summed[name] += worth
        score.add_sum(summed)
        return " + ".join(score.parts), score.values


class _Score:
    """The text of the sum, and its values. `ts_rank` divides by how many lexemes it is given."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.values: dict[str, Any] = {}

    def add_sum(self, worths: Mapping[str, float]) -> None:
        grades: dict[int, list[str]] = defaultdict(list)
        for name, worth in worths.items():
            grades[round(math.log(worth, STEP))].append(name)
        for names in grades.values():
            self.parts.append(self._share(names, sum(worths[name] for name in names)))

    def add_best(self, worths: Mapping[str, float]) -> None:
        self.parts.append(f"greatest({', '.join(self._share([name], worth) for name, worth in worths.items())})")

    def _share(self, names: list[str], worth: float) -> str:
        n = len(self.values)
        self.values |= {f"c{n}": worth * SINGLE, f"q{n}": postgres_vector.query(names)}
        return f"CAST(:c{n} AS float8) * ts_rank(CAST(:shares AS real[]), vector, CAST(:q{n} AS tsquery))"


AUDIENCES = "AND string_to_array(audiences, ' ') && CAST(:audiences AS text[])"
STATEMENT = """
WITH candidate AS MATERIALIZED (
    SELECT id, ts_filter(vector, '{{a,b,c,d}}') AS vector FROM index_documents
    WHERE generation = :generation AND vector @@ CAST(:leading AS tsquery) {audiences}
), best AS MATERIALIZED (
    SELECT id, vector, {score} AS score FROM candidate ORDER BY 3 DESC, 1 LIMIT :limit
)
SELECT id, score, CAST(ARRAY[{held}] AS boolean[]) AS held FROM best ORDER BY score DESC, id
"""


def _frequencies(generation: int, names: Iterable[str]) -> dict[str, int]:
    """In how many documents each known lexeme stands, and how many there are."""
    wanted = list({EVERYWHERE, *names})
    known = sa.select(IndexLexeme.lexeme, IndexLexeme.documents).where(
        IndexLexeme.generation == generation, IndexLexeme.lexeme.in_(wanted), IndexLexeme.documents > 0)
    return dict(db.session.execute(known).all())
