"""The pages of readers: the front page, a category, an article, and what other search engines are told."""

from datetime import timedelta
from typing import Any

from flask import Response, current_app, render_template, request
from flask_babel import format_date
from flask_login import current_user

from app.core import clock
from app.core.access import asks
from app.core.errors import NotFound
from app.core.policy import may
from app.core.registries import panels
from app.search import log

from .. import bp, queries, readers_page, reads, shelves, sitemap, votes
from ..models import Article
from ..settings import settings
from . import _readers
from ._readers import for_readers, me, my_language
from .votes import voter

LISTED = 6
LATELY = timedelta(days=30)


@bp.get("/kb")
@for_readers
@asks("public")
def portal():
    """Searching first, then what there is to leaf through."""
    person = me()
    newest, most_read = shelves.newest(person, LISTED), shelves.most_read(person, LISTED)
    found = shelves.lines({*newest, *most_read}, person, my_language())
    return render_template("kb/portal.html", shelves=shelves.shelves(person), may_write=may(person, "article.list"),
                           newest=shelves.in_order(newest, found), most_read=shelves.in_order(most_read, found))


@bp.get("/kb/categories/<slug>")
@for_readers
@asks("public")
def category_show(slug: str):
    person = me()
    shelf = shelves.find(person, slug)
    page = shelves.on_shelf(person, my_language(), shelf, request.args.get("after"))
    return render_template("kb/category.html", shelf=shelf, page=page, trail=readers_page.crumbs(shelf.category)[:-1])


@bp.get("/kb/<slug>")
@for_readers
@asks("public", of=queries.to_read)
def article_show(article: Article):
    person, now, token = me(), clock.now(), _readers.asked_token()
    if reads.note(article, person, request, token, now):
        log.clicked(token, article.id, _readers.whole(request.args.get("n"), 1, 1000, 1), now)
    about = readers_page.shown(article, person, my_language(), request.script_root)
    return render_template("kb/article.html", about=about, article=article, token=token, day_name=format_date,
                           vote=votes.of(article, voter(article)), **_for_writers(article, person, now))


def _for_writers(article: Article, person: Any, now: Any) -> dict[str, Any]:
    """Its own numbers, for those who can make them better."""
    if not (current_user.is_authenticated and may(person, "article.write", article)):
        return {"numbers": None}
    return {"numbers": reads.counted(article, now - LATELY), "tally": votes.tally(article),
            "panels": panels("article", article, person, now)}


@bp.get("/sitemap.xml")
@asks("public")
def sitemap_show():
    """What strangers may read, for the search engines of others."""
    if not settings.is_public:
        raise NotFound()
    text = sitemap.written(current_app.config["BASE_URL"])
    return Response(text, mimetype="application/xml")
