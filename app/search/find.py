"""Finding: a question understood, asked of the index, answered from the database."""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from markupsafe import Markup

from app.core.db import among, db

from . import engine, registry, synonyms
from .backend import Unusable
from .library import Card, Reader
from .models import IndexChange
from .reranking import rerank
from .snippets import Marker
from .stems import CUT, kyrgyz_stem, stem
from .text import telling, words
from .understanding import Question, literally, understand

log = logging.getLogger(__name__)
FOLDED_LENGTH = 300
LONGEST = 8_000
"""Letters of a question that are read."""
MOST, MOST_FILTERED = 100, 400
"""Documents that are looked at; beyond these nobody pages. More of them where only some will do."""
MOST_STEMS = 6
"""Words the database is asked for without an index: each costs a look through all texts."""
SUGGESTED = 40
DEEP, READ = 50, 6_000
TELLING, MOST_READ_WORDS = 12, 300
_complained: set[str] = set()


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


@dataclass(frozen=True)
class _Found:
    """Documents the reader may see, the best first, and how they were found."""

    question: Question
    cards: list[Card]
    is_capped: bool
    from_index: bool


def find(text: str, reader: Reader, wanted: Wanted = Wanted()) -> Results:
    """The documents that fit best, as this reader may see them now. No text makes it raise."""
    text = _clean(text)
    is_filtered = wanted.category_id is not None or wanted.language is not None
    found = _look(text, reader, MOST_FILTERED if is_filtered else MOST, is_literal=wanted.literal)
    kept = [card for card in found.cards if _fits(card, wanted)]
    if wanted.language is None:
        kept = _one_of_each(kept, reader.language)
    page = kept[wanted.first:wanted.first + wanted.size]
    hits, standing = _hits(page, found.question, reader, wanted.first + 1)
    return Results(
        text, hits, len(kept), found.is_capped, _shown_for(found.question, standing),
        Counter(card.category_id for card in _one_of_each(found.cards, wanted.language or reader.language)
                if wanted.language in (None, card.language)),
        Counter(card.language for card in found.cards if wanted.category_id in (None, card.category_id)),
        found.from_index,
    )


def suggest(text: str, reader: Reader, size: int = 5) -> list[Hit]:
    """While somebody types: the last word may be half there. Titles only."""
    found = _look(_clean(text), reader, most=SUGGESTED, is_typing=True)
    marker = _marker(found.question)
    return [Hit(card, marker.mark(card.title), Markup(""), place)
            for place, card in enumerate(_one_of_each(found.cards, reader.language)[:size], 1)]


def related(text: str, reader: Reader, size: int = 5) -> list[Hit]:
    """For a long conversation: only its most telling words are asked for."""
    telling_words = _most_telling(_clean(text), reader)
    found = _look(" ".join(telling_words), reader, most=SUGGESTED, is_literal=True)
    return _hits(_one_of_each(found.cards, reader.language)[:size], found.question, reader, 1)[0]


def folded(text: str, language: str) -> str:
    """The stems, sorted: the same for searches that ask the same."""
    stems_of = sorted({_plain_stem(word, language) for word in telling(words(_clean(text)))})
    return " ".join(stems_of)[:FOLDED_LENGTH]


def search_text(title: str, plain: str, language: str) -> str:
    """What the database keeps for searching without an index: the stems of a document, in order."""
    stems_of = [_plain_stem(word, language) for word in words(f"{title}\n{plain}")]
    return f" {' '.join(stems_of)} "


def _plain_stem(word: str, language: str) -> str:
    return kyrgyz_stem(word) if language == "ky" and not word.isascii() else stem(word)


def _clean(text: str) -> str:
    """Without what no database and no page can hold."""
    return text[:LONGEST].replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def _one_of_each(cards: list[Card], language: str) -> list[Card]:
    """What says the same in several languages stands once, in this language if that was found too, at the best of
    their places."""
    own = {card.family: card for card in reversed(cards) if card.language == language and card.family is not None}
    kept: dict[int, Card] = {}
    for card in cards:
        kept.setdefault(-card.id if card.family is None else card.family, own.get(card.family, card))
    return list(kept.values())


def _fits(card: Card, wanted: Wanted) -> bool:
    return wanted.category_id in (None, card.category_id) and wanted.language in (None, card.language)


def _look(text: str, reader: Reader, most: int, is_literal: bool = False, is_typing: bool = False) -> _Found:
    """From the index; from the database where the index is of no use or knows nothing."""
    try:
        found = _from_index(text, reader, most, is_literal, is_typing)
        _complained.clear()
        return found if found.cards else _from_database(text, reader, most)
    except Unusable as error:
        if str(error) not in _complained:
            _complained.add(str(error))
            log.warning("search without an index: %s", error)
        return _from_database(text, reader, most)


