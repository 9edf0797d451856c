"""Trying a question: what is found with the words that mean the same, and what would be found without them."""

from dataclasses import dataclass, fields
from typing import Any

from app.core.i18n import language
from app.core.markup import clean_line

from ..find import Results, Wanted, find
from ..library import Reader

SHOWN = 10


@dataclass(frozen=True)
class Trial:
    """A question with both answers; `without` is None where the search cannot leave them out."""

    question: str
    found: Results | None = None
    without: Results | None = None

    @property
    def before(self) -> dict[int, int]:
        """Document -> its place without them."""
        return {hit.card.id: hit.place for hit in self.without.hits} if self.without else {}


def of(question: str, administrator: Any) -> Trial:
    """An administrator reads everything."""
    question = clean_line(question)[:200]
    if not question:
        return Trial("")
    reader = Reader(language(), None, administrator)
    return Trial(question, find(question, reader, Wanted(size=SHOWN)), _without(question, reader))


def _without(question: str, reader: Reader) -> Results | None:
    if "synonyms" not in {field.name for field in fields(Wanted)}:
        return None
    return find(question, reader, Wanted(size=SHOWN, synonyms=False))
