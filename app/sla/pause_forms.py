"""What the page of pauses is asked for."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField
from wtforms.validators import Optional

from app.accounts.models import Team
from app.core.forms import Choice, Form
from app.core.i18n import choose_zone

from .pause_words import KINDS
from .pauses import Scope

USUAL = timedelta(days=29)
LONGEST = timedelta(days=366)


class PeriodForm(Form):
    """Sent by GET, so without a token; an empty field means what is usual."""

    class Meta(Form.Meta):
        csrf = False

    first = DateField(_l("From"), [Optional()])
    last = DateField(_l("To"), [Optional()])
    team = Choice(_l("Team"), default="")
    kind = Choice(_l("What was found"), default="", choices=[("", _l("Everything")), *KINDS.items()])
    by = IntegerField(validators=[Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Also judges the days that stand for empty fields, and puts them there."""
        if not super().validate(extra_validators):
            return False
        if wrong := self._wrong(*self.days):
            self.last.errors = [*self.last.errors, wrong]
            return False
        for field, day in zip((self.first, self.last), self.days, strict=True):
            field.data, field.raw_data = day, None
        return True

    def _wrong(self, first: date, last: date) -> str:
        if first > last:
            return _("The end lies before the beginning.")
        if last - first > LONGEST:
            return _("Choose a year at most.")
        return "" if 1970 < first.year <= last.year < 9000 else _("Choose a day of our time.")

    today: date
    words = KINDS

    @property
    def days(self) -> tuple[date, date]:
        last = self.last.data or (max(self.today, self.first.data) if self.first.data else self.today)
        return self.first.data or max(last, date.min + USUAL) - USUAL, last

    @property
    def scope(self) -> Scope:
        """What was asked for; good after `validate`."""
        by = self.by.data or 0
        return Scope(*self.days, int(self.team.data or 0), self.kind.data or "", by if 0 < by < 2**31 else 0)


def period_form(args: Any, teams: list[Team], now: datetime) -> PeriodForm:
    form = PeriodForm(args)
    form.today = now.astimezone(ZoneInfo(choose_zone())).date()
    form.team.choices = [("", _("All teams")), *((str(team.id), team.title) for team in teams)]
    form.first.render_kw = form.last.render_kw = {"class": "input"}
    return form
