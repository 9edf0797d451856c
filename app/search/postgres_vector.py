"""A document as PostgreSQL's full text takes it: our own stems, each with a label that says how much of the text it is.

BM25 has two factors: how rare a stem is, known when it is looked for, and which share of its text it is, known when
the document is taken in. The second is stored as one of the four labels of a lexeme, so that `ts_rank`, given the
values of the labels, returns it: PostgreSQL then ranks as Whoosh does.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .scoring import K1, LENGTH_COUNTS

MARKS = {"title": "=", "body": "", "gram": "#"}
"""A lexeme begins with the mark of its field; stems are letters and digits only."""
EVERYWHERE = ""
"""Stands for any stem: it is counted with each document."""
LONGEST = 100
MOST = 20_000
"""Lexemes of a document: a vector holds at most a megabyte."""
LABELS = "DCBA"
VALUES = (0.24, 0.41, 0.57, 0.78)
LIMITS = (0.32, 0.49, 0.67)
"""Where a label ends and the next begins."""
SINGLE = 1.64493406685
"""By this `ts_rank` divides the value of a lexeme that stands once."""


@dataclass(frozen=True)
class Averages:
    """How many stems the titles and the bodies of the index have."""

    title: float
    body: float


def lexeme(field: str, text: str) -> str:
    return MARKS[field] + text[:LONGEST]


def vector(fields: Mapping[str, Counter[str]], averages: Averages) -> tuple[str, list[str]]:
    """The text of a tsvector, and its lexemes."""
    found = dict(_labelled(fields, averages))
    names = list(found)[:MOST]
    return " ".join(f"{quoted(name)}:1{found[name]}" for name in names), names


def _labelled(fields: Mapping[str, Counter[str]], averages: Averages) -> Iterator[tuple[str, str]]:
    usual = {"title": averages.title, "body": averages.body, "gram": averages.title * 5}
    for field, counts in fields.items():
        share = LENGTH_COUNTS[field]
        penalty = K1 * (1 - share + share * counts.total() / max(usual[field], 1))
        for text, count in counts.items():
            yield lexeme(field, text), _label(count / (count + penalty))


def _label(share: float) -> str:
    return LABELS[sum(share > limit for limit in LIMITS)]


def quoted(name: str) -> str:
    """A lexeme inside the text of a tsvector or tsquery."""
    return "'" + name.replace("\\", "\\\\").replace("'", "''") + "'"


def query(names: Iterable[str]) -> str:
    """The text of a tsquery that any of these lexemes fits."""
    return " | ".join(map(quoted, names))
