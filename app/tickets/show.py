"""How lists and pages word what they show; words are looked up once per page, not once per cell."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.core.i18n import choose_zone

from .vocabulary import STATUSES

SOON_SECONDS = 3600
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


class Due(NamedTuple):
    """A deadline in few words: ok, soon or overdue, how far away, and the moment itself."""

    state: str
    text: str
    title: str
    iso: str


def dues(now: datetime) -> Callable[[datetime | None], Due | None]:
    """Makes the words for deadlines of one page, seen at one moment by one reader."""
    ahead = [(_DAY, _("in %(count)s d")), (_HOUR, _("in %(count)s h")), (0, _("in %(count)s min"))]
    past = [(_DAY, _("%(count)s d late")), (_HOUR, _("%(count)s h late")), (0, _("%(count)s min late"))]
    zone = ZoneInfo(choose_zone())

    def due(moment: datetime | None) -> Due | None:
        if moment is None:
            return None
        left = (moment - now).total_seconds()
        state = "overdue" if left < 0 else "soon" if left < SOON_SECONDS else "ok"
        local = moment.astimezone(zone)
        return Due(state, _far(abs(left), past if left < 0 else ahead), f"{local:%Y-%m-%d %H:%M}", moment.isoformat())

    return due


def _far(seconds: float, words: list[tuple[int, str]]) -> str:
    unit, text = next((unit, text) for unit, text in words if seconds >= unit)
    return text % {"count": int(seconds // (unit or _MINUTE))}


def status_names() -> dict[str, str]:
    """Each status in the reader's language."""
    return {status: str(name) for status, name in STATUSES.items()}


def plain_status_names() -> dict[str, str]:
    """The same for who asked: what it means for them, not for the desk."""
    return {"new": _("We have it"), "open": _("We are on it"), "pending": _("It waits"),
            "resolved": _("Solved"), "closed": _("Closed"), "cancelled": _("Cancelled")}
