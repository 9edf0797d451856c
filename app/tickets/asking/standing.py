"""How a request stands, told to who asked: what happens now, who does it, and what was and will be."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from app.core.i18n import local_time

from ..models import Hold, Ticket
from ..settings import tickets as settings

Step = tuple[str, str, str]
"""done, now or next; the words; when, or who."""


@dataclass(frozen=True)
class Standing:
    """`tone` is that of a notice: info, good or warn."""

    headline: str
    text: str
    tone: str
    steps: list[Step]


def standing(ticket: Ticket, hold: Hold | None, is_own: bool) -> Standing:
    """`is_own`: whether the reader asked for it, or only looks on."""
    headline, text, tone = _SAID[ticket.status](ticket, hold, is_own)
    return Standing(headline, text, tone, _steps(ticket, hold))


def _new(ticket: Ticket, hold: Hold | None, is_own: bool) -> tuple[str, str, str]:
    return _("We have it"), _("It waits for the first free person of “%(team)s”.", team=ticket.team.title), "info"


def _open(ticket: Ticket, hold: Hold | None, is_own: bool) -> tuple[str, str, str]:
    if ticket.assignee is None:
        return _("We are on it"), _("“%(team)s” has it; nobody has taken it yet.", team=ticket.team.title), "info"
    return _("We are on it"), _("%(name)s of “%(team)s” works on it.", name=ticket.assignee.name,
                                team=ticket.team.title), "info"


def _pending(ticket: Ticket, hold: Hold | None, is_own: bool) -> tuple[str, str, str]:
    if hold is None:
        return _("It waits"), "", "info"
    since = local_time(hold.started_at, "short")
    if hold.why.waits_for_requester and is_own:
        return _("We wait for your answer"), _("Since %(moment)s. Without it we cannot go on.", moment=since), "warn"
    if hold.until is not None:
        return _("It waits"), _("%(reason)s, until %(date)s.", reason=hold.why.title,
                                date=format_date(hold.until, "medium")), "info"
    return _("It waits"), _("%(reason)s, since %(moment)s.", reason=hold.why.title, moment=since), "info"


def _resolved(ticket: Ticket, hold: Hold | None, is_own: bool) -> tuple[str, str, str]:
    last = last_day(ticket)
    until = _("If it is not solved, say so until %(moment)s.", moment=local_time(last, "short")) if last else ""
    return _("We think that it is solved"), until, "good"


def _closed(ticket: Ticket, hold: Hold | None, is_own: bool) -> tuple[str, str, str]:
    return _("It has ended"), _("If you write here, a new request is filed that goes on from this one."), "info"


def _cancelled(ticket: Ticket, hold: Hold | None, is_own: bool) -> tuple[str, str, str]:
    return _("It was cancelled"), _("Nobody works on it. If you write here, a new request is filed."), "info"


_SAID: dict[str, Any] = {"new": _new, "open": _open, "pending": _pending, "resolved": _resolved, "closed": _closed,
                         "cancelled": _cancelled}


def last_day(ticket: Ticket) -> datetime | None:
    """Until when a solved request may be opened again."""
    solved = ticket.resolved_at
    return solved + timedelta(days=settings.reopen_days) if solved else None


def _steps(ticket: Ticket, hold: Hold | None) -> list[Step]:
    filed = ("done", _("You asked"), local_time(ticket.filed_at, "short"))
    if ticket.status == "cancelled":
        return [filed, ("done", _("Cancelled"), "")]
    if ticket.status in ("resolved", "closed"):
        solved = ticket.resolved_at
        end = ("done" if ticket.status == "closed" else "now", _("Solved"), local_time(solved, "short"))
        return [filed, ("done", _("We worked on it"), ticket.assignee.name if ticket.assignee else ""), end]
    if ticket.status == "new":
        return [filed, ("now", _("It waits for its turn"), ticket.team.title), ("next", _("Solved"), "")]
    work = _("It waits") if hold else _("We work on it")
    return [filed, ("now", work, ticket.assignee.name if ticket.assignee else ticket.team.title),
            ("next", _("Solved"), "")]
