"""Whether an article helped: one word per reader and article, the last one counts."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from app.core.db import db
from app.core.errors import NotFound
from app.core.events import record
from app.core.paging import Page, page

from .models import Article, ArticleVote


@dataclass(frozen=True)
class Word:
    """What a reader says; why and a comment only of what did not help."""

    is_helpful: bool
    reason: str | None = None
    comment: str = ""


def voter(person: Any, mark: str | None, article: Article) -> str | None:
    """Who votes, as it is stored: the same for the same reader and article, and of no use to find either out."""
    who = f"person:{person.id}" if person.is_authenticated else f"mark:{mark}" if mark else None
    key = current_app.config["SECRET_KEY"]
    key = key.encode() if isinstance(key, str) else key
    return hmac.new(key, f"vote:{article.id}:{who}".encode(), hashlib.sha256).hexdigest() if who else None


def of(article: Article, who: str | None) -> ArticleVote | None:
    """What this reader has said."""
    if who is None:
        return None
    mine = sa.and_(ArticleVote.article_id == article.id, ArticleVote.voter == who)
    return db.session.scalar(sa.select(ArticleVote).where(mine))


def cast(article: Article, who: str, word: Word, now: datetime) -> ArticleVote:
    """Take the word of a reader instead of an earlier one. Of two at the same moment the second changes the first."""
    vote = of(article, who) or _new(article, who, word, now)
    said = (vote.is_helpful, vote.reason, vote.comment)
    vote.is_helpful, vote.version_id, vote.at = word.is_helpful, article.published_id, now
    vote.reason, vote.comment = (None, "") if word.is_helpful else (word.reason, word.comment)
    if (vote.is_helpful, vote.reason, vote.comment) != said:
        vote.settled_at = None
    return vote


def _new(article: Article, who: str, word: Word, now: datetime) -> ArticleVote:
    vote = ArticleVote(article_id=article.id, voter=who, is_helpful=word.is_helpful, version_id=article.published_id,
                       comment="", at=now)
    try:
        with db.session.begin_nested():
            db.session.add(vote)
    except IntegrityError:
        return of(article, who)
    return vote


def settle(vote: ArticleVote, article: Article, by: Any, now: datetime) -> None:
    """A writer has dealt with what was said."""
    if vote.settled_at is None:
        vote.settled_at = now
        record("article.vote_settled", article, by=by, at=now, vote_id=vote.id)


@dataclass(frozen=True)
class Tally:
    """How many said what, and what waits for a writer."""

    helpful: int
    unhelpful: int
    open: int

    @property
    def all(self) -> int:
        return self.helpful + self.unhelpful

    @property
    def share(self) -> int | None:
        """Of a hundred readers who said something, how many were helped."""
        return round(100 * self.helpful / self.all) if self.all else None


def tally(article: Article) -> Tally:
    statement = sa.select(
        _how_many(ArticleVote.is_helpful), _how_many(sa.not_(ArticleVote.is_helpful)), _how_many(_waits()),
    ).where(ArticleVote.article_id == article.id)
    return Tally(*db.session.execute(statement).one())


def _how_many(condition: Any) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _waits() -> Any:
    return sa.and_(sa.not_(ArticleVote.is_helpful), ArticleVote.settled_at.is_(None))


def said(article: Article, mark: str | None) -> Page:
    """What readers found wanting, the newest first."""
    statement = sa.select(ArticleVote).where(ArticleVote.article_id == article.id, sa.not_(ArticleVote.is_helpful))
    return page(statement, [(ArticleVote.at, "desc"), (ArticleVote.id, "desc")], mark)


def one(article: Article, vote_id: int) -> ArticleVote:
    """A vote on this article. Raises NotFound."""
    vote = db.session.get(ArticleVote, vote_id)
    if vote is None or vote.article_id != article.id:
        raise NotFound()
    return vote


def reasons(article: Article) -> Sequence[tuple[str, int]]:
    """Why it did not help, the most frequent first."""
    statement = (sa.select(ArticleVote.reason, sa.func.count())
                 .where(ArticleVote.article_id == article.id, ArticleVote.reason.isnot(None))
                 .group_by(ArticleVote.reason).order_by(sa.func.count().desc(), ArticleVote.reason))
    return list(db.session.execute(statement).all())
