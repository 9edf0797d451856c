"""Trying a draft, stopping that, activating the draft or throwing it away."""

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock, edits
from app.core.access import asks
from app.core.db import db
from app.core.forms import stop_writing

from .. import actions, bp, subjects
from ..forms import ActivationForm, PeriodForm
from ..models import Backtest
from .drafting import a_backtest
from .results import backtest_page


@bp.post("/admin/sla/backtests/<int:backtest_id>/trial")
@asks("desk.administer", of=a_backtest)
def trial_create(backtest: Backtest):
    form = PeriodForm()
    if not form.validate():
        stop_writing()
        return backtest_page(backtest, period=form), 400
    actions.try_out(backtest, form.moments(), current_user, clock.now())
    db.session.commit()
    return _back(backtest)


@bp.post("/admin/sla/backtests/<int:backtest_id>/cancellation")
@asks("desk.administer", of=a_backtest)
def cancellation_create(backtest: Backtest):
    actions.cancel(backtest, current_user, clock.now())
    db.session.commit()
    return _back(backtest)


@bp.post("/admin/sla/backtests/<int:backtest_id>/activation")
@asks("desk.administer", of=a_backtest)
def activation_create(backtest: Backtest):
    form, now = ActivationForm(), clock.now()
    code = edits.save(form, subjects.stored(backtest, now), lambda: actions.activate(
        backtest, form.from_moment(subjects.SUBJECTS[backtest.kind].zone(backtest), now), current_user, now))
    if code:
        stop_writing()
        return backtest_page(backtest, activation=form), code
    db.session.commit()
    flash(_("The draft is activated. It holds for what is filed from then on."), "success")
    return _back(backtest)


@bp.post("/admin/sla/backtests/<int:backtest_id>/removal")
@asks("desk.administer", of=a_backtest)
def removal_create(backtest: Backtest):
    actions.throw_away(backtest, current_user, clock.now())
    db.session.commit()
    flash(_("The draft was thrown away. Nothing has changed."), "success")
    return redirect(url_for("backtest.backtest_list"), 303)


def _back(backtest: Backtest) -> Any:
    return redirect(url_for("backtest.backtest_show", backtest_id=backtest.id), 303)
