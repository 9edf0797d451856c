"""Who reads an article, where it stands, whose it is."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from app.core import clock, edits
from app.core.access import asks
from app.core.errors import Invalid, NotAllowed
from app.core.forms import stop_writing

from .. import actions, bp, families, forms, manuscripts, policy
from ..models import Article
from . import _writers
from ._writers import me


@bp.get("/kb/<slug>/facts")
@asks("article.write", of=manuscripts.find)
def facts_edit(article: Article):
    return _page(article, _filled(article))


@bp.post("/kb/<slug>/facts")
@asks("article.write", of=manuscripts.find)
def facts_save(article: Article):
    slug, offered = article.slug, _writers.offered(article)
    form = forms.facts_form(offered)
    code = edits.save(form, actions.facts_of(article), lambda: _change(article, form, offered))
    if code:
        stop_writing()
        return _page(manuscripts.find(me(), slug), form), code
    return _writers.saved(article, _("It holds from now on."))


def _change(article: Article, form: forms.FactsForm, offered: forms.Offered) -> None:
    facts = form.facts(offered)
    if not policy.would_write(me(), facts):
        raise Invalid(_("You would shut yourself out: name a team of yours too, or be the owner."))
    if not policy.may_hold_for_all(me(), article, facts, families.relatives_of(article)):
        raise NotAllowed(_("You may not do this."))
    actions.change_facts(article, facts, me(), clock.now())


def _filled(article: Article) -> forms.FactsForm:
    facts = actions.facts_of(article)
    return forms.facts_form(
        _writers.offered(article), formdata=None, seen=edits.fingerprint(facts), language=article.language,
        visibility=article.visibility, teams=facts["teams"], category_id=str(facts["category_id"] or ""),
        owner_id=str(facts["owner_id"] or ""), tags=", ".join(facts["tags"]), review_on=article.review_on)


def _page(article: Article, form: forms.FactsForm) -> Any:
    return render_template("kb/facts.html", article=article, form=form, **_writers.family(article))
