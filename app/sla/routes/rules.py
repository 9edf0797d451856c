"""Rules: which policy a ticket gets. Each change makes the next list; older ones are kept."""

from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.policy import behind
from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.errors import Conflict, DeskError
from app.core.forms import stop_writing
from app.core.registries import panels

from .. import bp, checks, lists, overview, queries, reach
from ..actions import RuleWanted
from ..forms import hours_minutes
from ..models import SlaRule, SlaRuleList
from ..rule_forms import PlanForm, RuleForm, filled, rule_form
from ..rule_words import RuleWords
from ..vocabulary import EVERY_PRIORITY, PROMISES
from . import desk

a_rule = behind("desk.administer", queries.rule)
LOOKED_BACK = timedelta(days=30)


@bp.post("/admin/sla/rules")
@asks("desk.administer")
def rule_create():
    form, now = new_rule_form(), clock.now()
    if not form.validate():
        return _refused(form, 400)
    holding = lists.to_edit(request.form.get("list", ""), now)
    rules, new = lists.wanted(holding), form.wanted(queries.policies())
    rules.insert(checks.place_for(new, rules), new)
    return _try_saving(holding, rules, new, form, now)


@bp.get("/admin/sla/rules/<int:rule_id>")
@asks("desk.administer", of=a_rule)
def rule_edit(rule: SlaRule):
    return _edit_page(rule, filled(rule, queries.policies(), desk.offer()))


@bp.post("/admin/sla/rules/<int:rule_id>")
@asks("desk.administer", of=a_rule)
def rule_save(rule: SlaRule):
    form, now = new_rule_form(), clock.now()
    if not form.validate():
        return _refused(form, 400, rule)
    try:
        holding, place = lists.find(rule, now)
    except Conflict as error:
        form.form_errors.append(error.message)
        return _refused(form, 409, rule)
    rules, new = lists.wanted(holding), form.wanted(queries.policies())
    rules[place] = new
    return _try_saving(holding, rules, new, form, now, rule)


@bp.post("/admin/sla/rules/<int:rule_id>/place")
@asks("desk.administer", of=a_rule)
def rule_move(rule: SlaRule):
    now = clock.now()
    holding, old = lists.find(rule, now)
    rules = lists.wanted(holding)
    new = old - 1 if request.form.get("way") == "up" else old + 1
    if 0 <= new < len(rules) and rules[new].is_floor == rules[old].is_floor:
        rules[old], rules[new] = rules[new], rules[old]
    return _try_saving(holding, rules, None, new_rule_form(formdata=None), now)


@bp.get("/admin/sla/rules/<int:rule_id>/removal")
@asks("desk.administer", of=a_rule)
def rule_removal(rule: SlaRule):
    """Asks before it is done, and says what would change."""
    now = clock.now()
    holding, place = lists.find(rule, now)
    heirs = [] if rule.is_floor else lists.heirs(lists.wanted(holding), place)
    return render_template("sla/removal.html", rule=rule, holding=holding, now=now, heirs=heirs,
                           words=words(), chosen=queries.chosen_by(rule, now - LOOKED_BACK))


@bp.post("/admin/sla/rules/<int:rule_id>/removal")
@asks("desk.administer", of=a_rule)
def rule_remove(rule: SlaRule):
    now = clock.now()
    holding, place = lists.find(rule, now)
    rules = lists.wanted(holding)
    del rules[place]
    return _try_saving(holding, rules, None, new_rule_form(formdata=None), now)


def _try_saving(holding: SlaRuleList | None, rules: list[RuleWanted], new: RuleWanted | None, form: RuleForm,
                now: datetime, edited: SlaRule | None = None) -> Any:
    """Save the next list, or show the form again with the reason; `new` is a rule that was not checked before."""
    ways = desk.ways(desk.offer())
    try:
        lists.refuse(rules, new, ways)
    except DeskError as error:
        form.form_errors.append(error.message)
        return _refused(form, error.code, edited)
    made = lists.save(holding, rules, current_user, now)
    db.session.commit()
    _say(made, now)
    for doubt in reach.doubts(new.conditions, ways) if new else ():
        flash(doubt, "warning")
    return redirect(page_of(made, now), 303)


def _say(made: SlaRuleList, now: datetime) -> None:
    if made.valid_from > now:
        flash(_("The planned rules were saved."), "success")
    else:
        flash(_("The rules were saved. They choose the policy of what is filed from now on."), "success")


def page_of(shown: SlaRuleList | None, now: datetime) -> str:
    """The address of the page on which a list is edited."""
    if shown is not None and shown.valid_from > now:
        return url_for("sla.list_show", list_id=shown.id)
    return url_for("sla.policy_list")


def _refused(form: RuleForm, code: int, edited: SlaRule | None = None) -> tuple[str, int]:
    """The page with the form, as it was typed."""
    rule_id = edited.id if edited else None
    stop_writing()
    if rule_id is None:
        return rules_page(form, request.form.get("list", "")), code
    return _edit_page(queries.rule(rule_id), form, is_gone=code == 409), code


def new_rule_form(**values: Any) -> RuleForm:
    return rule_form(queries.policies(), desk.offer(), **values)


def words() -> RuleWords:
    """To say the conditions of rules."""
    return RuleWords.of(desk.offer())


def _edit_page(rule: SlaRule, form: RuleForm, is_gone: bool = False) -> str:
    return render_template("sla/rule.html", rule=rule, form=form, is_gone=is_gone, back_to=queries.a_list(rule.list_id),
                           now=clock.now(), page_of=page_of)


def rules_page(form: RuleForm | None = None, list_id: str = "", plan: PlanForm | None = None) -> str:
    """The rules that hold, with the policies, or a planned list; and the form for a new rule."""
    now, policies, offered = clock.now(), queries.policies(), desk.offer()
    holding, planned = queries.rule_list(now), queries.planned_lists(now)
    shown = next((one for one in planned if str(one.id) == list_id), holding)
    rules = list(shown.rules) if shown else []
    ways = desk.ways(offered)
    return render_template(
        "sla/list.html" if shown in planned else "sla/policies.html", now=now, shown=shown, planned=planned,
        form=form or rule_form(policies, offered, formdata=None), plan=plan or PlanForm(formdata=None),
        choosing=[rule for rule in rules if not rule.is_floor], floors=[rule for rule in rules if rule.is_floor],
        words=RuleWords.of(offered), rows=overview.rows(policies, rules, now), hours_minutes=hours_minutes,
        idle={rule.id: reach.unmeetable(rule.conditions, ways) for rule in rules},
        panels=panels("rules", shown, current_user, now), priorities=EVERY_PRIORITY, targets=PROMISES, is_editable=True)


