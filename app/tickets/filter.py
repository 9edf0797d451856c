"""The one filter of ticket lists: the page, and later saved views, the API and exports, share it."""

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.catalogue.models import RequestType
from app.core.markup import clean_line

from . import queries
from .models import Tag, Ticket
from .models.related import ticket_tags
from .vocabulary import ACTIVE, PRIORITIES, STATUSES

ASSIGNEES = ("me", "none")


@dataclass(frozen=True)
class TicketFilter:
    """What somebody wants to see of a list; an empty value does not narrow it."""

    person_id: int
    status: str = ""
    priority: str = ""
    assignee: str = ""
    type: str = ""
    tag: str = ""
    q: str = ""

    @classmethod
    def from_args(cls, args: MultiDict, person: Any) -> "TicketFilter":
        """Read an address; what is none of our words is left out."""

        def one_of(name: str, words: tuple[str, ...]) -> str:
            return args.get(name, "") if args.get(name) in words else ""

        return cls(person.id, one_of("status", ACTIVE), one_of("priority", PRIORITIES), one_of("assignee", ASSIGNEES),
                   clean_line(args.get("type", ""))[:60], clean_line(args.get("tag", "")).lower()[:40],
                   clean_line(args.get("q", ""))[:200])

    def args(self, but: str = "") -> dict[str, str]:
        """What of it stands in an address, perhaps without one part."""
        return {name: value for name, value in asdict(self).items() if value and name not in (but, "person_id")}

    def conditions(self) -> list[Any]:
        """The filter as conditions on tickets."""
        conditions = [getattr(Ticket, name) == value for name, value in self._facts().items()]
        if self.assignee:
            conditions.append(Ticket.assignee_id == (self.person_id if self.assignee == "me" else None))
        if self.type:
            conditions.append(Ticket.request_type_id == id_of(RequestType.id, RequestType.slug == self.type))
        if self.tag:
            conditions += [tagged(self.tag), queries.shows_tags(self.person_id)]
        if self.q:
            conditions.append(_speaks_of(self.q))
        return conditions

    def _facts(self) -> dict[str, str]:
        return {name: value for name, value in (("status", self.status), ("priority", self.priority)) if value}

    def chips(self, types: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
        """Each part in words, with the address that leaves it out."""
        words = {
            "status": str(STATUSES.get(self.status, "")),
            "priority": self.priority,
            "assignee": {"me": _("Assigned to me"), "none": _("Nobody yet")}.get(self.assignee, ""),
            "type": types.get(self.type, self.type),
            "tag": self.tag and _("Tag: %(tag)s", tag=self.tag),
            "q": self.q and _("Contains “%(text)s”", text=self.q),
        }
        return [(word, self.args(but=name)) for name, word in words.items() if word]


def id_of(column: Any, condition: Any) -> Any:
    return sa.select(column).where(condition).scalar_subquery()


def tagged(name: str) -> Any:
    held = sa.select(ticket_tags.c.ticket_id).join(Tag, Tag.id == ticket_tags.c.tag_id)
    return sa.exists(held.where(ticket_tags.c.ticket_id == Ticket.id, Tag.name == name))


def _speaks_of(text: str) -> Any:
    number = text.lstrip("#")
    if number.isascii() and number.isdigit() and len(number) < 19:
        return sa.or_(Ticket.id == int(number), contains(Ticket.subject, text))
    return contains(Ticket.subject, text)


def contains(column: Any, text: str) -> Any:
    """Whether a column holds a text. SQLite folds the case of Latin letters only, so the usual spellings of a word
    are tried one by one."""
    spellings = {text, text.lower(), text.upper(), text.capitalize(), text.title()}
    return sa.or_(*(column.ilike(_pattern(spelling), escape="\\") for spelling in sorted(spellings)))


def _pattern(text: str) -> str:
    for special in ("\\", "%", "_"):
        text = text.replace(special, "\\" + special)
    return f"%{text}%"
