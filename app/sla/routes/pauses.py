"""The pause auditor's page, and the same rows for a spreadsheet."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock
from app.core.access import asks
from app.core.errors import Invalid
from app.core.i18n import choose_zone
from app.core.spreadsheet import to_csv
from app.tickets.queues import team_names

from .. import bp, pause_words, pauses
from ..pause_forms import PeriodForm, period_form
from ..settings import sla as settings


@bp.get("/pauses")
@asks("kpi.read")
def pause_list():
    now = clock.now()
    form = _form(now)
    if not form.validate():
        return render_template("sla/pauses.html", form=form, scope=None, meanings=_meanings()), 400
    asked = (form.scope, current_user, now)
    return render_template(
        "sla/pauses.html", form=form, scope=form.scope, meanings=_meanings(), total=pauses.total(*asked),
        by_kind=pauses.by_kind(*asked), by_team=pauses.by_team(*asked), by_person=pauses.by_person(*asked),
        page=pauses.page(*asked, request.args.get("after")), reasons=pauses.reasons(), teams=team_names(),
        kinds=pause_words.KINDS, acts=pause_words.ACTS, length=lambda row: pauses.length(row, now))


@bp.get("/pauses.csv")
@asks("kpi.read")
def pause_export():
    now = clock.now()
    form = _form(now)
    if not form.validate():
        raise Invalid(next(iter(form.errors.values()))[0])
    text = to_csv(_head(), _cells(pauses.every(form.scope, current_user, now), now))
    name = f"pauses-{form.scope.first}-{form.scope.last}.csv"
    return Response(text, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _form(now: datetime) -> PeriodForm:
    return period_form(request.args, pauses.teams_of(current_user), now)


def _meanings() -> dict[str, str]:
    """What each kind is, with the numbers of the desk put in."""
    numbers = {"grace": settings.audit_grace_minutes, "minutes": settings.audit_minutes,
               "percent": settings.audit_percent}
    return {kind: text % numbers for kind, text in pause_words.MEANINGS.items()}


def _head() -> list[Any]:
    zone = choose_zone()
    return [_("Ticket"), _("Subject"), _("What was found"), _("What was done"), _("Reason to wait"),
            _("From (%(zone)s)", zone=zone), _("To (%(zone)s)", zone=zone), _("Seconds of working time"), _("Who"),
            _("Team"), _("Deadline met only by this")]


def _cells(rows: list[Any], now: datetime) -> Iterator[list[Any]]:
    teams, reasons = team_names(), pauses.reasons()
    for row in rows:
        yield [row.ticket_id, row.subject, pause_words.KINDS[row.kind], pause_words.ACTS[row.act],
               reasons.get(row.reason, row.reason), pauses.wall_time(row.since), pauses.wall_time(row.until),
               pauses.length(row, now), row.by, teams[row.team_id], _("Yes") if row.saved else _("No")]
