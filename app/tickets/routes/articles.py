"""Articles beside the reply: what may help, what goes into it, what is kept on the ticket, one written from it."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.errors import NotAllowed
from app.core.policy import may
from app.kb.models import Article
from app.kb.queries import by_slug, to_read
from app.search import log

from .. import articles, as_article, bp, policy, queries, suggestions
from ..models import Ticket
from ..vocabulary import ARTICLE_WAYS
from .page import in_address, saved


@bp.get("/tickets/<int:number>/articles")
@asks("ticket.read_notes", of=queries.for_page)
def article_list(ticket):
    """A page of its own, or the piece of it that stands beside the reply."""
    person = current_user._get_current_object()
    values = {"ticket": ticket, "beside": suggestions.beside(ticket, person, request.args.get("q", "")),
              "offers": policy.offers(person, ticket), "names_solution": _names_solution(person, ticket),
              "ways": ARTICLE_WAYS, "for_good": frozenset(articles.FOR_GOOD), "none_held": frozenset()}
    return render_template("tickets/_articles.html" if "piece" in request.args else "tickets/articles.html", **values)


def _names_solution(person: Any, ticket: Ticket) -> bool:
    return may(person, "ticket.resolve", ticket) and (ticket.is_active or ticket.status == "resolved")


@bp.post("/tickets/<int:number>/articles")
@asks("ticket.link_article", of=queries.by_number)
def article_link(ticket):
    article = to_read(current_user, request.form.get("article", ""))
    articles.link(ticket, article, current_user, clock.now())
    return saved(ticket)


@bp.post("/tickets/<int:number>/articles/<slug>/removal")
@asks("ticket.link_article", of=in_address)
def article_unlink(ticket):
    article = by_slug(current_user, request.view_args["slug"])
    articles.unlink(ticket, article, current_user, clock.now())
    return saved(ticket)


def _of_number(person: Any, number: int, slug: str) -> Ticket:
    return queries.for_page(person, number)


@bp.get("/tickets/<int:number>/articles/<slug>/link")
@asks("ticket.reply", of=_of_number)
def article_as_link(ticket):
    """What stands in a reply that points to the article."""
    return _plain(as_article.as_link(_sendable(ticket)))


@bp.get("/tickets/<int:number>/articles/<slug>/text")
@asks("ticket.reply", of=_of_number)
def article_as_text(ticket):
    """What stands in a reply that says it all."""
    return _plain(as_article.as_text(_sendable(ticket)))


def _sendable(ticket: Ticket) -> Article:
    article = to_read(current_user, request.view_args["slug"])
    if not articles.readable_outside(ticket, [article.id]):
        raise NotAllowed(_("Somebody to whom the reply goes may not read this article."))
    log.clicked(request.args.get("s"), article.id, None, clock.now())
    return article


def _plain(text: str) -> Response:
    return Response(text, mimetype="text/plain")


@bp.post("/tickets/<int:number>/article")
@asks("ticket.write_article", of=queries.by_number)
def article_write(ticket):
    """A draft with the question and the solution at hand; who asks twice goes on with the first."""
    article = as_article.begin(ticket, current_user._get_current_object(), clock.now())
    slug = article.slug
    db.session.commit()
    return redirect(url_for("kb.article_edit", slug=slug), 303)
