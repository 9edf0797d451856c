"""Absences: the list, announcing with what goes to whom shown first, changing, returning, taking back."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from app.accounts import absence_actions, absence_queries
from app.accounts.absence_checks import problems
from app.accounts.absence_models import DEPUTY_KINDS, REASONS, Absence
from app.accounts.models import User
from app.core import clock, paging
from app.core.access import asks
from app.core.db import db
from app.core.errors import DeskError
from app.core.forms import stop_writing
from app.core.policy import may

from . import bp, preview, summary
from .forms import AbsenceForm, stored
from .words import days_of, state_of

COMING = ((Absence.starts_at, "asc"), (Absence.id, "asc"))
PAST = ((Absence.starts_at, "desc"), (Absence.id, "desc"))


@bp.get("/absences")
@asks("absence.read")
def absence_list():
    now, past = clock.now(), request.args.get("state") == "past"
    over = (Absence.ends_at <= now) | Absence.cancelled_at.is_not(None)
    found = absence_queries.visible_to(current_user).where(over if past else ~over)
    page = paging.page(found, PAST if past else COMING, request.args.get("after"))
    return render_template("attention/list.html", page=page, past=past, **_words(now),
                           others=absence_queries.announced_by(current_user), plans=_plans)


def _words(now: Any) -> dict[str, Any]:
    return {"now": now, "days_of": days_of, "state_of": state_of, "kinds": DEPUTY_KINDS, "reasons": REASONS}


def _plans(absence: Absence) -> bool:
    return may(current_user, "absence.change", absence)


@bp.get("/absences/new")
@asks("absence.read")
def absence_choose():
    """Where the list of people leads; without a choice to one's own."""
    chosen = request.args.get("person", "")
    user_id = int(chosen) if chosen.isdecimal() and len(chosen) < 10 else current_user.id
    return redirect(url_for("attention.absence_new", user_id=user_id))


@bp.get("/absences/people/<int:user_id>")
@asks("absence.announce", of=absence_queries.somebody)
def absence_new(person):
    return _page(AbsenceForm.of(person, stored(None), formdata=None), person)


@bp.post("/absences/people/<int:user_id>")
@asks("absence.announce", of=absence_queries.somebody)
def absence_create(person):
    form, now = AbsenceForm.of(person, stored(None)), clock.now()
    return _save(form, person, None, lambda plan: absence_actions.announce(plan, _me(), now))


def _me() -> User:
    return current_user._get_current_object()


@bp.get("/absences/<int:absence_id>/change")
@asks("absence.change", of=absence_queries.by_id)
def absence_edit(absence):
    return _page(AbsenceForm.of(absence.user, stored(absence), formdata=None), absence.user, absence)


@bp.post("/absences/<int:absence_id>/change")
@asks("absence.change", of=absence_queries.by_id)
def absence_change(absence):
    form, now = AbsenceForm.of(absence.user, stored(absence)), clock.now()
    return _save(form, absence.user, absence, lambda plan: absence_actions.change(absence, plan, _me(), now))


def _save(form: AbsenceForm, person: User, absence: Absence | None, verb: Any) -> Any:
    """Only what was shown is saved: what was typed anew is first shown, with what goes to whom."""
    now = clock.now()
    if not form.validate():
        return _again(form, person, absence, 400)
    plan = form.plan(person, preview.team_ids(person), absence)
    form.tell(problems(plan, now))
    if any(field.errors for field in form):
        return _again(form, person, absence, 400)
    if absence is not None and form.is_stale(stored(absence)):
        return _again(form, person, absence, 409)
    if not form.was_shown:
        return _again(form, person, absence, 200, plan=plan)
    try:
        saved = verb(plan) or absence
        number = saved.id
        db.session.commit()
    except DeskError as refused:
        form.form_errors.append(refused.message)
        return _again(form, person, absence, refused.code)
    except IntegrityError:
        # Two that make the desk's very first absence: the row that lets them come one after another is not there yet.
        form.form_errors.append(_("Somebody else announced an absence at this very moment; please save once more."))
        return _again(form, person, absence, 409)
    flash(_("The absence was saved."), "success")
    return redirect(url_for("attention.absence_show", absence_id=number), 303)


def _again(form: AbsenceForm, person: User, absence: Absence | None, code: int, plan: Any = None) -> Any:
    """What was begun is dropped before the page is drawn, so that no lock is held meanwhile."""
    stop_writing()
    return _page(form, person, absence, code, preview.of(plan, _me()) if plan is not None else None)


def _page(form: AbsenceForm, person: User, absence: Absence | None = None, code: int = 200,
          shown: preview.Preview | None = None) -> Any:
    return render_template("attention/form.html", form=form, person=person, absence=absence, preview=shown,
                           kinds=DEPUTY_KINDS, now=clock.now()), code


@bp.get("/absences/<int:absence_id>")
@asks("absence.read", of=absence_queries.by_id)
def absence_show(absence):
    now = clock.now()
    told = summary.of(absence, current_user, now) if absence.starts_at <= now else None
    return render_template("attention/absence.html", absence=absence, summary=told, plans=_plans(absence),
                           **_words(now))


@bp.post("/absences/<int:absence_id>/cancellation")
@asks("absence.change", of=absence_queries.by_id)
def absence_cancel(absence):
    absence_actions.cancel(absence, _me(), clock.now())
    return _to(absence, _("The absence was cancelled."))


@bp.post("/absences/<int:absence_id>/return")
@asks("absence.change", of=absence_queries.by_id)
def absence_return(absence):
    absence_actions.come_back(absence, _me(), clock.now())
    return _to(absence, _("The absence has ended."))


@bp.post("/absences/<int:absence_id>/taking-back")
@asks("absence.change", of=absence_queries.by_id)
def ticket_take_back(absence):
    """One ticket, where the form names one, else all."""
    named = request.form.get("ticket", "")
    number = int(named) if named.isdecimal() and len(named) < 19 else None
    count = summary.take_back(absence, _me(), clock.now(), number)
    words = ngettext("%(num)s ticket was taken back.", "%(num)s tickets were taken back.", count)
    return _to(absence, words if count else _("Nothing was left to take back."))


def _to(absence: Absence, words: str) -> Any:
    number = absence.id
    db.session.commit()
    flash(words, "success")
    return redirect(url_for("attention.absence_show", absence_id=number), 303)

