"""Reads of reply templates and macros: always through the person."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import may
from app.search.keyboards import other_layout

from ..models import Ticket
from .models import Macro, ReplyTemplate, Scoped

_REACHES = ("own", "team", "desk")


def sees(person: Any, model: type[Scoped]) -> Any:
    """The condition for those a person may look at: own ones, those of the teams, those of the desk; the administrator
    those of all teams. A personal one is nobody else's."""
    of_desk = sa.and_(model.owner_id.is_(None), model.team_id.is_(None))
    of_teams = model.team_id.is_not(None) if person.is_administrator else model.team_id.in_(person.team_ids)
    return sa.or_(model.owner_id == person.id, of_teams, of_desk)


def found(person: Any, model: type[Any], number: int) -> Any:
    """One of them. Raises NotFound for what is not there or somebody else's, and for whoever works at no desk."""
    kept = None
    if 0 < number < 2**31 and may(person, "template.read"):
        kept = db.session.scalar(sa.select(model).where(model.id == number, sees(person, model)))
    if kept is None:
        raise NotFound()
    return kept


def reply_template(person: Any, template_id: int) -> ReplyTemplate:
    return found(person, ReplyTemplate, template_id)


def macro(person: Any, macro_id: int) -> Macro:
    return found(person, Macro, macro_id)


def all_of(person: Any, model: type[Any], words: str = "") -> list[Any]:
    """All a person may look at that hold these words: those in use first, own ones before the desk's."""
    kept = db.session.scalars(sa.select(model).where(sees(person, model)).options(joinedload(model.team)))
    wanted = words.lower()
    return sorted((one for one in kept if wanted in _text_of(one)), key=_in_order)


def _text_of(kept: Any) -> str:
    """All by which one may be found."""
    return " ".join([getattr(kept, "keyword", ""), *kept.names.values(), *kept.bodies.values()]).lower()


def _in_order(kept: Scoped) -> tuple[Any, ...]:
    return not kept.is_active, _REACHES.index(kept.reach), kept.team_id or 0, kept.position, kept.title.lower()


def offered(person: Any, model: type[Any], ticket: Ticket, words: str = "") -> list[Any]:
    """What this person may use on a ticket, the likeliest first: by its keyword or name where some are typed, in
    whichever keyboard layout; then by how often it is used."""
    teams = {*person.team_ids, ticket.team_id} if person.is_administrator else person.team_ids
    kept = db.session.scalars(sa.select(model).where(model.is_active, sees(person, model), sa.or_(
        model.team_id.is_(None), model.team_id.in_(teams))))
    fitting = [one for one in kept if not one.request_types or ticket.request_type.slug in one.request_types]
    ranked = [(_match(one, words.lower()), one) for one in fitting]
    return [one for match, one in sorted(((match, one) for match, one in ranked if match is not None),
                                         key=lambda pair: (pair[0], *_usual(pair[1])))]


def _match(kept: Any, words: str) -> int | None:
    """How well it meets what was typed: 0 best, None not at all."""
    keyword, name = getattr(kept, "keyword", ""), " ".join(kept.names.values()).lower()
    matches = [_met(keyword, name, typed) for typed in {words, other_layout(words)}]
    return min((match for match in matches if match is not None), default=None)


def _met(keyword: str, name: str, typed: str) -> int | None:
    if not typed or keyword == typed:
        return 0
    if keyword.startswith(typed):
        return 1
    if f" {name}".find(f" {typed}") >= 0:
        return 2
    return 3 if typed in keyword or typed in name else None


def _usual(kept: Scoped) -> tuple[Any, ...]:
    return -kept.used_count, _REACHES.index(kept.reach), kept.position, kept.title.lower(), kept.id
