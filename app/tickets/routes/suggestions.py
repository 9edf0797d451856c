"""Answers before a request is filed: what is suggested, read in place, and that it solved the matter."""

from typing import Any

from flask import render_template, request
from flask_login import current_user

from app.catalogue import queries as catalogue
from app.catalogue.models import RequestType
from app.core import clock
from app.core.access import asks
from app.core.web import only_reads
from app.kb import markup_articles, reads
from app.kb.models import Article
from app.kb.queries import to_read
from app.search import log

from .. import bp
from ..asking.box import Taken
from ..asking.guess import guess
from ..fields import PREFIX
from ..suggestions import while_filing
from .filing import form_for


@bp.get("/tickets/suggestions")
@asks("ticket.file")
def suggestion_list():
    """A piece of the page of filing: what may answer the words typed so far."""
    kind = _kind(request.args.get("type", ""))
    words, more = request.args.get("q", ""), request.args.get("more", "")
    suggested = while_filing(words, more, _me(), not _may_be_confidential(kind, words, more))
    return render_template("tickets/_suggestions.html", suggested=suggested)


@bp.get("/tickets/suggestions/<slug>")
@asks("ticket.file", of=to_read)
def suggestion_show(article: Article):
    """The text of an article, to be read where it was suggested."""
    token, now = request.args.get("s"), clock.now()
    if reads.note(article, _me(), request, token, now):
        log.clicked(token, article.id, _place(request.args.get("n", "")), now)
    text = markup_articles.render(article.published.body, article.language, request.script_root)
    return render_template("tickets/_suggestion.html", article=article, text=text.html)


@bp.post("/tickets/suggestions/<slug>/solution")
@asks("ticket.file", of=to_read)
@only_reads
def suggestion_solve(article: Article):
    """It solved the matter: nothing is filed, and what was typed is still at hand."""
    log.solved(request.form.get("s"), article.id, clock.now())
    kind = _kind(request.form.get("request_type", ""))
    return render_template("tickets/solved.html", article=article, kind=kind, words=_words(), typed=_typed(kind))


def _may_be_confidential(kind: RequestType | None, words: str, more: str) -> bool:
    """As far as one can tell while the kind is not chosen."""
    what = Taken(kind) if kind is not None else Taken(None, guess(words, more, catalogue.on_offer()))
    return what.may_be_confidential


def _me() -> Any:
    return current_user._get_current_object()


def _kind(slug: str) -> RequestType | None:
    kind = catalogue.by_slug(slug) if slug else None
    return kind if kind is not None and kind.is_active else None


def _place(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


def _words() -> str:
    return request.form.get("subject") or request.form.get("q", "")


def _typed(kind: RequestType | None) -> list[tuple[str, str]]:
    """What the form held, as it was sent, so that the request may be filed all the same."""
    fields = {field.name for field in form_for(kind, formdata=None)} - {"csrf_token", "files"}
    if kind is None:
        fields |= {name for name in request.form if name and name.startswith(PREFIX)}
        fields |= {"at", "guessed", "request_type"}
    return [(name, text) for name, text in request.form.items(multi=True) if name in fields]
