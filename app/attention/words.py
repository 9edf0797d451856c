"""How pages word absences."""

from datetime import datetime

from flask_babel import format_date, pgettext
from flask_babel import gettext as _

from app.accounts.absence_models import Absence


def days_of(absence: Absence) -> str:
    """First and last day in the reader's language."""
    first, last = format_date(absence.starts_on), format_date(absence.ends_on)
    return first if first == last else _("%(first)s to %(last)s", first=first, last=last)


def state_of(absence: Absence, now: datetime) -> tuple[str, str]:
    """Where it stands, as the state of a chip and its word."""
    if absence.cancelled_at is not None:
        return "paused", pgettext("absence", "Cancelled")
    if absence.ends_at <= now:
        return "met", _("Over")
    return ("soon", _("Absent now")) if absence.starts_at <= now else ("ok", _("Planned"))
