"""What an index can do. Two are built: Whoosh beside SQLite, tables inside PostgreSQL. Words are understood before
they come here, so both are asked the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from .library import Document, Reader


class Unusable(Exception):
    """The index is missing, broken or of another version: the database answers, the leader builds it anew."""


@dataclass(frozen=True)
class Term:
    """One stem to look for in one field (title, body, gram). `word` says which word of the question it stands for:
    stems of one word are alternatives."""

    field: str
    text: str
    weight: float
    word: int


@dataclass(frozen=True)
class Ranked:
    """A document that fits, and which words of the question it holds."""

    id: int
    score: float
    words: frozenset[int]


class Vocabulary(Protocol):
    """The words, folded but not stemmed, of what one reader may read: nothing else may be hinted at."""

    def expect(self, words: Iterable[str]) -> None:
        """The frequencies of these will be asked for: who has to fetch them may fetch them together."""

    def frequency(self, word: str) -> int:
        """In how many documents the word stands; 0 for an unknown one."""

    def near(self, word: str, distance: int, limit: int) -> list[tuple[str, int]]:
        """Words with the same first letter within this edit distance, with their frequencies, nearest and then most
        frequent first."""

    def starting(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Words that begin so (at least three letters), most frequent first."""


class Backend(Protocol):
    """One index. Every method may raise Unusable."""

    def vocabulary(self, reader: Reader) -> Vocabulary:
        """The words of what this reader may read."""

    def rank(self, terms: Sequence[Term], reader: Reader, limit: int) -> list[Ranked]:
        """The best documents of the reader's audiences, best first."""

    def apply(self, documents: Sequence[Document], removed: Sequence[int]) -> None:
        """Take documents in (or anew) and others out, all at once. Only the leader calls it."""

    def count(self) -> int:
        """How many documents the index holds."""
