"""What a `key:value` of a search asks of tickets. It shares its words with the filter of the queues (filter.py)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import Department, Team, User
from app.catalogue.models import RequestType
from app.core.db import db

from .. import queries
from ..filter import contains, tagged
from ..models import Handover, Ticket
from ..show import plain_status_names
from ..vocabulary import CHANNELS, KINDS, PRIORITIES, STATUSES
from . import moments
from .language import Filter

MOST_PEOPLE = 100
ME = ("me", "я", "мен")
NOBODY = ("none", "nobody", "никто", "эчким")
OF_STAFF = frozenset({"tag", "priority", "level"})
"""What only those who work on a ticket read on it: for everybody else it fits no ticket."""


class NotUnderstood(Exception):
    """The value says nothing; the message, if there is one, says why."""


@dataclass(frozen=True)
class Asker:
    """Who searches, and when."""

    person: User
    now: datetime

    @property
    def is_staff(self) -> bool:
        return self.person.is_agent or self.person.is_administrator


@dataclass(frozen=True)
class Narrowed:
    """What the filters ask of tickets, and what is to be said about them."""

    conditions: list[Any]
    notes: list[str]


def narrow(filters: Iterable[Filter], asker: Asker) -> Narrowed:
    """Each filter as a condition; what was not understood is named and left out."""
    conditions, notes = [], []
    for each in filters:
        try:
            conditions.append(_condition(each, asker))
        except NotUnderstood as error:
            notes.append(str(error) or _("“%(filter)s” was not understood and is left out.", filter=each.typed))
        if each.key in OF_STAFF and not asker.is_staff:
            notes.append(_("Tags, priorities and levels are for those who work on tickets."))
    return Narrowed(conditions, list(dict.fromkeys(notes)))


def _condition(wanted: Filter, asker: Asker) -> Any:
    condition = MAKERS[wanted.key](wanted.value.casefold(), asker)
    if wanted.excludes:
        # An empty column, such as nobody's assignee, is not what is excluded.
        condition = sa.not_(sa.func.coalesce(condition, sa.false()))
    return sa.and_(condition, queries.reads_as_staff(asker.person)) if wanted.key in OF_STAFF else condition


def _is(value: str, asker: Asker) -> Any:
    if make := STATES.get(value):
        return make(asker)
    return Ticket.status == _word(value, STATUSES, plain_status_names())


def _team(value: str, asker: Asker) -> Any:
    return Ticket.team_id.in_(_named(Team, value, asker))


def _department(value: str, asker: Asker) -> Any:
    return Ticket.department_id.in_(_named(Department, value, asker))


def _type(value: str, asker: Asker) -> Any:
    return Ticket.request_type_id.in_(_named(RequestType, value, asker))


def _from(value: str, asker: Asker) -> Any:
    return Ticket.requester_id.in_(_people(value, asker))


def _assignee(value: str, asker: Asker) -> Any:
    return Ticket.assignee_id.is_(None) if value in NOBODY else Ticket.assignee_id.in_(_people(value, asker))


def _tag(value: str, asker: Asker) -> Any:
    return tagged(_filled(value)[:40])


def _kind(value: str, asker: Asker) -> Any:
    return Ticket.kind == _word(value, KINDS)


def _channel(value: str, asker: Asker) -> Any:
    return Ticket.channel == _word({"mail": "email"}.get(value, value), CHANNELS)


def _priority(value: str, asker: Asker) -> Any:
    return Ticket.priority == _word(f"p{value.lstrip('pр')}", {each: each for each in PRIORITIES})


def _level(value: str, asker: Asker) -> Any:
    if not (value.isascii() and value.isdigit() and len(value) < 4):
        raise NotUnderstood()
    return Ticket.level == int(value)


def _due(value: str, asker: Asker) -> Any:
    return sa.and_(queries.is_active(), _between(Ticket.due_at, moments.ahead(value, asker.now)))


def _filed(value: str, asker: Asker) -> Any:
    return _between(Ticket.filed_at, moments.ago(value, asker.now))


def _updated(value: str, asker: Asker) -> Any:
    return _between(Ticket.updated_at, moments.ago(value, asker.now))


MAKERS: dict[str, Callable[[str, Asker], Any]] = {
    "is": _is, "team": _team, "department": _department, "type": _type, "from": _from, "assignee": _assignee,
    "tag": _tag, "kind": _kind, "channel": _channel, "priority": _priority, "level": _level, "due": _due,
    "filed": _filed, "updated": _updated,
}
_ESCALATED = sa.exists().where(Handover.ticket_id == Ticket.id, Handover.kind == "escalation")
STATES: dict[str, Callable[[Asker], Any]] = {
    "active": lambda asker: queries.is_active(),
    "ended": lambda asker: ~queries.is_active(),
    "mine": lambda asker: Ticket.assignee_id == asker.person.id,
    "unassigned": lambda asker: sa.and_(queries.is_active(), Ticket.assignee_id.is_(None)),
    "overdue": lambda asker: sa.and_(queries.is_active(), Ticket.due_at < asker.now),
    "escalated": lambda asker: sa.and_(_ESCALATED, queries.reads_as_staff(asker.person)),
    "confidential": lambda asker: Ticket.is_confidential,
}


def _between(column: Any, span: moments.Span | None) -> Any:
    if span is None:
        raise NotUnderstood()
    since = column >= span.since if span.since is not None else sa.true()
    return sa.and_(column.is_not(None), since, column < span.until if span.until is not None else sa.true())


def _word(value: str, *vocabularies: dict[str, Any]) -> str:
    """A word of ours, as it is stored or as the reader reads it."""
    for names in vocabularies:
        for key, name in names.items():
            if value in (key.casefold(), str(name).casefold()):
                return key
    raise NotUnderstood()


def _named(model: Any, value: str, asker: Asker) -> list[int]:
    """Ids of what is called so in any language, or begins so, or else holds the words; who works here is told when
    nothing is."""
    called = {one.id: [one.slug.casefold(), *(name.casefold() for name in one.names.values())]
              for one in db.session.execute(sa.select(model.id, model.slug, model.names))}
    value = _filled(value)
    for fits in (str.__eq__, str.startswith, str.__contains__):
        if found := [i for i, names in called.items() if any(fits(name, value) for name in names)]:
            return found
    if asker.is_staff:
        raise NotUnderstood(_("Nothing here is called “%(name)s”; this part is left out.", name=value))
    return []


def _people(value: str, asker: Asker) -> list[int]:
    """Ids of people by a part of the name; who works here finds them by the address too."""
    if value in ME:
        return [asker.person.id]
    fits = contains(User.name, _filled(value))
    if asker.is_staff:
        fits = sa.or_(fits, User.email.startswith(value, autoescape=True))
    return list(db.session.scalars(sa.select(User.id).where(fits).order_by(User.id).limit(MOST_PEOPLE)))


def _filled(value: str) -> str:
    if not value:
        raise NotUnderstood()
    return value
