"""Whether an article helped: readers say so without an account, writers read it and deal with it."""

import re
import secrets
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import sign_in
from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.errors import Invalid
from app.core.markup import clean_text
from app.search import log

from .. import bp, queries, votes
from ..models import Article
from ..vocabulary import VOTE_REASONS
from ._readers import for_readers, me, whole

COOKIE = "reader"
KEPT_SECONDS = 180 * 24 * 3600
MARK = re.compile(r"[0-9a-f]{32}")
VOTES_PER_ADDRESS = 60
COMMENT_LENGTH = 2_000


def voter(article: Article) -> str | None:
    """Who looks at this page, as the votes know it; None for a stranger who has not voted from this browser."""
    return votes.voter(me(), _mark(), article)


def _mark() -> str | None:
    given = request.cookies.get(COOKIE, "")
    return given if MARK.fullmatch(given) else None


@bp.post("/kb/<slug>/vote")
@for_readers
@asks("public", of=queries.to_read)
def vote_create(article: Article):
    response = _cast(article, _word())
    db.session.commit()
    return response


@bp.post("/kb/<slug>/solved")
@for_readers
@asks("public", of=queries.to_read)
def solution_create(article: Article):
    """It solved what was searched for: kept with that search, and as a word on the article."""
    log.solved(request.form.get("s") or None, article.id, clock.now())
    response = _cast(article, votes.Word(is_helpful=True))
    db.session.commit()
    return response


def _cast(article: Article, word: votes.Word) -> Any:
    """Take the word of whoever is here. The mark is made when a stranger votes and says nothing else; without it the
    word could not be changed."""
    person, now = me(), clock.now()
    mark = None if person.is_authenticated else _mark() or secrets.token_hex(16)
    if mark is not None:
        sign_in.spend_try({f"vote@{request.remote_addr}": VOTES_PER_ADDRESS}, now)
    votes.cast(article, votes.voter(person, mark, article), word, now)
    response = redirect(url_for("kb.article_show", slug=article.slug, s=request.form.get("s") or None,
                                _anchor="helpful"), 303)
    return response if mark is None else _remembering(response, mark)


def _remembering(response: Any, mark: str) -> Any:
    config = current_app.config
    response.set_cookie(COOKIE, mark, max_age=KEPT_SECONDS, httponly=True, samesite="Lax",
                        path=request.script_root or "/", secure=config["SESSION_COOKIE_SECURE"])
    return response


def _word() -> votes.Word:
    """What the form says. Raises Invalid for what no form of ours sends."""
    answer, reason = request.form.get("helpful"), request.form.get("reason") or None
    if answer not in ("yes", "no") or reason not in (None, *VOTE_REASONS):
        raise Invalid()
    comment = clean_text(request.form.get("comment", ""))
    if len(comment) > COMMENT_LENGTH:
        raise Invalid(_("The comment is too long: at most %(number)s characters, please.", number=COMMENT_LENGTH))
    return votes.Word(answer == "yes", reason, comment)


@bp.get("/kb/<slug>/feedback")
@asks("article.write", of=queries.by_slug)
def feedback_list(article: Article):
    return render_template("kb/feedback.html", article=article, page=votes.said(article, request.args.get("after")),
                           tally=votes.tally(article), reasons=votes.reasons(article))


@bp.post("/kb/<slug>/settlements")
@asks("article.write", of=queries.by_slug)
def settlement_create(article: Article):
    """What one reader said has been dealt with."""
    vote = votes.one(article, whole(request.form.get("vote", ""), 1, 2**62, 0))
    votes.settle(vote, article, current_user, clock.now())
    db.session.commit()
    return redirect(url_for("kb.feedback_list", slug=article.slug), 303)
