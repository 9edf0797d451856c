"""Who else is at a ticket now and who writes, in the words of whoever looks."""

from typing import Any, NamedTuple

from flask_babel import gettext as _

from app.core import presence
from app.core.presence import Sight

from .models import Ticket

MOST_SHOWN = 6
WRITERS_FIRST = ("reply", "note", "")


class Someone(NamedTuple):
    """A person who is there, and what the page says of them."""

    name: str
    doing: str
    words: str


class There(NamedTuple):
    """The others at a ticket: those who are named, how many more there are, and the mark of the whole picture."""

    people: list[Someone]
    more: int
    mark: str


def there(ticket: Ticket, viewer: Any, staff: bool, now: float) -> There:
    """Writers first, then by name; nobody twice, nobody sees themselves. `now` in seconds since 1970."""
    topic = f"{'ticket' if staff else 'request'}:{ticket.id}"
    sights = presence.store().at(ticket.id, now)
    others: dict[int, Sight] = {}
    for sight in sorted(presence.seen_on(topic, sights), key=lambda sight: WRITERS_FIRST.index(sight.doing)):
        if sight.user_id != viewer.id:
            others.setdefault(sight.user_id, sight)
    found = sorted(others.values(), key=lambda sight: (WRITERS_FIRST.index(sight.doing), sight.name))
    people = [Someone(sight.name, sight.doing, _words(sight, ticket)) for sight in found]
    return There(people[:MOST_SHOWN], len(people[MOST_SHOWN:]), presence.mark(topic, sights, viewer.id))


def _words(sight: Sight, ticket: Ticket) -> str:
    if sight.side == "request":
        return _outside(sight, sight.user_id == ticket.requester_id)
    if sight.doing == "note":
        return _("%(name)s is writing a note…", name=sight.name)
    return _("%(name)s is writing a reply…", name=sight.name) if sight.doing else _("%(name)s is here", name=sight.name)


def _outside(sight: Sight, is_requester: bool) -> str:
    if is_requester:
        return (_("%(name)s, who asked, is writing…", name=sight.name) if sight.doing
                else _("%(name)s, who asked, is here", name=sight.name))
    return (_("%(name)s, who follows it, is writing…", name=sight.name) if sight.doing
            else _("%(name)s, who follows it, is here", name=sight.name))
