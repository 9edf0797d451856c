"""What the pages of writers share: the article's own page, drawn anew where something was refused."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from app.accounts import queries as people
from app.core import clock
from app.core.db import db
from app.core.forms import stop_writing
from app.core.policy import may
from app.core.registries import panels

from .. import families, manuscripts, markup_articles, policy, shelving, words
from ..forms import FilesForm, Offered, TextForm
from ..models import Article


def me() -> Any:
    return current_user._get_current_object()


def in_address(person: Any, slug: str, **_other_parts: Any) -> Article:
    """The article of an address that names something else too."""
    return manuscripts.find(person, slug)


def offered(article: Article | None = None) -> Offered:
    """What there is to choose from."""
    return Offered(people.teams(), shelving.tree(), manuscripts.could_own(article))


def text_form(article: Article, **about: Any) -> TextForm:
    """The form filled with the newest version."""
    latest = article.latest
    return TextForm(formdata=None, title=latest.title, body=latest.body, seen_number=latest.number, **about)


def draw(article: Article, form: TextForm, code: int = 200, **special: Any) -> tuple[str, int]:
    """The page on which an article is written."""
    person, now, happenings = me(), clock.now(), manuscripts.history(article)
    values = {
        "article": article, "form": form, "files": manuscripts.files(article), "files_form": FilesForm(formdata=None),
        "happenings": happenings, "sent_back": manuscripts.sent_back(happenings), **family(article),
        "may_publish": may(person, "article.publish", article), "root": request.script_root, **words.in_templates(),
        "today": manuscripts.today(now), "panels": panels("article_edit", article, person, now), **special,
    }
    return render_template("kb/edit.html", **values), code


def family(article: Article) -> dict[str, Any]:
    """The other languages of an article that this person writes too, and which of all of them are behind the
    original."""
    relatives = [one for one in families.relatives_of(article) if policy.writes(me(), one)]
    return {"relatives": relatives, "outdated": manuscripts.outdated_among([article, *relatives]),
            "original": next((one for one in relatives if one.id == article.family_id), None)}


def again(slug: str, form: TextForm, code: int, **special: Any) -> tuple[str, int]:
    """The page once more with what was typed; nothing of the request is kept and no lock is held."""
    stop_writing()
    return draw(manuscripts.find(me(), slug), form, code, **special)


def saved(article: Article, sentence: str = "", endpoint: str = "kb.article_edit") -> Any:
    """Commit, then on to a page of the article."""
    slug = article.slug
    db.session.commit()
    if sentence:
        flash(sentence, "success")
    return redirect(url_for(endpoint, slug=slug), 303)


def rendered(body: str, language: str) -> Any:
    """A text as its readers would see it."""
    return markup_articles.render(body, language, request.script_root).html
