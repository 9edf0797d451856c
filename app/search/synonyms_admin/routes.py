"""The pages of the words that mean the same."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.policy import behind
from app.core import clock, edits, paging
from app.core.access import asks
from app.core.db import db
from app.core.forms import stop_writing
from app.core.markup import clean_line
from app.core.web import only_reads

from ..models import SynonymGroup
from . import actions, bp, queries, trial
from .forms import GroupForm, facts, filled

NOT_TRIED = trial.Trial()
a_group = behind("desk.administer", queries.group)


@bp.get("/admin/synonyms")
@asks("desk.administer")
def group_list():
    return _list(filled(None))


@bp.post("/admin/synonyms")
@asks("desk.administer")
def group_create():
    form, now = GroupForm(), clock.now()
    code = edits.save(form, facts(None), lambda: actions.add(form.phrases, current_user, now))
    if code:
        stop_writing()
        return _list(form), code
    return _done(_("The words were added."))


@bp.get("/admin/synonyms/<int:group_id>")
@asks("desk.administer", of=a_group)
def group_edit(group: SynonymGroup):
    return _page(group, filled(group))


@bp.post("/admin/synonyms/<int:group_id>")
@asks("desk.administer", of=a_group)
def group_save(group: SynonymGroup):
    form, now = GroupForm(), clock.now()
    code = edits.save(form, facts(group), lambda: actions.change(group, form.phrases, current_user, now))
    if code:
        stop_writing()
        return _page(group, form), code
    return _done(_("The words were saved."))


@bp.get("/admin/synonyms/<int:group_id>/removal")
@asks("desk.administer", of=a_group)
def group_removal(group: SynonymGroup):
    return render_template("synonyms/removal.html", group=group)


@bp.post("/admin/synonyms/<int:group_id>/removal")
@asks("desk.administer", of=a_group)
def group_remove(group: SynonymGroup):
    actions.remove(group, current_user, clock.now())
    return _done(_("The words were removed."))


def _done(said: str) -> Any:
    db.session.commit()
    flash(said, "success")
    return redirect(url_for("synonyms.group_list"))


@bp.post("/admin/synonyms/trial")
@only_reads
@asks("desk.administer")
def new_try():
    form = GroupForm()
    return _list(form, trial.tried(form.question.data, form.phrases, None, current_user))


@bp.post("/admin/synonyms/<int:group_id>/trial")
@only_reads
@asks("desk.administer", of=a_group)
def group_try(group: SynonymGroup):
    form = GroupForm()
    return _page(group, form, trial.tried(form.question.data, form.phrases, group, current_user))


def _list(form: GroupForm, tried: trial.Trial = NOT_TRIED) -> str:
    wanted = clean_line(request.args.get("q", ""))[:60]
    page = paging.page(queries.listed(wanted), [(SynonymGroup.id, "desc")], request.args.get("after"))
    return render_template("synonyms/groups.html", form=form, page=page, wanted=wanted, count=queries.count(),
                           most=actions.MOST_GROUPS, tried=tried, group=None)


def _page(group: SynonymGroup, form: GroupForm, tried: trial.Trial = NOT_TRIED) -> str:
    return render_template("synonyms/group.html", group=group, form=form, tried=tried)
