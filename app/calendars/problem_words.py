"""What is wrong with a calendar, in the reader's words."""

from datetime import date
from typing import Any

from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from app.core.i18n import language

from .calendar_data import Problem


def sentence(problem: Problem) -> str:
    """One sentence that says what to change."""
    values = {**problem.params, "where": _where(problem.params)}
    return str(_sentences()[problem.code] % values)


def _sentences() -> dict[str, str]:
    return {
        "unknown_zone": _("There is no time zone “%(zone)s”."),
        "unknown_country": _("The holidays of “%(country)s” are not known."),
        "malformed_week": _("The week could not be read."),
        "unknown_weekday": _("The week could not be read."),
        "malformed_intervals": _("%(where)s: the hours could not be read."),
        "malformed_interval": _("%(where)s: write hours as 09:00-13:00, with commas between."),
        "malformed_time": _("%(where)s: “%(time)s” is no time; write 09:00, and 24:00 for the end of the day."),
        "overlapping_intervals": _("%(where)s: %(first)s and %(second)s overlap; end one before the other begins."),
        "no_length": _("%(where)s: %(time)s to %(time)s has no length; write 00:00-24:00 for the whole day."),
        "malformed_overrides": _("The dates could not be read."),
        "malformed_date": _("“%(date)s” is no date; write it as 2026-12-31."),
        "malformed_override": _("%(where)s: the line could not be read."),
        "twice": _("%(where)s stands there twice; keep one line for each date."),
        "holiday_without_name": _("%(where)s: give the closed day a name, its hours, or “+” for an ordinary day."),
        "no_working_time": _("This calendar has no working time at all, so no deadline could be reckoned."),
        "no_working_time_ahead": _("A year from now this calendar has no working time any more, so no deadline could "
                                   "be reckoned. Open at least one day of the week."),
    }


def _where(params: dict[str, Any]) -> str:
    if "weekday" in params:
        return weekday(params["weekday"])
    return str(params.get("date", ""))


def weekday(number: int) -> str:
    """The name of a day, 0 being Monday, as it stands at the beginning of a sentence."""
    name = get_locale().days["stand-alone"]["wide"][number]
    return name[:1].upper() + name[1:]


def local_date(day: date) -> str:
    """A date in the reader's language, the day first wherever people write it so."""
    return format_date(day, "d MMM y" if language() == "en" else "medium")
