"""Words that mean the same: those that come with the desk and those its administrator adds."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from app.core.db import db

from .models import SynonymGroup
from .stems import kyrgyz_stem, stem
from .text import stop_words, words


class Synonyms:
    """Groups of words and phrases, looked up by stems, so that each form of a word counts."""

    def __init__(self, groups: Iterable[Iterable[str]]) -> None:
        self._found: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for group in groups:
            phrases = [words(phrase) for phrase in group]
            others = list(dict.fromkeys(word for phrase in phrases for word in phrase if word not in stop_words()))
            for phrase in phrases:
                for key in _keys(phrase):
                    self._found[key].extend(word for word in others if word not in phrase)

    def of(self, phrase: Sequence[str]) -> list[str]:
        """The words that mean what this phrase (folded words) means."""
        return list(dict.fromkeys(word for key in _keys(phrase) for word in self._found.get(key, ())))


def _keys(phrase: Sequence[str]) -> set[tuple[str, ...]]:
    if not phrase:
        return set()
    return {tuple(map(stem, phrase)), tuple(word if word.isascii() else kyrgyz_stem(word) for word in phrase)}


OWN = sa.select(SynonymGroup.words).order_by(SynonymGroup.id)


@cache
def _built_in() -> tuple[tuple[str, ...], ...]:
    lines = (Path(__file__).parent / "synonyms.txt").read_text("utf-8").splitlines()
    return tuple(tuple(word.strip() for word in line.split(",")) for line in lines
                 if line.strip() and not line.startswith("#"))


@cache
def _with(own: tuple[tuple[str, ...], ...]) -> Synonyms:
    return Synonyms((*_built_in(), *own))


def current() -> Synonyms:
    """All groups as they are now; what the administrator has added holds at once."""
    rows = db.session.scalars(OWN)
    own = tuple(tuple(group) for group in rows)
    if _with.cache_info().currsize > 4:
        _with.cache_clear()
    return _with(own)
