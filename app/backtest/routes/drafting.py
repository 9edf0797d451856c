"""Drafts come from the forms in which things are changed: the same fields, another button."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.policy import behind
from app.calendars import queries as calendars
from app.calendars import routes as calendar_pages
from app.calendars.forms import calendar_form
from app.calendars.models import WorkCalendar
from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.errors import Conflict, DeskError, NotFound
from app.core.forms import stop_writing
from app.sla import checks, lists
from app.sla import queries as policies
from app.sla.forms import levels_in, policy_form
from app.sla.models import SlaPolicy
from app.sla.routes import policies as policy_pages
from app.sla.routes import rules as rule_pages
from app.sla.routes.desk import offer, ways

from .. import actions, bp, queries, subjects
from ..models import Backtest

a_policy = behind("desk.administer", policies.policy)
a_calendar = behind("desk.administer", calendars.by_slug)
a_backtest = behind("desk.administer", queries.backtest)
a_rule_of = behind("desk.administer", lambda backtest_id, place: (queries.backtest(backtest_id), place))


@bp.post("/admin/sla/backtests/policies/<slug>")
@asks("desk.administer", of=a_policy)
def policy_draft(policy: SlaPolicy):
    levels = policies.levels().union(*(levels_in(version.targets) for version in policy.versions))
    form, now = policy_form(calendars.every(), levels), clock.now()
    if not form.validate():
        stop_writing()
        return policy_pages.policy_page(policy, form), 400
    content = form.promised(calendars.every(), now).as_facts()
    return made(actions.make("policy", policy, content, current_user, now, form.seen.data or ""))


@bp.post("/admin/sla/backtests/calendars/<slug>")
@asks("desk.administer", of=a_calendar)
def calendar_draft(calendar: WorkCalendar):
    form, now = calendar_form(), clock.now()
    if not form.validate():
        stop_writing()
        return calendar_pages.calendar_page(calendar, form), 400
    content = form.hours(now).as_facts()
    return made(actions.make("calendar", calendar, content, current_user, now, form.seen.data or ""))


@bp.post("/admin/sla/backtests/rules")
@asks("desk.administer")
def rules_draft():
    """The rules as they stand, to be moved and removed in the draft."""
    now = clock.now()
    content = subjects.as_content(lists.wanted(lists.to_edit("", now)))
    return made(actions.make("rules", None, content, current_user, now))


@bp.post("/admin/sla/backtests/rules/new")
@asks("desk.administer")
def rule_draft():
    """The rules as they stand, with the one that was typed into the form for a new rule."""
    form, now, list_id = rule_pages.new_rule_form(), clock.now(), request.form.get("list", "")
    if not form.validate():
        stop_writing()
        return rule_pages.rules_page(form, list_id), 400
    rules, new = lists.wanted(lists.to_edit(list_id, now)), form.wanted(policies.policies())
    rules.insert(checks.place_for(new, rules), new)
    try:
        lists.refuse(rules, new, ways(offer()))
    except DeskError as error:
        form.form_errors.append(error.message)
        stop_writing()
        return rule_pages.rules_page(form, list_id), error.code
    return made(actions.make("rules", None, subjects.as_content(rules), current_user, now))


@bp.post("/admin/sla/backtests/<int:backtest_id>/rules/<int:place>/place")
@asks("desk.administer", of=a_rule_of)
def rule_move(found: tuple[Backtest, int]):
    backtest, place = found
    rules = _rules(backtest, place)
    other = place + (-1 if request.form.get("way") == "up" else 1)
    if 0 <= other < len(rules):
        rules[place], rules[other] = rules[other], rules[place]
    return _rewritten(backtest, rules)


@bp.post("/admin/sla/backtests/<int:backtest_id>/rules/<int:place>/removal")
@asks("desk.administer", of=a_rule_of)
def rule_remove(found: tuple[Backtest, int]):
    backtest, place = found
    rules = _rules(backtest, place)
    del rules[place]
    return _rewritten(backtest, rules)


def _rules(backtest: Backtest, place: int) -> list[dict[str, Any]]:
    """Raises NotFound, or Conflict for a place that somebody else has taken away."""
    if backtest.kind != "rules":
        raise NotFound()
    if place >= len(backtest.content):
        raise Conflict(_("Somebody else has changed the rules meanwhile. Look at them again."))
    return list(backtest.content)


def _rewritten(backtest: Backtest, rules: list[dict[str, Any]]) -> Any:
    actions.rewrite(backtest, rules)
    db.session.commit()
    return redirect(url_for("backtest.backtest_show", backtest_id=backtest.id), 303)


def made(backtest: Backtest) -> Any:
    """Commit a new draft and go to its page."""
    db.session.commit()
    flash(_("This is a draft. Nothing has changed yet; try it on the tickets of the past."), "success")
    return redirect(url_for("backtest.backtest_show", backtest_id=backtest.id), 303)
