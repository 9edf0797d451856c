"""What becomes of an article: reviewed, published now or at a moment, archived, brought back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from app.core import clock
from app.core.access import asks
from app.core.errors import DeskError
from app.core.forms import Form, stop_writing

from .. import actions, bp, forms, manuscripts
from ..models import Article
from ..settings import settings
from . import _writers
from ._writers import me
from .writing import save_and


@bp.post("/kb/<slug>/publication")
@asks("article.publish", of=manuscripts.find)
def publication_create(article: Article):
    return _with_text(article, actions.publish, _("Readers see it now."))


@bp.post("/kb/<slug>/review")
@asks("article.write", of=manuscripts.find)
def review_create(article: Article):
    return _with_text(article, actions.ask_review, _("It waits for a review now."))


def _with_text(article: Article, verb: Callable[[Article, Any, datetime], Any], done: str) -> Any:
    """With a text, it is saved first."""
    if "body" in request.form:
        return save_and(article, lambda now: verb(article, me(), now), done)
    verb(article, me(), clock.now())
    return _writers.saved(article, done)


@bp.get("/kb/<slug>/return")
@asks("article.publish", of=manuscripts.find)
def return_new(article: Article):
    return _act(article, forms.ReasonForm(formdata=None), "return")


@bp.post("/kb/<slug>/return")
@asks("article.publish", of=manuscripts.find)
def return_create(article: Article):
    return _try(article, forms.ReasonForm(), "return",
                lambda form, now: actions.send_back(article, form.reason.data, me(), now))


@bp.get("/kb/<slug>/schedule")
@asks("article.publish", of=manuscripts.find)
def schedule_new(article: Article):
    return _act(article, forms.MomentForm(formdata=None), "schedule")


@bp.post("/kb/<slug>/schedule")
@asks("article.publish", of=manuscripts.find)
def schedule_create(article: Article):
    return _try(article, forms.MomentForm(), "schedule",
                lambda form, now: actions.publish_later(article, form.moment(), me(), now))


@bp.post("/kb/<slug>/schedule/removal")
@asks("article.publish", of=manuscripts.find)
def schedule_remove(article: Article):
    actions.unschedule(article, me(), clock.now())
    return _writers.saved(article)


@bp.get("/kb/<slug>/confirmation")
@asks("article.write", of=manuscripts.find)
def confirmation_new(article: Article):
    day = actions.months_after(manuscripts.today(clock.now()), settings.review_months)
    return _act(article, forms.ReviewedForm(formdata=None, next_on=day), "confirmation")


@bp.post("/kb/<slug>/confirmation")
@asks("article.write", of=manuscripts.find)
def confirmation_create(article: Article):
    return _try(article, forms.ReviewedForm(), "confirmation",
                lambda form, now: actions.confirm_reviewed(article, me(), form.next_on.data, now))


@bp.post("/kb/<slug>/archiving")
@asks("article.publish", of=manuscripts.find)
def archiving_create(article: Article):
    actions.archive(article, me(), clock.now())
    return _writers.saved(article, _("The article is archived: readers see it no longer."))


@bp.post("/kb/<slug>/revival")
@asks("article.write", of=manuscripts.find)
def revival_create(article: Article):
    actions.revive(article, me(), clock.now())
    return _writers.saved(article, _("The article is a draft again."))


def _try(article: Article, form: Form, noun: str, verb: Callable[[Any, Any], None]) -> Any:
    """Do it as the small form says; refused, the form stays."""
    slug = article.slug
    if not form.validate():
        return _refused(slug, form, noun, 400)
    try:
        verb(form, clock.now())
    except DeskError as error:
        form.form_errors.append(error.message)
        return _refused(slug, form, noun, error.code)
    return _writers.saved(article)


def _refused(slug: str, form: Form, noun: str, code: int) -> Any:
    stop_writing()
    return _act(manuscripts.find(me(), slug), form, noun), code


def _act(article: Article, form: Form, noun: str) -> str:
    return render_template("kb/act.html", article=article, form=form, noun=noun, **_words(article, noun),
                           soonest=manuscripts.today(clock.now()) + timedelta(days=noun == "confirmation"))


def _words(article: Article, noun: str) -> dict[str, str]:
    title, lead, submit = {
        "return": (_("Send it back"), _("The article is a draft again, or stays as readers know it."), _("Send back")),
        "schedule": (_("Publish later"), _("Version %(number)s goes public then; what is saved until then does not.",
                                           number=article.latest.number), _("Set the moment")),
        "confirmation": (_("Still right"), _("You have read it, and what it says holds."), _("Confirm")),
    }[noun]
    return {"act_title": title, "lead": lead, "submit": submit}
