"""Changing the words that mean the same: what must hold, and the event with old and new."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.db import db
from app.core.errors import Conflict, Invalid
from app.core.events import record

from ..models import SynonymGroup
from . import queries

MOST_GROUPS = 500
MOST_PHRASES = 20
MOST_WORDS = 5
LONGEST = 60


def add(phrases: Sequence[str], by: Any, at: datetime) -> SynonymGroup:
    """A new group. Raises Invalid or Conflict with the reason why it cannot be."""
    if queries.count() >= MOST_GROUPS:
        raise Conflict(_("There are %(most)s groups already, which is as many as can be.", most=MOST_GROUPS))
    made = SynonymGroup(words=_judged(phrases, None), changed_at=at)
    db.session.add(made)
    db.session.flush()
    record("synonym_group.added", made, by=by, at=at, words=", ".join(made.words),
           changes={"words": [None, made.words]})
    return made


def change(group: SynonymGroup, phrases: Sequence[str], by: Any, at: datetime) -> None:
    """Other words for a group. Raises Invalid or Conflict with the reason why it cannot be."""
    old, new = group.words, _judged(phrases, group)
    if old == new:
        return
    group.words, group.changed_at = new, at
    record("synonym_group.changed", group, by=by, at=at, words=", ".join(new), changes={"words": [old, new]})


def remove(group: SynonymGroup, by: Any, at: datetime) -> None:
    """The search takes its words for what they are again."""
    record("synonym_group.removed", group, by=by, at=at, words=", ".join(group.words),
           changes={"words": [group.words, None]})
    db.session.delete(group)


def _judged(phrases: Sequence[str], group: SynonymGroup | None) -> list[str]:
    """The phrases, each once. What is only marks, or is the same as another for the search, is left out."""
    kept: dict[str, str] = {}
    for phrase in phrases:
        kept.setdefault(queries.folded(phrase), phrase)
    kept.pop("", None)
    _refuse_odd(kept)
    _refuse_double(kept, group)
    return list(kept.values())


def _refuse_odd(kept: dict[str, str]) -> None:
    if len(kept) < 2:
        raise Invalid(_("A group needs two different words or more."))
    if len(kept) > MOST_PHRASES:
        raise Invalid(_("A group has %(most)s words or phrases at most.", most=MOST_PHRASES))
    for folded, phrase in kept.items():
        if len(phrase) > LONGEST:
            raise Invalid(_("“%(phrase)s…” is too long: at most %(most)s characters.", phrase=phrase[:30],
                            most=LONGEST))
        if len(folded.split()) > MOST_WORDS:
            raise Invalid(ngettext("“%(phrase)s” has more than one word.", "“%(phrase)s” has more than %(num)s words.",
                                   MOST_WORDS, phrase=phrase))


def _refuse_double(kept: dict[str, str], group: SynonymGroup | None) -> None:
    """A word in two groups would make them one without anybody having said so."""
    places = queries.places()
    taken = [phrase for folded, phrase in kept.items() if places.get(folded) not in (None, group.id if group else None)]
    if taken:
        raise Conflict(_("“%(phrase)s” stands in another group already. Add the other words there.", phrase=taken[0]))
