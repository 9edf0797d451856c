"""A segment of a Whoosh index as the search reads it: what was read once is kept, since a segment never changes."""

import threading
from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from .scoring import LENGTH_COUNTS, Postings, impacts

MOST_KEPT = 3_000_000
"""Postings (8 bytes each) that are kept of a segment."""
WORDS = "words_"


def words_field(audience: str) -> str:
    return WORDS + audience.replace(":", "_")


class Files:
    """What stands in the files of a segment, whatever was deleted since. Whoosh's readers have one place in a file
    for all threads, so they are asked one at a time."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self.size: int = reader.doc_count_all()
        self.averages: dict[str, float] = {}
        self._lock = threading.RLock()
        self._postings: dict[tuple[str, str], Postings | None] = {}
        self._kept = 0
        self._lengths: dict[str, Sequence[int]] = {}
        self._words: dict[tuple[str, str], dict[str, int]] = {}
        self._numbers: dict[str, frozenset[int]] = {}

    def postings(self, field: str, text: str) -> Postings | None:
        key = field, text
        try:
            return self._postings[key]
        except KeyError:
            with self._lock:
                found = self._read_postings(field, text)
                if self._kept > MOST_KEPT:
                    self._postings.clear()
                    self._kept = 0
                self._kept += len(found.ids) if found else 1
                self._postings[key] = found
            return found

    def _read_postings(self, field: str, text: str) -> Postings | None:
        ids, weights = array("I"), array("f")
        for block_ids, block_weights in self._blocks(field, text):
            ids.extend(block_ids)
            weights.extend(block_weights)
        if not ids:
            return None
        return Postings(ids, impacts(weights, ids, self.lengths(field), self.averages[field], field))

    def _blocks(self, field: str, text: str) -> Iterator[tuple[Sequence[int], Sequence[float]]]:
        """The list of a stem, block by block, whatever is deleted: Whoosh's own steps cost a microsecond each."""
        if (field, text) not in self.reader:
            return
        matcher = self.reader._terms.matcher(field, text.encode(), self.reader.schema[field].format)
        while matcher.is_active():
            matcher.id(), matcher.weight()
            yield matcher._ids, matcher._weights
            matcher._next_block()

    def lengths(self, field: str) -> Sequence[int]:
        if field not in self._lengths:
            length = self.reader.doc_field_length
            self._lengths[field] = array("I", [length(number, field) or 0 for number in range(self.size)])
        return self._lengths[field]

    @cached_property
    def document_ids(self) -> Sequence[int]:
        with self._lock:
            column = self.reader.column_reader("id")
            return array("q", [column[number] for number in range(self.size)])

    def numbers(self, field: str, text: str) -> frozenset[int]:
        """The documents of an audience, or in which a word stands."""
        with self._lock:
            if field != "audience":
                return frozenset(self._numbers_of(field, text))
            if text not in self._numbers:
                self._numbers[text] = frozenset(self._numbers_of(field, text))
            return self._numbers[text]

    def _numbers_of(self, field: str, text: str) -> Iterator[int]:
        for ids, _weights in self._blocks(field, text):
            yield from ids

    @cached_property
    def audiences(self) -> frozenset[str]:
        """The fields of words, one per audience."""
        with self._lock:
            return frozenset(name for name in self.reader.indexed_field_names() if name.startswith(WORDS))

    def words(self, field: str, letter: str) -> dict[str, int]:
        """The words of an audience that begin with this letter, and in how many documents each stands."""
        key = field, letter
        if key not in self._words:
            with self._lock:
                found = self.reader.iter_prefix(field, letter) if field in self.audiences else ()
                self._words[key] = {text.decode(): about.doc_frequency() for text, about in found}
        return self._words[key]


class Segment:
    """A segment without what has been deleted."""

    def __init__(self, name: str, files: Files, deleted: frozenset[int]) -> None:
        self.name, self.files, self.deleted = name, files, deleted
        self._readable: dict[frozenset[str] | None, Any] = {}

    def without(self, deleted: frozenset[int]) -> "Segment":
        return Segment(self.name, self.files, deleted)

    @property
    def count(self) -> int:
        return self.files.size - len(self.deleted)

    def postings(self, field: str, text: str) -> Postings | None:
        return self.files.postings(field, text)

    def readable(self, audiences: frozenset[str] | None) -> Any:
        if audiences not in self._readable:
            if len(self._readable) > 100:
                self._readable.clear()
            self._readable[audiences] = self._find_readable(audiences)
        return self._readable[audiences]

    def _find_readable(self, audiences: frozenset[str] | None) -> Any:
        if audiences is None:
            everything = range(self.files.size)
            return frozenset(everything) - self.deleted if self.deleted else everything
        return frozenset().union(*(self.files.numbers("audience", name) for name in audiences)) - self.deleted

    def document_id(self, number: int) -> int:
        return self.files.document_ids[number]

    def stands(self, word: str, fields: frozenset[str]) -> bool:
        """Whether the word is in a document that is not deleted."""
        return any(word in self.files.words(field, word[0])
                   and (not self.deleted or self.files.numbers(field, word) - self.deleted) for field in fields)


class Snapshot:
    """The index after one commit."""

    def __init__(self, generation: int, segments: list[Segment]) -> None:
        self.generation, self.segments = generation, segments
        self.count = sum(segment.count for segment in segments)
        self.words: dict[tuple[frozenset[str], str], dict[str, int]] = {}
        averages = {field: self._average(field) for field in LENGTH_COUNTS}
        for segment in segments:
            segment.files.averages = segment.files.averages or averages

    def _average(self, field: str) -> float:
        """How long it usually is in the whole index: a segment of one document says nothing of what is long."""
        files = [segment.files for segment in self.segments]
        return sum(each.reader.field_length(field) for each in files) / max(sum(each.size for each in files), 1) or 1.0

    def fields(self, audiences: frozenset[str] | None) -> frozenset[str]:
        """Where the words of these audiences stand."""
        known = frozenset().union(*(segment.files.audiences for segment in self.segments))
        return known if audiences is None else known & frozenset(map(words_field, audiences))
