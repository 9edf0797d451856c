"""What the index inside PostgreSQL keeps of a document: each stem, and how much the document says by it.

BM25 has two factors: how rare a stem is, known when it is looked for, and which share of its text it is, known when
the document is taken in. The second is what stands beside the id of the document.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .analysis import Entry
from .backend import Term
from .scoring import K1, LENGTH_COUNTS

MARKS = {"title": "=", "body": "", "gram": "#"}
"""A lexeme begins with the mark of its field; stems are letters and digits only."""
AUDIENCE, EVERYWHERE = "@", "*"
"""Who may read it, and what stands for any stem, are listed as stems are."""
IDS, IMPACTS, EACH = "I", "f", 4
"""How they are packed (as module array says), and how many octets each takes."""
BLOCK = 900
"""Ids that share a row: a full one fits into a page of the table (8 kB), and little is written anew for a change."""
MOST = 20_000
"""Lexemes of a document."""


@dataclass(frozen=True)
class Averages:
    """How many stems the titles and the bodies of the index have."""

    title: float
    body: float


def is_only_listed(name: str) -> bool:
    return name.startswith((AUDIENCE, EVERYWHERE))


def lexeme(term: Term) -> str:
    return MARKS[term.field] + term.text


def impacts(entry: Entry, audiences: tuple[str, ...], averages: Averages) -> dict[str, float]:
    """The lexemes of a document and what each says, up to 2.2; nothing where it is only listed."""
    found = dict.fromkeys([EVERYWHERE, *(AUDIENCE + name for name in audiences)], 0.0)
    for name, impact in _stems({"title": entry.title, "body": entry.body, "gram": entry.gram}, averages):
        if len(found) < MOST:
            found[name] = impact
    return found


def _stems(fields: Mapping[str, Counter[str]], averages: Averages) -> Iterator[tuple[str, float]]:
    usual = {"title": averages.title, "body": averages.body, "gram": averages.title * 5}
    for field, counts in fields.items():
        share = LENGTH_COUNTS[field]
        penalty = K1 * (1 - share + share * counts.total() / max(usual[field], 1))
        for text, count in counts.items():
            yield MARKS[field] + text, count * (K1 + 1) / (count + penalty)
