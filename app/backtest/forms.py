"""What an administrator enters about a draft: on which tickets it is tried, and from when it is to hold."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField

from app.calendars.forms import Dated
from app.core.forms import Form, required
from app.core.i18n import desk

USUAL = timedelta(days=365)


class PeriodForm(Form):
    """Both days count."""

    since = DateField(_l("Tickets filed from"), [required()])
    until = DateField(_l("to"), [required()])

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.since.data > self.until.data:
            self.until.errors = [_("The end lies before the beginning.")]
            return False
        if not all(1900 < day.year < 9000 for day in (self.since.data, self.until.data)):
            self.since.errors = [_("There are no tickets of such a time.")]
            return False
        return True

    def moments(self) -> tuple[datetime, datetime]:
        """[beginning of the first day, end of the last day) on the wall of the desk."""
        return beginning(self.since.data), beginning(self.until.data + timedelta(days=1))


def beginning(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(desk.time_zone))


def period_form(now: datetime, since: datetime | None = None, until: datetime | None = None) -> PeriodForm:
    """Filled with the days of the last try; before the first one, with the year that ends today."""
    zone = ZoneInfo(desk.time_zone)
    first = since.astimezone(zone).date() if since else (now - USUAL).astimezone(zone).date()
    last = (until - timedelta(seconds=1)).astimezone(zone).date() if until else now.astimezone(zone).date()
    return PeriodForm(formdata=None, since=first, until=last)


class ActivationForm(Dated):
    """From when a draft is to hold; `seen` is what was stored when the draft was made."""

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        return self.refuse_past() and fine
