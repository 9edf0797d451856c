"""The menu: who sees which entry."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.core.policy import may
from app.notifications import queries as notifications


@dataclass(frozen=True)
class Entry:
    """One line of the menu. `counted` gives the number beside it, or None."""

    label: Any
    endpoint: str
    icon: str
    permission: str
    counted: Callable[[Any], int | None] = lambda person: None

    @property
    def url(self) -> str:
        return url_for(self.endpoint)

    @property
    def active(self) -> bool:
        """Of the entries under whose address a page lies, the nearest; a ticket lies under none of them."""
        if request.endpoint in {entry.endpoint for entry in MENU}:
            return request.endpoint == self.endpoint
        return self.endpoint != "tickets.ticket_list" and request.path.startswith(self.url + "/")

    @property
    def count(self) -> int | None:
        return self.counted(current_user)


MENU: list[Entry] = [
    Entry(_l("Home"), "home.start", "home", "signed_in"),
    Entry(_l("My requests"), "tickets.ticket_list", "inbox", "ticket.read"),
    Entry(_l("File a request"), "tickets.ticket_new", "plus", "ticket.file"),
    Entry(_l("Queues"), "tickets.queue_list", "queue", "queue.read"),
    Entry(_l("Knowledge base"), "kb.portal", "book", "signed_in"),
    Entry(_l("Notifications"), "notifications.notification_list", "bell", "signed_in",
          notifications.unread_count),
    Entry(_l("Absences"), "attention.absence_list", "user", "absence.menu"),
    Entry(_l("Figures"), "kpi.figures_show", "chart", "kpi.read"),
    Entry(_l("Knowledge gaps"), "kpi.knowledge_show", "search", "knowledge.report"),
    Entry(_l("Pause audit"), "sla.pause_list", "pause", "kpi.read"),
    Entry(_l("Administration"), "admin.overview", "settings", "desk.administer"),
]


def nav() -> list[Entry]:
    """The entries this person may open."""
    return [entry for entry in MENU if may(current_user, entry.permission)]


def init(app: Flask) -> None:
    app.context_processor(lambda: {"nav": nav})
