"""A library without a database, for tests of finding itself."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from app.search.find import search_text
from app.search.library import Card, Document, Reader

LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)


class Shelf:
    """A `Library` of the documents it was given."""

    def __init__(self, *documents: Document) -> None:
        self.held = {document.id: document for document in documents}

    def _seen(self, ids: Iterable[int], reader: Reader) -> list[Document]:
        return [self.held[number] for number in ids if number in self.held
                and (reader.audiences is None or reader.audiences & set(self.held[number].audiences))]

    def cards(self, ids: Sequence[int], reader: Reader) -> Mapping[int, Card]:
        return {one.id: Card(one.id, one.language, one.title, None, LONG_AGO) for one in self._seen(ids, reader)}

    def bodies(self, ids: Sequence[int], reader: Reader) -> Mapping[int, str]:
        return {one.id: one.body for one in self._seen(ids, reader)}

    def containing(self, stems: Sequence[str], reader: Reader, limit: int) -> list[int]:
        counted = {one.id: sum(f" {stem}" in search_text(one.title, one.body, one.language) for stem in stems)
                   for one in self._seen(self.held, reader)}
        return sorted((number for number in counted if counted[number]), key=lambda number: -counted[number])[:limit]

    def documents(self, ids: Iterable[int]) -> list[Document]:
        return [self.held[number] for number in ids if number in self.held]

    def ids(self, after: int, limit: int) -> list[int]:
        return sorted(number for number in self.held if number > after)[:limit]

    def count(self) -> int:
        return len(self.held)
