"""Reply templates: the list, one of them with its preview, and that it was used."""

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
from ..templating import actions, policy, queries, showing
from ..templating.forms import ReplyTemplateForm, reach_value
from ..templating.models import ReplyTemplate
from ..templating.placeholders import PLACEHOLDERS


@bp.get("/reply-templates")
@asks("template.read")
def reply_template_list():
    words = clean_line(request.args.get("q", ""))[:100]
    return render_template("tickets/reply_templates.html", q=words, keeps=policy.keeps,
                           templates=queries.all_of(_me(), ReplyTemplate, words))


@bp.get("/reply-templates/new")
@asks("template.read")
def reply_template_new():
    fresh = ReplyTemplate(names={}, bodies={}, request_types=[], position=100, is_active=True, owner_id=current_user.id)
    return _page(None, _filled(fresh, edits.fingerprint({})))


@bp.post("/reply-templates/new")
@asks("template.read")
def reply_template_create():
    return _save(ReplyTemplate(), {})


def _kept(person: Any, template_id: int) -> ReplyTemplate:
    return queries.reply_template(person, template_id)


@bp.get("/reply-templates/<int:template_id>")
@asks("template.read", of=_kept)
def reply_template_edit(template: ReplyTemplate):
    """For those who may not change it: what it says."""
    return _page(template, _filled(template, edits.fingerprint(actions.facts_of(template))))


@bp.post("/reply-templates/<int:template_id>")
@asks("template.change", of=_kept)
def reply_template_save(template: ReplyTemplate):
    return _save(template, actions.facts_of(template))


@bp.post("/reply-templates/preview")
@asks("template.read")
@only_reads
def reply_template_preview():
    """What was typed, filled in; nothing is kept. `template` is the one it is typed for, unless that is new."""
    number, form = request.args.get("template", type=int), ReplyTemplateForm()
    template = queries.reply_template(_me(), number) if number is not None else None
    fine = form.validate()
    return _page(template, form), 200 if fine else 400


@bp.post("/reply-templates/<int:template_id>/removal")
@asks("template.change", of=_kept)
def reply_template_remove(template: ReplyTemplate):
    actions.withdraw(template, current_user, clock.now())
    db.session.commit()
    flash(_("The template is no longer offered."), "success")
    return redirect(url_for("tickets.reply_template_list"), 303)


@bp.post("/reply-templates/<int:template_id>/uses")
@asks("template.read", of=_kept)
def reply_template_use(template: ReplyTemplate):
    """It went into a text; said by the page, after the fact."""
    actions.used(template, clock.now())
    db.session.commit()
    return "", 204


def _save(template: ReplyTemplate, stored: edits.Facts) -> Any:
    form, is_new, now = ReplyTemplateForm(), not stored, clock.now()
    code = edits.save(form, stored, lambda: actions.save(template, form.facts(), _me(), now))
    if code:
        number = None if is_new else request.view_args["template_id"]
        stop_writing()
        return _page(queries.reply_template(_me(), number) if number else None, form), code
    db.session.commit()
    flash(_("The template was saved."), "success")
    return redirect(url_for("tickets.reply_template_list"), 303)


def _filled(template: ReplyTemplate, seen: str) -> ReplyTemplateForm:
    facts = actions.facts_of(template)
    return ReplyTemplateForm(formdata=None, seen=seen, **spoken("names", template.names),
                             **spoken("bodies", template.bodies), reach=reach_value(template),
                             **{name: facts[name] for name in ("keyword", "request_types", "position", "is_active")})


def _page(template: ReplyTemplate | None, form: ReplyTemplateForm) -> str:
    person = _me()
    return render_template("tickets/reply_template.html", template=template, form=form, placeholders=PLACEHOLDERS,
                           keeps=template is None or policy.keeps(person, template),
                           preview=showing.preview(form, person, clock.now()))


def _me() -> Any:
    return current_user._get_current_object()
