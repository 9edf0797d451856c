"""The one filter of ticket lists: the page, its live rows, saved views, bulk actions and exports share it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from app.accounts.models import Team, User
from app.catalogue.models import RequestType
from app.core.i18n import choose_zone
from app.core.markup import clean_line

from . import queries
from .models import Tag, Ticket
from .models.related import ticket_tags
from .vocabulary import ACTIVE, CHANNELS, PRIORITIES

ASSIGNEES = ("me", "none")
WAITS = ("us", "requester")
DUES = ("overdue", "hour", "today")
AGES = ("1", "3", "7", "30")
"""Days since a ticket was filed, at least."""
LEVELS = tuple(str(level) for level in range(1, 10))
HOUR = timedelta(hours=1)
MOST_TEAMS = 50
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
SORTS: dict[str, tuple[tuple[Any, str], ...]] = {
    "slack": ((Ticket.queue_at, "asc"), (Ticket.id, "asc")),
    "oldest": ((Ticket.filed_at, "asc"), (Ticket.id, "asc")),
    "newest": ((Ticket.filed_at, "desc"), (Ticket.id, "desc")),
    "priority": ((Ticket.priority, "asc"), (Ticket.queue_at, "asc"), (Ticket.id, "asc")),
    "activity": ((Ticket.updated_at, "desc"), (Ticket.id, "desc")),
}
"""The orders of a list: what must be started next (the default), by age, by priority, by what happened last."""
SLACK = "slack"


@dataclass(frozen=True)
class TicketFilter:
    """What somebody wants to see of a list, and in which order; an empty value does not narrow it."""

    person_id: int
    status: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    assignee: str = ""
    """me, none, or the number of a person."""
    waits: str = ""
    """Whose turn it is to speak: us or requester."""
    due: str = ""
    type: str = ""
    tag: str = ""
    team: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    age: str = ""
    q: str = ""
    sort: str = SLACK

    @classmethod
    def from_args(cls, args: MultiDict, person: Any) -> "TicketFilter":
        """Read an address; what is none of our words is left out."""

        def one(name: str, words: Iterable[str]) -> str:
            return args.get(name, "") if args.get(name) in words else ""

        def some(name: str, words: Iterable[str]) -> tuple[str, ...]:
            return tuple(word for word in words if word in args.getlist(name))

        return cls(person.id, some("status", ACTIVE), some("priority", PRIORITIES), _assignee(args.get("assignee", "")),
                   one("waits", WAITS), one("due", DUES), clean_line(args.get("type", ""))[:60].strip(),
                   clean_line(args.get("tag", "")).lower()[:40].strip(), _slugs(args.getlist("team")),
                   some("level", LEVELS), some("channel", CHANNELS), one("age", AGES),
                   clean_line(args.get("q", ""))[:200].strip(), one("sort", SORTS) or SLACK)

    @classmethod
    def of(cls, args: dict[str, Any], person: Any) -> "TicketFilter":
        """The same from what a saved view keeps."""
        return cls.from_args(MultiDict(args), person)

    def args(self, **instead: Any) -> dict[str, Any]:
        """What of it stands in an address, perhaps with something else in the place of a part; None leaves it out."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)} | instead
        del parts["person_id"]
        if parts["sort"] == SLACK:
            del parts["sort"]
        return {name: list(part) if isinstance(part, tuple) else part for name, part in parts.items() if part}

    def without(self, name: str, word: str) -> dict[str, Any]:
        """The address that leaves out one word of one part."""
        part = getattr(self, name)
        return self.args(**{name: tuple(one for one in part if one != word) if isinstance(part, tuple) else None})

    def within(self, people: Iterable[int], teams: Iterable[str]) -> "TicketFilter":
        """Without the people and teams its reader has nothing to do with."""
        named = self.assignee in ("", *ASSIGNEES) or int(self.assignee) in people
        return replace(self, assignee=self.assignee if named else "",
                       team=tuple(slug for slug in self.team if slug in teams))

    @property
    def is_narrow(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.args(sort=None))

    @property
    def order(self) -> tuple[tuple[Any, str], ...]:
        """Columns and directions, the last of them unique."""
        return SORTS[self.sort]

    def conditions(self, now: datetime) -> list[Any]:
        """The filter as conditions on tickets; the words are parameters of the statement."""
        wanted = [(self.status, lambda: Ticket.status.in_(self.status)),
                  (self.priority, lambda: Ticket.priority.in_(self.priority)),
                  (self.assignee, self._assigned),
                  (self.waits, lambda: Ticket.awaits == self.waits),
                  (self.due, lambda: _due(self.due, now)),
                  (self.type, lambda: Ticket.request_type_id == id_of(RequestType.id, RequestType.slug == self.type)),
                  (self.tag, lambda: sa.and_(tagged(self.tag), queries.shows_tags(self.person_id))),
                  (self.team, lambda: Ticket.team_id.in_(sa.select(Team.id).where(Team.slug.in_(self.team)))),
                  (self.level, lambda: Ticket.level.in_([int(level) for level in self.level])),
                  (self.channel, lambda: Ticket.channel.in_(self.channel)),
                  (self.age, lambda: Ticket.filed_at <= now - timedelta(days=int(self.age))),
                  (self.q, lambda: _speaks_of(self.q))]
        return [condition() for part, condition in wanted if part]

    def _assigned(self) -> Any:
        if self.assignee == "none":
            return Ticket.assignee_id.is_(None)
        return Ticket.assignee_id == (self.person_id if self.assignee == "me" else int(self.assignee))


