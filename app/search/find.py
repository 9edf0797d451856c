"""Finding: a question understood, asked of the index, answered from the database."""

import logging
from dataclasses import dataclass

from markupsafe import Markup, escape

from . import registry
from .library import Card, Reader
from .stems import kyrgyz_stem, stem
from .text import telling, words

log = logging.getLogger(__name__)
FOLDED_LENGTH = 300
MOST = 200


@dataclass(frozen=True)
class Wanted:
    """Which part of the results. `literal`: the words as they are typed, none repaired."""

    first: int = 0
    size: int = 10
    category_id: int | None = None
    language: str | None = None
    literal: bool = False


@dataclass(frozen=True)
class Hit:
    """A document that was found; `place` counts from 1."""

    card: Card
    title: Markup
    snippet: Markup
    place: int


@dataclass(frozen=True)
class Results:
    """What was found. `shown_for` is the question as it was repaired; `categories` and `languages` say how many of
    the hits are in each; `is_capped`: there may be more than `total`."""

    asked: str
    hits: list[Hit]
    total: int
    is_capped: bool
    shown_for: str | None
    categories: dict[int | None, int]
    languages: dict[str, int]
    from_index: bool


def find(text: str, reader: Reader, wanted: Wanted = Wanted()) -> Results:
    """The documents that fit best, as this reader may see them now. Never raises for any text."""
    found = [stem(word) for word in telling(words(text))][:8]
    ids = registry.library.containing(found, reader, MOST)
    cards = registry.library.cards(ids, reader)
    kept = [cards[i] for i in ids if i in cards
            and wanted.category_id in (None, cards[i].category_id) and wanted.language in (None, cards[i].language)]
    page = kept[wanted.first:wanted.first + wanted.size]
    hits = [Hit(card, escape(card.title), Markup(""), place)
            for place, card in enumerate(page, wanted.first + 1)]
    return Results(text, hits, len(kept), len(ids) == MOST, None, {}, {}, False)


def suggest(text: str, reader: Reader, size: int = 5) -> list[Hit]:
    """While somebody types: the last word may be half there."""
    return find(text, reader, Wanted(size=size)).hits


def related(text: str, reader: Reader, size: int = 5) -> list[Hit]:
    """For a long conversation: only its most telling words are asked for."""
    return find(text, reader, Wanted(size=size)).hits


def folded(text: str, language: str) -> str:
    """The stems, sorted: the same for searches that ask the same."""
    stems = sorted({_plain_stem(word, language) for word in telling(words(text))})
    return " ".join(stems)[:FOLDED_LENGTH]


def search_text(title: str, plain: str, language: str) -> str:
    """What the database keeps for searching without an index: the stems of a document, in order."""
    stems = [_plain_stem(word, language) for word in words(f"{title}\n{plain}")]
    return f" {' '.join(stems)} "


def _plain_stem(word: str, language: str) -> str:
    return kyrgyz_stem(word) if language == "ky" and not word.isascii() else stem(word)
