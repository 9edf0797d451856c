"""The versions of an article: each as it was, two side by side, an old one brought back."""

from flask import render_template, request
from flask_babel import gettext as _

from app.core import clock
from app.core.access import asks

from .. import actions, bp, manuscripts
from ..differences import compare
from ..models import Article, ArticleVersion
from . import _writers
from ._writers import me, rendered

ALL_EVENTS = 200


@bp.get("/kb/<slug>/versions")
@asks("article.write", of=manuscripts.find)
def version_list(article: Article):
    return render_template("kb/versions.html", article=article, happenings=manuscripts.history(article, ALL_EVENTS),
                           page=manuscripts.versions(article, request.args.get("after")))


def a_version(person, slug: str, number: int) -> ArticleVersion:
    return manuscripts.version(person, slug, number)


@bp.get("/kb/<slug>/versions/<int:number>")
@asks("article.version", of=a_version)
def version_show(version: ArticleVersion):
    return render_template("kb/version.html", version=version, article=version.article,
                           shown=rendered(version.body, version.article.language))


@bp.get("/kb/<slug>/versions/<int:number>/differences")
@asks("article.version", of=a_version)
def version_compare(version: ArticleVersion):
    """With the one before, or with the one that is asked for."""
    article = version.article
    asked = request.args.get("with", type=int) or max(version.number - 1, 1)
    other = manuscripts.version(me(), article.slug, asked)
    old, new = sorted((version, other), key=lambda one: one.number)
    return render_template("kb/diff.html", article=article, old=old, new=new,
                           titles=compare(old.title, new.title), pieces=compare(old.body, new.body))


@bp.post("/kb/<slug>/versions/<int:number>/restoration")
@asks("article.version", of=a_version)
def version_restore(version: ArticleVersion):
    actions.restore(version.article, version.number, me(), clock.now())
    return _writers.saved(version.article, _("Version %(number)s is the newest text again.", number=version.number))