def _assignee(word: str) -> str:
    """me, none, or a number as it is usually written."""
    is_number = word.isascii() and word.isdigit() and 0 < len(word) < 10 and word[0] != "0"
    return word if word in ASSIGNEES or is_number else ""


def _slugs(words: list[str]) -> tuple[str, ...]:
    return tuple(sorted({word for word in words if SLUG.fullmatch(word)}))[:MOST_TEAMS]


def _due(wanted: str, now: datetime) -> Any:
    """`today` is the reader's."""
    if wanted == "overdue":
        return Ticket.due_at < now
    if wanted == "hour":
        return sa.and_(Ticket.due_at >= now, Ticket.due_at < now + HOUR)
    midnight = now.astimezone(ZoneInfo(choose_zone())).replace(hour=0, minute=0, second=0, microsecond=0)
    return sa.and_(Ticket.due_at >= midnight, Ticket.due_at < midnight + timedelta(days=1))


def id_of(column: Any, condition: Any) -> Any:
    return sa.select(column).where(condition).scalar_subquery()


def tagged(name: str) -> Any:
    held = sa.select(ticket_tags.c.ticket_id).join(Tag, Tag.id == ticket_tags.c.tag_id)
    return sa.exists(held.where(ticket_tags.c.ticket_id == Ticket.id, Tag.name == name))


def _speaks_of(text: str) -> Any:
    """The number, words of the subject, or a part of the requester's name."""
    words = sa.or_(contains(Ticket.subject, text),
                   Ticket.requester_id.in_(sa.select(User.id).where(contains(User.name, text))))
    number = text.lstrip("#")
    if number.isascii() and number.isdigit() and len(number) < 19:
        return sa.or_(Ticket.id == int(number), words)
    return words


def contains(column: Any, text: str) -> Any:
    """Whether a column holds a text. SQLite folds the case of Latin letters only, so the usual spellings of a word
    are tried one by one."""
    spellings = {text, text.lower(), text.upper(), text.capitalize(), text.title()}
    return sa.or_(*(column.ilike(_pattern(spelling), escape="\\") for spelling in sorted(spellings)))


def _pattern(text: str) -> str:
    for special in ("\\", "%", "_"):
        text = text.replace(special, "\\" + special)
    return f"%{text}%"
