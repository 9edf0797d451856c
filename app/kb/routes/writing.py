"""Writing an article: beginning it, saving its text, seeing it as readers would."""

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock, i18n
from app.core.access import asks
from app.core.db import db
from app.core.errors import DeskError
from app.core.forms import stop_writing
from app.core.web import only_reads

from .. import actions, bp, forms, manuscripts, policy, starting_texts
from ..actions import Text
from ..models import Article
from . import _writers
from ._writers import me, rendered


@bp.get("/kb/new")
@asks("article.list")
def article_new():
    language = request.args.get("language")
    form = forms.new_form(
        _writers.offered(), formdata=None, owner_id=str(me().id), title=request.args.get("title", "")[:200],
        language=language if language in i18n.LANGUAGES else i18n.language(), template=request.args.get("template"))
    return render_template("kb/new.html", form=form)


@bp.post("/kb/new")
@asks("article.list")
def article_create():
    offered = _writers.offered()
    form = forms.new_form(offered)
    if not form.validate() or not _keeps(form, offered):
        stop_writing()
        return render_template("kb/new.html", form=form), 400
    body = starting_texts.body_of(form.template.data, form.language.data)
    article = actions.draft(Text(form.title.data, body), form.facts(offered), me(), clock.now())
    slug = article.slug
    db.session.commit()
    return redirect(url_for("kb.article_edit", slug=slug), 303)


def _keeps(form: forms.FactsForm, offered: forms.Offered) -> bool:
    """Whether the writer still may write what these facts say; otherwise the form says so."""
    if policy.would_write(me(), form.facts(offered)):
        return True
    form.teams.errors = [_("You would shut yourself out: name a team of yours too, or be the owner.")]
    return False


@bp.get("/kb/<slug>/edit")
@asks("article.write", of=manuscripts.find)
def article_edit(article: Article):
    return _writers.draw(article, _writers.text_form(article))


@bp.post("/kb/<slug>/versions")
@asks("article.write", of=manuscripts.find)
def version_create(article: Article):
    return save_and(article, lambda now: None, _("The text was saved."))


@bp.post("/kb/<slug>/preview")
@only_reads
@asks("article.write", of=manuscripts.find)
def article_preview(article: Article):
    """The page with the text as readers would see it; a script asks for that part alone."""
    form = forms.TextForm()
    shown = rendered(form.body.data or "", article.language)
    if "part" in request.form:
        return render_template("kb/_preview.html", shown=shown, article=article)
    return _writers.draw(article, form, preview=shown)


def save_and(article: Article, verb: Callable[[Any], None], sentence: str) -> Any:
    """Save what the form brings, do something with the article and commit; refused, what was typed stays."""
    slug, form, now = article.slug, forms.TextForm(), clock.now()
    if not form.validate():
        return _writers.again(slug, form, 400)
    try:
        actions.save(article, form.text(), me(), now, seen_number=form.seen_number.data)
        verb(now)
    except DeskError as error:
        form.form_errors.append(error.message)
        return _stale(slug, form, error.code)
    return _writers.saved(article, sentence)


def _stale(slug: str, form: forms.TextForm, code: int) -> Any:
    """Saved once more, the form replaces knowingly what somebody else saved."""
    stop_writing()
    article = manuscripts.find(me(), slug)
    form.seen_number.data = article.latest.number
    form.seen_number.raw_data = None
    return _writers.draw(article, form, code)
