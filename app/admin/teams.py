"""Teams: levels, specialities, members and leads, how they escalate and share their work."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import actions, queries
from app.accounts.models import Team
from app.accounts.policy import behind
from app.backtest import actions as backtests
from app.calendars import queries as calendars
from app.core import clock, edits
from app.core.access import asks
from app.core.db import db
from app.core.forms import stop_writing

from . import bp, saving
from .team_forms import ASSIGNMENTS, FRESH, TeamForm, filled, team_form

a_team = behind("desk.administer", queries.team)


@bp.get("/admin/teams")
@asks("desk.administer")
def team_list():
    return render_template("admin/teams.html", teams=queries.teams(), assignments=ASSIGNMENTS)


@bp.get("/admin/teams/new")
@asks("desk.administer")
def team_new():
    return _page(None, filled(_form(None), FRESH))


@bp.post("/admin/teams/new")
@asks("desk.administer")
def team_create():
    return _save(Team(memberships=[]), _form(None)(), FRESH)


@bp.get("/admin/teams/<slug>")
@asks("desk.administer", of=a_team)
def team_edit(team: Team):
    return _page(team, filled(_form(team), actions.team_facts(team)))


@bp.post("/admin/teams/<slug>")
@asks("desk.administer", of=a_team)
def team_save(team: Team):
    return _save(team, _form(team)(), actions.team_facts(team))


@bp.post("/admin/teams/<slug>/draft")
@asks("desk.administer", of=a_team)
def team_draft(team: Team):
    """Another way of sharing the work, to be tried on the past first."""
    form, made = _form(team)(), []
    code = edits.save(form, actions.team_facts(team), lambda: made.append(
        backtests.make("team", team, form.facts(), current_user, clock.now())))
    if code:
        stop_writing()
        return _page(team, form), code
    db.session.commit()
    return redirect(url_for("backtest.backtest_show", backtest_id=made[0].id), 303)


def _form(team: Team | None) -> type[TeamForm]:
    """With everybody in the team, those who may not sign in too. Reading all teams reads the people of this one."""
    teams = queries.teams()
    members = sorted((m.user for m in team.memberships), key=lambda user: user.name) if team else []
    return team_form(team, members, queries.tree(queries.departments()), teams, calendars.every())


def _save(team: Team, form: TeamForm, stored: edits.Facts) -> Any:
    now, is_new = clock.now(), team.id is None
    return saving.answer(
        form, stored, lambda: actions.change_team(team, form.facts(), current_user, now),
        again=lambda: _page(None if is_new else team, form), done=_("The team was saved."),
        onward=lambda: redirect(url_for("admin.team_edit", slug=team.slug)))


def _page(team: Team | None, form: TeamForm) -> str:
    return render_template("admin/team.html", team=team, form=form)
