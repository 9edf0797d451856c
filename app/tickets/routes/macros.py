"""Macros: the list, and one of them with what it says and does."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock, edits
from app.core.access import asks
from app.core.db import db
from app.core.forms import spoken, stop_writing
from app.core.markup import clean_line
from app.core.web import only_reads

from .. import bp
from ..templating import actions, macro_forms, policy, queries, showing
from ..templating.forms import reach_value
from ..templating.macro_forms import MacroForm
from ..templating.models import Macro
from ..templating.placeholders import PLACEHOLDERS


@bp.get("/macros")
@asks("template.read")
def macro_list():
    words = clean_line(request.args.get("q", ""))[:100]
    return render_template("tickets/macros.html", q=words, macros=queries.all_of(_me(), Macro, words))


@bp.get("/macros/new")
@asks("template.read")
def macro_new():
    fresh = Macro(names={}, bodies={}, request_types=[], position=100, is_active=True, owner_id=current_user.id,
                  says="reply", steps={}, goes_on=False)
    return _page(None, _filled(fresh, edits.fingerprint({})))


@bp.post("/macros/new")
@asks("template.read")
def macro_create():
    return _save(Macro(), {})


def _kept(person: Any, macro_id: int) -> Macro:
    return queries.macro(person, macro_id)


@bp.get("/macros/<int:macro_id>")
@asks("template.read", of=_kept)
def macro_edit(macro: Macro):
    return _page(macro, _filled(macro, edits.fingerprint(actions.facts_of(macro))))


@bp.post("/macros/<int:macro_id>")
@asks("template.change", of=_kept)
def macro_save(macro: Macro):
    return _save(macro, actions.facts_of(macro))


@bp.post("/macros/preview")
@asks("template.read")
@only_reads
def macro_preview():
    """What was typed, filled in; nothing is kept. `macro` is the one it is typed for, unless that is new."""
    number, form = request.args.get("macro", type=int), MacroForm()
    macro = queries.macro(_me(), number) if number is not None else None
    form.name_stranger(macro)
    fine = form.validate()
    return _page(macro, form), 200 if fine else 400


@bp.post("/macros/<int:macro_id>/removal")
@asks("template.change", of=_kept)
def macro_remove(macro: Macro):
    actions.withdraw(macro, current_user, clock.now())
    db.session.commit()
    flash(_("The macro is no longer offered."), "success")
    return redirect(url_for("tickets.macro_list"), 303)


def _save(macro: Macro, stored: edits.Facts) -> Any:
    form, is_new, now = MacroForm(), not stored, clock.now()
    form.name_stranger(macro)
    code = edits.save(form, stored, lambda: actions.save(macro, form.facts(), _me(), now))
    if code:
        number = None if is_new else request.view_args["macro_id"]
        stop_writing()
        return _page(queries.macro(_me(), number) if number else None, form), code
    db.session.commit()
    flash(_("The macro was saved."), "success")
    return redirect(url_for("tickets.macro_list"), 303)


def _filled(macro: Macro, seen: str) -> MacroForm:
    form = MacroForm(formdata=None, seen=seen, **spoken("names", macro.names), **spoken("bodies", macro.bodies),
                     reach=reach_value(macro), request_types=macro.request_types, position=macro.position,
                     is_active=macro.is_active, **macro_forms.filled(macro))
    form.name_stranger(macro)
    return form


def _page(macro: Macro | None, form: MacroForm) -> str:
    person = _me()
    return render_template("tickets/macro.html", macro=macro, form=form, placeholders=PLACEHOLDERS,
                           keeps=macro is None or policy.keeps(person, macro),
                           preview=showing.preview(form, person, clock.now()))


def _me() -> Any:
    return current_user._get_current_object()
