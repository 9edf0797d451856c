"""What mails say: the administrator's own words over those that come with the desk, per message and language."""

from typing import Any, NamedTuple

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.accounts.policy import behind
from app.core import clock, edits
from app.core.access import asks
from app.core.db import db
from app.core.edits import Guarded
from app.core.errors import NotFound
from app.core.forms import Area, Line, at_most, required, stop_writing
from app.core.i18n import LANGUAGES
from app.core.web import only_reads
from app.notifications import sample, wordings
from app.notifications.models import Wording

from . import bp


class Chosen(NamedTuple):
    """A message in a language."""

    name: str
    language: str


class WordingForm(Guarded):
    """Subject and text, in which nothing may stand in braces but what the message has."""

    subject = Line(_l("Subject"), [required(), at_most(300)])
    body = Area(_l("Text"), [required(), at_most(20_000)], description=_l("Markdown; the HTML is made from it."))

    def judge(self, name: str) -> bool:
        """`validate`, and the placeholders."""
        fine = self.validate()
        of_subject, of_body = wordings.wrong_with(name, self.subject.data or "", self.body.data or "")
        self.subject.errors = [*self.subject.errors, *of_subject]
        self.body.errors = [*self.body.errors, *of_body]
        return fine and not of_subject and not of_body


def find(name: str, language: str) -> Chosen:
    """Raises NotFound for a message or language that there is not."""
    if name not in wordings.MESSAGES or language not in LANGUAGES:
        raise NotFound()
    return Chosen(name, language)


a_message = behind("desk.administer", find)


@bp.get("/admin/wordings")
@asks("desk.administer")
def wording_list():
    return render_template("admin/wordings.html", messages=wordings.MESSAGES, own=wordings.stored())


@bp.get("/admin/wordings/<name>/<language>")
@asks("desk.administer", of=a_message)
def wording_edit(chosen: Chosen):
    facts = _facts(wordings.own(*chosen))
    subject, body = (facts["subject"], facts["body"]) if facts else sample.original(*chosen)
    return _page(chosen, WordingForm(formdata=None, seen=edits.fingerprint(facts), subject=subject, body=body))


@bp.post("/admin/wordings/<name>/<language>")
@asks("desk.administer", of=a_message)
def wording_save(chosen: Chosen):
    form, now = WordingForm(), clock.now()
    if not form.judge(chosen.name):
        stop_writing()
        return _page(chosen, form), 400
    code = edits.save(form, _facts(wordings.own(*chosen)), lambda: wordings.change(
        *chosen, form.subject.data, form.body.data, current_user, now))
    if code:
        stop_writing()
        return _page(chosen, form), code
    db.session.commit()
    flash(_("The words were saved."), "success")
    return redirect(url_for("admin.wording_edit", name=chosen.name, language=chosen.language))


@bp.post("/admin/wordings/<name>/<language>/preview")
@asks("desk.administer", of=a_message)
@only_reads
def wording_preview(chosen: Chosen):
    """How it would look; nothing is kept."""
    form = WordingForm()
    if not form.judge(chosen.name):
        return _page(chosen, form), 400
    return _page(chosen, form, sample.preview(*chosen, form.subject.data, form.body.data, current_user, clock.now()))


@bp.post("/admin/wordings/<name>/<language>/removal")
@asks("desk.administer", of=a_message)
def wording_remove(chosen: Chosen):
    """Twice is harmless."""
    own = wordings.own(*chosen)
    if own is not None:
        wordings.restore(own, current_user, clock.now())
        db.session.commit()
    flash(_("The message has its original words again."), "success")
    return redirect(url_for("admin.wording_list"), 303)


def _facts(own: Wording | None) -> edits.Facts:
    return {"subject": own.subject, "body": own.body} if own is not None else {}


def _page(chosen: Chosen, form: WordingForm, preview: Any = None) -> str:
    return render_template("admin/wording.html", chosen=chosen, form=form, preview=preview,
                           message=wordings.MESSAGES[chosen.name], placeholders=wordings.PLACEHOLDERS,
                           own=wordings.own(*chosen), language_name=LANGUAGES[chosen.language])
