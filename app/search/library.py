"""What the search asks of the room whose documents it finds. The index says which documents may fit; what a reader
may see, titles, texts and numbers of hits always come from the database, so that a change of rights holds at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Document:
    """One text as the index takes it. `body` is plain text. Who holds one of the `audiences` may read it:
    public, staff, team:<id>."""

    id: int
    language: str
    title: str
    body: str
    keywords: str = ""
    audiences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reader:
    """Who asks: the language of their screens and the audiences they belong to (None: all of them)."""

    language: str
    audiences: frozenset[str] | None
    person: Any = None


@dataclass(frozen=True)
class Card:
    """A document this reader may see, now, as the list of results shows it."""

    id: int
    language: str
    title: str
    category_id: int | None
    updated_at: datetime
    family: int | None = None
    """The same for what says the same in several languages."""


class Library(Protocol):
    """The documents, in the database."""

    def cards(self, ids: Sequence[int], reader: Reader) -> Mapping[int, Card]:
        """Those of these documents that the reader may see, in one query."""

    def bodies(self, ids: Sequence[int], reader: Reader) -> Mapping[int, str]:
        """The plain texts of those of these documents that the reader may see."""

    def containing(self, stems: Sequence[str], reader: Reader, limit: int) -> list[int]:
        """Without any index: documents the reader may see in which words begin with these folded stems, those with
        most of them first."""

    def documents(self, ids: Iterable[int]) -> list[Document]:
        """Those of these that are published now, for the index."""

    def ids(self, after: int, limit: int) -> list[int]:
        """The ids of what is published now, ascending, for a rebuild."""

    def count(self) -> int:
        """How many documents the index ought to hold."""
