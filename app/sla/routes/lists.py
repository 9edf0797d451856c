"""Lists of rules: those that held, what each changed, and those that are planned from a day on."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.policy import behind
from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.errors import Conflict
from app.core.forms import stop_writing
from app.core.i18n import desk as desk_settings

from .. import actions, bp, differences, lists, queries
from ..models import SlaRuleList
from ..rule_forms import PlanForm
from ..rule_words import RuleWords
from . import desk
from .rules import rules_page

a_list = behind("desk.administer", queries.a_list)


@bp.get("/admin/sla/lists")
@asks("desk.administer")
def list_list():
    now, page = clock.now(), queries.all_lists(request.args.get("after"))
    words = RuleWords.of(desk.offer())
    before = [*page.rows[1:], queries.list_before(page.rows[-1])] if page.rows else []
    rows = [(one, _changes(one, old, words)) for one, old in zip(page.rows, before, strict=True)]
    return render_template("sla/lists.html", page=page, rows=rows, now=now, holding=queries.rule_list(now))


@bp.get("/admin/sla/lists/<int:list_id>")
@asks("desk.administer", of=a_list)
def list_show(listed: SlaRuleList):
    now = clock.now()
    if listed.valid_from > now:
        return rules_page(list_id=str(listed.id))
    words = RuleWords.of(desk.offer())
    rules = list(listed.rules)
    return render_template(
        "sla/list.html", shown=listed, now=now, words=words, is_editable=False, idle={},
        is_holding=listed is queries.rule_list(now), changes=_changes(listed, queries.list_before(listed), words),
        choosing=[rule for rule in rules if not rule.is_floor], floors=[rule for rule in rules if rule.is_floor])


@bp.post("/admin/sla/plans")
@asks("desk.administer")
def plan_create():
    form, now = PlanForm(), clock.now()
    if not form.validate():
        return _refused(form, 400)
    since = form.from_moment(desk_settings.time_zone, now)
    try:
        made = lists.plan(lists.wanted(queries.rule_list(now)), current_user, now, since)
    except Conflict as error:
        form.holds_from.errors = [error.message]
        return _refused(form, 409)
    db.session.commit()
    flash(_("These rules are planned. Change them here; until their day the others hold."), "success")
    return redirect(url_for("sla.list_show", list_id=made.id), 303)


@bp.post("/admin/sla/lists/<int:list_id>/removal")
@asks("desk.administer", of=a_list)
def list_remove(listed: SlaRuleList):
    actions.drop_list(listed, current_user, clock.now())
    db.session.commit()
    flash(_("The planned rules were thrown away."), "success")
    return redirect(url_for("sla.policy_list"), 303)


@bp.post("/admin/sla/lists/<int:list_id>/restoration")
@asks("desk.administer", of=a_list)
def list_restore(listed: SlaRuleList):
    """The same rules as the next list, at once."""
    actions.set_rules(lists.wanted(listed), current_user, clock.now())
    db.session.commit()
    flash(_("The rules were saved. They choose the policy of what is filed from now on."), "success")
    return redirect(url_for("sla.policy_list"), 303)


def _changes(new: SlaRuleList, old: SlaRuleList | None, words: RuleWords) -> list[str]:
    return differences.of_rules(list(old.rules) if old else [], list(new.rules), words)


def _refused(form: PlanForm, code: int) -> Any:
    stop_writing()
    return rules_page(plan=form), code
