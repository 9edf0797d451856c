"""How a list names its parts: filters, orders, columns. Names are lazy: each reader reads their own language."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, ngettext

from app.core.i18n import local_time

from ..filter import AGES, TicketFilter
from ..vocabulary import ACTIVE, CHANNELS, PRIORITIES, STATUSES
from .models import COMFORTABLE, COMPACT
from .offers import Offers

WAITS = {"us": _l("Waits for us"), "requester": _l("Waits for the requester")}
DUES = {"overdue": _l("Overdue"), "hour": _l("Due within an hour"), "today": _l("Due today")}
SORTS = {
    "slack": _l("Next to start"), "oldest": _l("Oldest first"), "newest": _l("Newest first"),
    "priority": _l("By priority"), "activity": _l("Latest activity"),
}
COLUMNS = {
    "waits": lazy_pgettext("column", "Who waits"), "due": lazy_pgettext("column", "Due"),
    "requester": _l("Requester"), "assignee": _l("Assignee"), "department": _l("Department"),
    "type": _l("Request type"), "team": _l("Team"), "level": _l("Level"), "channel": lazy_pgettext("column", "Came by"),
    "tags": _l("Tags"), "age": lazy_pgettext("column", "Age"), "activity": _l("Last activity"),
}
"""What a row may show beside priority, number, status, subject and why it stands where it stands; in this order."""
USUAL = ("waits", "due", "requester", "assignee")
DENSITIES = {COMFORTABLE: _l("Comfortable"), COMPACT: _l("Compact")}
SCOPES = {"all": _l("All my teams"), "mine": _l("Assigned to me"), "escalated": _l("Escalated by us")}


def chosen(columns: list[str] | None) -> tuple[str, ...]:
    """Columns in their order; what is none of ours is left out."""
    return tuple(name for name in COLUMNS if name in columns) if columns is not None else USUAL


class Chip(NamedTuple):
    """One word of a filter, and the filter without it as it stands in an address."""

    text: str
    rest: dict[str, Any]


def chips(wanted: TicketFilter, offers: Offers) -> list[Chip]:
    """The filter in words, each of which can be taken away."""
    words = [("status", one, str(STATUSES[one])) for one in wanted.status]
    words += [("priority", one, one) for one in wanted.priority]
    words += [("team", team.slug, team.title) for team in offers.teams.values() if team.slug in wanted.team]
    words += [("level", one, _("Level %(level)s", level=one)) for one in wanted.level]
    words += [("channel", one, str(CHANNELS[one])) for one in wanted.channel]
    single = {
        "assignee": assignee_name(wanted.assignee, offers), "waits": WAITS.get(wanted.waits),
        "due": DUES.get(wanted.due), "type": offers.type_names.get(wanted.type, wanted.type),
        "tag": wanted.tag and _("Tag: %(tag)s", tag=wanted.tag), "age": wanted.age and age_name(wanted.age),
        "q": wanted.q and _("Contains “%(text)s”", text=wanted.q),
    }
    words += [(part, "", str(text)) for part, text in single.items() if text]
    return [Chip(text, wanted.without(part, word)) for part, word, text in words]


def options(listed: TicketFilter, offers: Offers) -> dict[str, list[tuple[str, Any]]]:
    """What each part of the filter may be: value and words; a type no longer offered only where it is asked for."""
    return {
        "assignee": [("me", _("Assigned to me")), ("none", _("Nobody yet")),
                     *((str(number), name) for number, name in offers.people.items())],
        "waits": list(WAITS.items()), "due": list(DUES.items()), "age": [(days, age_name(days)) for days in AGES],
        "type": [(kind.slug, kind.title) for kind in offers.types.values()
                 if kind.is_active or kind.slug == listed.type],
        "sort": list(SORTS.items()), "status": [(status, STATUSES[status]) for status in ACTIVE],
        "priority": [(priority, priority) for priority in PRIORITIES],
        "team": [(team.slug, team.title) for team in offers.own_teams],
        "level": [(str(level), level) for level in sorted({team.level for team in offers.teams.values()})],
        "channel": list(CHANNELS.items()),
    }


def assignee_name(word: str, offers: Offers) -> str:
    """Who a ticket is assigned to, as the filter says it ('' for anyone)."""
    names = {"": "", "me": _("Assigned to me"), "none": _("Nobody yet")}
    return names[word] if word in names else offers.people.get(int(word), "")


def age_name(days: str) -> str:
    number = int(days)
    return ngettext("Older than %(num)s day", "Older than %(num)s days", number)


_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def lengths() -> Callable[[float], str]:
    """Makes "3 h" of seconds, in whole units, rounded down; the words are looked up once per page."""
    words = [(_DAY, _("%(count)s d")), (_HOUR, _("%(count)s h")), (_MINUTE, _("%(count)s min"))]

    def length(seconds: float) -> str:
        unit, text = next(((unit, text) for unit, text in words if seconds >= unit), words[-1])
        return text % {"count": max(int(seconds // unit), 0)}

    return length


class Wait(NamedTuple):
    """Who waits and for how long, in words; `state` is us or requester, `short` the time alone, for narrow screens."""

    state: str
    text: str
    short: str
    title: str
    iso: str


def waits(now: datetime) -> Callable[[Any], Wait | None]:
    """Makes the words for whose turn it is on the rows of one page."""
    length = lengths()
    words = {"us": _("Waits for us %(time)s"), "requester": _("Waits for requester %(time)s")}

    def wait(row: Any) -> Wait | None:
        if row.awaits is None or row.awaits_since is None:
            return None
        short = length((now - row.awaits_since).total_seconds())
        text = words[row.awaits] % {"time": short}
        return Wait(row.awaits, text, short, local_time(row.awaits_since, "short"), row.awaits_since.isoformat())

    return wait
