"""The index beside SQLite, in Whoosh's files. The one module that imports whoosh.

Whoosh keeps the lists of words and documents, in segments that never change, and its writer; scoring.py adds up. What
was read of a segment is kept, so a commit costs readers only what is new in it. An index is a cache of the database:
whatever goes wrong with it is `Unusable`, and it is built anew.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any

from whoosh import fields, formats
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from . import scoring
from .analysis import entry
from .backend import Ranked, Term, Unusable, Vocabulary
from .library import Document, Reader
from .segments import Files, Segment, Snapshot, words_field
from .spelling import Words

WAIT = 15
"""Seconds a writer waits for another one to finish."""


class Counted(fields.FieldType):
    """A field whose stems are already counted: nothing is left to analyse, and no positions are kept. All have their
    lengths stored: of a field without, the writer looks for the file of lengths once per word."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), None, scorable=True)

    def index(self, value: Counter[str], **_options: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        for word, times in value.items():
            yield word.encode(), times, float(times), b""

    def clean(self) -> None:
        """Nothing to put away before the schema is written down."""


def _schema() -> fields.Schema:
    schema = fields.Schema(id=fields.NUMERIC(int, bits=64, unique=True, sortable=True, shift_step=0),
                           audience=Counted(), title=Counted(), body=Counted(), gram=Counted())
    schema.add("words_*", Counted(), glob=True)
    return schema


SCHEMA = _schema()


def usable(method: Any) -> Any:
    """What goes wrong inside says that the index is of no use. A file that has just been replaced by a commit is
    looked for once more."""
    @wraps(method)
    def guarded(self: Any, *arguments: Any) -> Any:
        try:
            try:
                return method(self, *arguments)
            except FileNotFoundError:
                return method(self, *arguments)
        except Unusable:
            raise
        except Exception as error:
            raise Unusable(f"{type(error).__name__}: {error}") from error
    return guarded


class Guarded(Words):
    """Words are read when they are asked for."""

    frequency = usable(Words.frequency)
    near = usable(Words.near)
    starting = usable(Words.starting)


class WhooshIndex:
    """The index in one folder: the `Backend` of a desk on SQLite. One object serves all threads of a process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._index: FileIndex | None = None
        self._snapshot: Snapshot | None = None

    @classmethod
    def create(cls, folder: Path) -> "WhooshIndex":
        """An empty index in a folder of its own, which only the desk may look into."""
        for each in (folder.parent, folder):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
        FileStorage(str(folder)).create_index(SCHEMA)
        return cls(folder)

    @usable
    def count(self) -> int:
        return self._read().count

    @usable
    def vocabulary(self, reader: Reader) -> Vocabulary:
        return Guarded(self._read(), reader.audiences)

    @usable
    def rank(self, terms: Sequence[Term], reader: Reader, limit: int) -> list[Ranked]:
        snapshot = self._read()
        return scoring.rank(terms, snapshot.segments, snapshot.count, reader.audiences, limit) if snapshot.count else []

    @usable
    def apply(self, documents: Sequence[Document], removed: Sequence[int]) -> None:
        with _writing(self._open()) as writer:
            for gone in {*removed, *(document.id for document in documents)}:
                writer.delete_by_term("id", gone)
            for document in documents:
                writer.add_document(**_fields(document))

    @usable
    def fill(self, documents: Iterable[Document]) -> None:
        """Take all of these into an empty index, in one go."""
        with _writing(self._open()) as writer:
            for document in documents:
                writer.add_document(**_fields(document))

    @usable
    def optimize(self) -> None:
        """Merge what many commits have left; the words of what was taken out go with it."""
        with _writing(self._open(), is_merging=True):
            pass

    def close(self) -> None:
        with self._lock:
            self._snapshot = self._index = None

    def _open(self) -> FileIndex:
        if self._index is None:
            self._index = FileIndex(FileStorage(str(self.folder), supports_mmap=False), schema=SCHEMA)
        return self._index

    def _read(self) -> Snapshot:
        """The index as it is now: looked at afresh if a commit has been made."""
        with self._lock:
            index = self._open()
            known = self._snapshot
            if known is None or index.latest_generation() != known.generation:
                toc = index._read_toc()
                kept = {segment.name: segment for segment in known.segments} if known else {}
                self._snapshot = Snapshot(toc.generation, [_segment(index, held, kept) for held in toc.segments])
            return self._snapshot


def _segment(index: FileIndex, held: Any, kept: dict[str, Segment]) -> Segment:
    deleted = frozenset(held.deleted_docs())
    known = kept.get(held.segment_id())
    if known:
        return known if known.deleted == deleted else known.without(deleted)
    return Segment(held.segment_id(), Files(SegmentReader(index.storage, SCHEMA, held)), deleted)


class _writing:
    """A writer that is closed whatever happens: a lock that was left behind would stop every later one."""

    def __init__(self, index: FileIndex, is_merging: bool = False) -> None:
        self.index, self.is_merging = index, is_merging

    def __enter__(self) -> SegmentWriter:
        self.writer = self.index.writer(timeout=WAIT)
        self.writer.optimize = self.is_merging
        return self.writer

    def __exit__(self, *about: Any) -> None:
        try:
            self.writer.__exit__(*about)  # Writes it down, or forgets it after an exception.
        finally:
            self._release()

    def _release(self) -> None:
        try:
            if not self.writer.is_closed:
                self.writer.cancel()
        finally:
            with suppress(Exception):  # It complains of a lock that is released already.
                self.writer.writelock.release()


def _fields(document: Document) -> dict[str, Any]:
    about = entry(document)
    words = Counter(about.words)
    return {"id": document.id, "audience": Counter(document.audiences), "title": about.title, "body": about.body,
            "gram": about.gram, **{words_field(audience): words for audience in document.audiences}}