def _from_index(text: str, reader: Reader, most: int, is_literal: bool, is_typing: bool) -> _Found:
    index = engine.backend()
    if is_literal:
        question = literally(text, reader.language)
    else:
        question = understand(text, reader.language, index.vocabulary(reader), synonyms.current(), is_typing)
    ranked = index.rank(question.terms(), reader, most)
    cards = _as_they_stand(registry.library.cards([one.id for one in ranked], reader), question, reader)
    return _Found(question, rerank(question, ranked, cards), len(ranked) == most, True)


def _as_they_stand(cards: Mapping[int, Card], question: Question, reader: Reader) -> Mapping[int, Card]:
    """Without those that changed since the index took them in and no longer say a word of what was asked."""
    changed = list(db.session.scalars(sa.select(IndexChange.document_id).where(among(IndexChange.document_id, cards))))
    if not changed:
        return cards
    marker, bodies = _marker(question), registry.library.bodies(changed, reader)
    stale = {number for number in changed
             if not marker.spots(cards[number].title) and not marker.spots(bodies.get(number, ""))}
    return {number: card for number, card in cards.items() if number not in stale}


def _from_database(text: str, reader: Reader, most: int) -> _Found:
    """Documents with most of the words first; of the best, those that have them in their titles."""
    question = literally(text, reader.language)
    asked = sorted((word.asked for word in question.words), key=len, reverse=True)[:MOST_STEMS]
    starts = [_plain_stem(word, "ky")[:CUT] if reader.language == "ky" else stem(word) for word in asked]
    ids = registry.library.containing(starts, reader, most) if starts else []
    cards = registry.library.cards(ids, reader)
    bodies = registry.library.bodies(ids[:DEEP], reader)
    marker = _marker(question)

    def worth(card: Card) -> float:
        in_title = {word for _begin, _end, word in marker.spots(card.title)}
        return 1.5 * len(in_title) + len({word for _begin, _end, word in marker.spots(bodies.get(card.id, "")[:READ])})

    best = sorted((cards[number] for number in ids[:DEEP] if number in cards), key=worth, reverse=True)
    rest = [cards[number] for number in ids[DEEP:] if number in cards]
    return _Found(question, best + rest, len(ids) == most, False)


def _most_telling(text: str, reader: Reader) -> list[str]:
    """Words that are rare in the documents and said often here."""
    counted = Counter(word for word in telling(words(text)) if not word.isdecimal())
    try:
        vocabulary, asked = engine.backend().vocabulary(reader), list(counted)[:MOST_READ_WORDS]
        vocabulary.expect(asked)
        known = {word: count for word in asked if (count := vocabulary.frequency(word))}
    except Unusable:
        known = dict.fromkeys(counted, 1)
    return sorted(known, key=lambda word: counted[word] ** 0.5 / (1 + known[word]) ** 0.5, reverse=True)[:TELLING]


def _marker(question: Question) -> Marker:
    return Marker((term.text, term.word) for term in question.terms() if term.field != "gram")


def _hits(page: list[Card], question: Question, reader: Reader, first: int) -> tuple[list[Hit], set[str]]:
    """The cards as they are shown, and the words that stand in them if the question was mended."""
    bodies = registry.library.bodies([card.id for card in page], reader)
    marker = _marker(question)
    hits = [Hit(card, marker.mark(card.title), marker.snippet(bodies.get(card.id, "")), place)
            for place, card in enumerate(page, first)]
    if not question.is_mended:
        return hits, set()
    return hits, {word for card in page for word in words(f"{card.title}\n{bodies.get(card.id, '')}")}


def _shown_for(question: Question, standing: set[str]) -> str | None:
    """The question as it was mended, by words that stand in what is shown and by no others: a correction must not
    hint at what the reader may not read."""
    if not question.is_mended or not standing:
        return None
    by_stem = {stem(word): word for word in sorted(standing)}
    chosen = {}
    for word in question.words:
        spelled = next((other for other in word.mended if other in standing), None)
        spelled = spelled or next((by_stem[stem(other)] for other in word.mended if stem(other) in by_stem), None)
        if spelled:
            chosen[word.asked] = spelled
    right_keys = question.is_flipped and any(stem(word.asked) in by_stem for word in question.words)
    return question.shown_for(chosen) if chosen or right_keys else None
