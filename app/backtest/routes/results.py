"""Looking at drafts: which there are, how far one is, what came out, which tickets it is about."""

from contextlib import suppress

from flask import jsonify, render_template, request
from flask_login import current_user

from app.core import clock, paging
from app.core.access import asks
from app.core.errors import Conflict
from app.sla.forms import title_of
from app.sla.routes import rules as rule_pages

from .. import bp, changes, queries, show, subjects
from ..forms import ActivationForm, PeriodForm, period_form
from ..models import Backtest, Flip
from ..vocabulary import KINDS, PROBLEMS, RESULTS, STATES
from .drafting import a_backtest

WAYS = ("better", "worse")


@bp.get("/admin/sla/backtests")
@asks("desk.administer")
def backtest_list():
    page = paging.page(queries.every(), [(Backtest.id, "desc")], request.args.get("after"))
    return render_template("backtest/backtests.html", page=page, kinds=KINDS, states=STATES)


@bp.get("/admin/sla/backtests/<int:backtest_id>")
@asks("desk.administer", of=a_backtest)
def backtest_show(backtest: Backtest):
    return backtest_page(backtest)


@bp.get("/admin/sla/backtests/<int:backtest_id>/progress")
@asks("desk.administer", of=a_backtest)
def progress_show(backtest: Backtest):
    """How far it is, for the page that shows it."""
    return jsonify(state=backtest.state, done=backtest.done, total=backtest.total)


@bp.get("/admin/sla/backtests/<int:backtest_id>/tickets")
@asks("desk.administer", of=a_backtest)
def flip_list(backtest: Backtest):
    way = request.args.get("way", "")
    statement = queries.flips(backtest, way if way in WAYS else "")
    page = paging.page(statement, [(Flip.id, "asc")], request.args.get("after"))
    tickets = queries.seen_by(current_user, [flip.ticket_id for flip in page.rows])
    return render_template("backtest/tickets.html", backtest=backtest, page=page, way=way, tickets=tickets,
                           kinds=KINDS, results=RESULTS, names=show.names_on(page.rows),
                           title_of=title_of)


def backtest_page(backtest: Backtest, period: PeriodForm | None = None,
                  activation: ActivationForm | None = None) -> str:
    """A draft, what it changes, how far it is, and what came out."""
    now, changed = clock.now(), None
    with suppress(Conflict):
        changed = changes.of(backtest, now)
    rules = subjects.rules_of(backtest.content) if backtest.kind == "rules" and changed is not None else []
    return render_template(
        "backtest/backtest.html", backtest=backtest, kinds=KINDS, states=STATES, problems=PROBLEMS, show=show,
        period=period or period_form(now, backtest.from_at, backtest.to_at), is_gone=changed is None,
        activation=activation or ActivationForm(formdata=None, seen=backtest.seen), changes=changed or [],
        is_dated=subjects.SUBJECTS[backtest.kind].is_dated, rules=rules, words=rule_pages.words() if rules else None)
