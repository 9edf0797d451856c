"""Policies: what is promised, and what happens on the way to a deadline."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.policy import behind
from app.calendars import queries as calendars
from app.calendars.forms import first_day
from app.core import clock, edits
from app.core.access import asks
from app.core.db import db
from app.core.forms import said, stop_writing
from app.core.registries import panels

from .. import actions, bp, policy_history, queries, target_checks
from ..forms import FRESH, PolicyForm, filled, guarded, levels_in, policy_facts, policy_form
from ..models import SlaPolicy, SlaPolicyVersion
from ..vocabulary import EVERY_PRIORITY, OLA, PROMISES
from .rules import rules_page

a_policy = behind("desk.administer", queries.policy)
a_version = behind("desk.administer", queries.policy_version)


@bp.get("/admin/sla")
@asks("desk.administer")
def policy_list():
    return rules_page()


@bp.get("/admin/sla/policies/new")
@asks("desk.administer")
def policy_new():
    return policy_page(None, filled(FRESH, calendars.every(), _levels(), FRESH))


@bp.post("/admin/sla/policies/new")
@asks("desk.administer")
def policy_create():
    form, now = policy_form(calendars.every(), _levels()), clock.now()
    code = edits.save(form, FRESH, lambda: _create(form, now))
    return _answer(None, form, code)


@bp.get("/admin/sla/policies/<slug>")
@asks("desk.administer", of=a_policy)
def policy_edit(policy: SlaPolicy):
    version = _asked_for(policy)
    form = filled(policy_facts(policy, version), calendars.every(), _levels(policy), guarded(policy))
    if version.valid_from > clock.now():
        form.holds_from.data = first_day(version.valid_from, version.calendar.versions[-1].zone)
    return policy_page(policy, form, version)


@bp.post("/admin/sla/policies/<slug>")
@asks("desk.administer", of=a_policy)
def policy_save(policy: SlaPolicy):
    form, now = policy_form(calendars.every(), _levels(policy)), clock.now()
    code = edits.save(form, guarded(policy), lambda: actions.revise_policy(
        policy, said(form, "names"), form.promised(calendars.every(), now), current_user, now))
    return _answer(policy, form, code)


@bp.post("/admin/sla/policies/<slug>/versions/<int:version_id>/removal")
@asks("desk.administer", of=a_version)
def policy_version_remove(version: SlaPolicyVersion):
    policy = version.policy
    actions.drop_version(policy, version, current_user, clock.now())
    db.session.commit()
    flash(_("The planned version was thrown away."), "success")
    return redirect(url_for("sla.policy_edit", slug=policy.slug), 303)


def _asked_for(policy: SlaPolicy) -> SlaPolicyVersion:
    """The version to begin with: one that was chosen to be used again, else what holds."""
    chosen = request.args.get("version", "")
    if chosen.isdecimal() and len(chosen) < 10:
        return queries.policy_version(policy.slug, int(chosen))
    return queries.in_force(policy, clock.now())


def _levels(policy: SlaPolicy | None = None) -> list[int]:
    """Levels of the desk's teams, and those the policy speaks of."""
    told = (levels_in(version.targets) for version in policy.versions) if policy else ()
    return sorted(queries.levels().union(*told))


def _create(form: PolicyForm, now: datetime) -> None:
    actions.create_policy(form.slug.data, said(form, "names"), form.promised(calendars.every(), now), current_user, now)


def _answer(policy: SlaPolicy | None, form: PolicyForm, code: int) -> Any:
    if code:
        stop_writing()
        return policy_page(policy, form), code
    db.session.commit()
    flash(_("The policy was saved."), "success")
    for doubt in target_checks.doubts(form.targets(), form.actions):
        flash(doubt, "warning")
    return redirect(url_for("sla.policy_list"), 303)


def policy_page(policy: SlaPolicy | None, form: PolicyForm, shown: SlaPolicyVersion | None = None) -> str:
    """The page of a policy with its form; `shown` is the version that the form was filled with."""
    now = clock.now()
    return render_template(
        "sla/policy.html", policy=policy, form=form, now=now, priorities=EVERY_PRIORITY, promises=PROMISES, ola=OLA,
        shown=shown, panels=panels("policy", policy, current_user, now) if policy else [],
        current=queries.in_force(policy, now) if policy else None,
        history=policy_history.lines(policy, now) if policy else [])
