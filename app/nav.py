"""The menu: who sees which entry, and under which heading."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.channels.ways import WAYS
from app.core.policy import may
from app.notifications import queries as notifications
from app.tickets.calls import SPOKEN
from app.tickets.inbound import held
from app.tickets.ratings import queries as ratings


@dataclass(frozen=True)
class Entry:
    """One line of the menu. `counted` gives the number beside it, or None."""

    label: Any
    endpoint: str
    icon: str
    permission: str
    counted: Callable[[Any], int | None] = lambda person: None
    parts: dict[str, str] = field(default_factory=dict)
    """What stands in its address."""
    shortcut: str = ""
    group: Any = None
    """The heading it stands under, or None for what is used most."""

    @property
    def url(self) -> str:
        return url_for(self.endpoint, **self.parts)

    @property
    def active(self) -> bool:
        """Of the entries under whose address a page lies, the nearest; a ticket lies under none of them."""
        if request.endpoint in {entry.endpoint for entry in MENU}:
            return request.endpoint == self.endpoint and self.parts == (request.view_args or {})
        return self.endpoint != "tickets.ticket_list" and request.path.startswith(self.url + "/")

    @property
    def count(self) -> int | None:
        return self.counted(current_user)


COMING_IN, OWN, KNOWLEDGE, PEOPLE, REPORTS, DESK = (
    _l("Coming in"), _l("My own"), _l("Knowledge"), _l("People"), _l("Reports"), _l("The desk"))

MENU: list[Entry] = [
    Entry(_l("Home"), "home.start", "home", "signed_in", shortcut="g h"),
    Entry(_l("Queues"), "tickets.queue_list", "queue", "queue.read", shortcut="g q"),
    Entry(_l("Assigned to me"), "tickets.queue_mine", "user", "queue.read", shortcut="g m"),
    Entry(_l("My requests"), "tickets.ticket_list", "inbox", "ticket.read", group=OWN),
    Entry(_l("File a request"), "tickets.ticket_new", "plus", "ticket.file", group=OWN, shortcut="c"),
    *(Entry(WAYS[way].label, "tickets.call_new", icon, f"call.{way}", parts={"way": way}, group=COMING_IN,
            shortcut=WAYS[way].shortcut) for way, icon in SPOKEN.items()),
    Entry(_l("Held mail"), "tickets.held_mail_list", "mail", "mail.decide", held.count, group=COMING_IN),
    Entry(_l("Knowledge base"), "kb.portal", "book", "signed_in", group=KNOWLEDGE, shortcut="g k"),
    Entry(_l("Knowledge gaps"), "kpi.knowledge_show", "search", "knowledge.report", group=KNOWLEDGE),
    Entry(_l("Reply templates"), "tickets.reply_template_list", "reply", "template.read", group=KNOWLEDGE),
    Entry(_l("Notifications"), "notifications.notification_list", "bell", "signed_in",
          notifications.unread_count, shortcut="g n"),
    Entry(_l("Workload"), "tickets.board_start", "team", "queue.read", group=PEOPLE, shortcut="g b"),
    Entry(_l("Clients"), "accounts.client_list", "building", "client.read", group=PEOPLE),
    Entry(_l("Absences"), "attention.absence_list", "user", "absence.menu", group=PEOPLE),
    Entry(_l("Figures"), "kpi.figures_show", "chart", "kpi.read", group=REPORTS),
    Entry(_l("Satisfaction"), "tickets.rating_list", "check", "rating.read", ratings.open_count, group=REPORTS),
    Entry(_l("Pause audit"), "sla.pause_list", "pause", "kpi.read", group=REPORTS),
    Entry(_l("Administration"), "admin.overview", "settings", "desk.administer", group=DESK),
]
GROUPS = (COMING_IN, OWN, KNOWLEDGE, PEOPLE, REPORTS, DESK)
FEW = 6
"""So many entries need no headings, and all lie under the thumb."""


@dataclass(frozen=True)
class Menu:
    """What one person is offered: what is used most, then the rest under its headings."""

    first: list[Entry]
    groups: list[tuple[Any, list[Entry]]]


def nav() -> Menu:
    """The entries this person may open."""
    entries = [entry for entry in MENU if may(current_user, entry.permission)]
    if len(entries) <= FEW:
        return Menu(entries, [])
    above = (None,) if may(current_user, "queue.read") else (None, OWN)
    groups = [(label, [entry for entry in entries if entry.group is label]) for label in GROUPS if label not in above]
    return Menu([entry for entry in entries if entry.group in above], [(label, some) for label, some in groups if some])


def init(app: Flask) -> None:
    app.context_processor(lambda: {"nav": nav})
