"""Intake rules: where a new request lands. The first that matches decides."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from app.accounts import queries as people
from app.accounts.policy import behind
from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.forms import maybe_id, stop_writing

from .. import actions, bp, queries
from ..forms import IntakeRuleForm, intake_rule_form
from ..models import IntakeRule
from ..vocabulary import CHANNELS

a_rule = behind("desk.administer", queries.rule)


@bp.get("/admin/intake-rules")
@asks("desk.administer")
def intake_rule_list():
    return _page(_form(formdata=None))


@bp.post("/admin/intake-rules")
@asks("desk.administer")
def intake_rule_create():
    form = _form()
    if not form.validate():
        stop_writing()
        return _page(form), 400
    actions.add_rule(_rule(form), current_user, clock.now())
    return _done()


def _rule(form: IntakeRuleForm) -> IntakeRule:
    return IntakeRule(request_type_id=maybe_id(form.request_type_id.data), channel=form.channel.data or None,
                      department_id=maybe_id(form.department_id.data), team_id=int(form.team_id.data))


@bp.post("/admin/intake-rules/<int:rule_id>/place")
@asks("desk.administer", of=a_rule)
def intake_rule_move(rule: IntakeRule):
    actions.move_rule(rule, request.form.get("way") == "up", current_user, clock.now())
    return _done()


@bp.post("/admin/intake-rules/<int:rule_id>/removal")
@asks("desk.administer", of=a_rule)
def intake_rule_remove(rule: IntakeRule):
    actions.remove_rule(rule, current_user, clock.now())
    return _done()


def _done() -> Any:
    db.session.commit()
    return redirect(url_for("catalogue.intake_rule_list"))


def _form(**values: Any) -> IntakeRuleForm:
    return intake_rule_form(queries.all_of_them(), people.tree(people.departments()), people.teams(), **values)


def _page(form: IntakeRuleForm) -> str:
    departments = {one.id: one for one in people.departments()}
    return render_template("catalogue/intake_rules.html", form=form, rules=queries.rules(), departments=departments,
                           channels=CHANNELS)
