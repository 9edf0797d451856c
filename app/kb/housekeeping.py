"""What the desk does by itself with articles: publishing what was set for a moment, reminding owners. Run by the
scheduler, any number of times; each article is a transaction of its own, found without a lock and claimed by a
conditional UPDATE."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm.exc import StaleDataError

from app.core.db import claim, db, reading
from app.core.events import record

from . import actions
from .manuscripts import today
from .models import Article

BATCH = 200


def publish_due(now: datetime) -> int:
    """Publish what was set for a moment that has come; returns how many."""
    return _each(Article.publish_at <= now, _publish, now)


def _publish(article_id: int, now: datetime) -> bool:
    claimed = claim(Article, Article.id == article_id, Article.publish_at <= now, publish_at=None)
    if claimed:
        actions.publish_scheduled(_fresh(article_id), now)
    return claimed


def remind_owners(now: datetime) -> int:
    """Say once for each date of review that it has come."""
    due = sa.and_(Article.state == "published", Article.review_on <= today(now), _not_reminded())
    return _each(due, _remind, now)


def _not_reminded() -> sa.ColumnElement[bool]:
    return sa.or_(Article.reminded_on.is_(None), Article.reminded_on < Article.review_on)


def _remind(article_id: int, now: datetime) -> bool:
    claimed = claim(Article, Article.id == article_id, Article.state == "published", Article.review_on <= today(now),
                    _not_reminded(), reminded_on=today(now))
    if claimed:
        record("article.review_due", _fresh(article_id), None, now)
    return claimed


def _fresh(article_id: int) -> Article:
    """As it is after the claim."""
    return db.session.get_one(Article, article_id, populate_existing=True)


def _each(due: sa.ColumnElement[bool], act: Callable[[int, datetime], bool], now: datetime) -> int:
    total = 0
    while changed := sum(_one(article_id, act, now) for article_id in _batch(due)):
        total += changed
    return total


def _batch(due: sa.ColumnElement[bool]) -> list[int]:
    """Found in a transaction that only reads, so that looking never holds SQLite's write lock."""
    with reading():
        found = list(db.session.scalars(sa.select(Article.id).where(due).order_by(Article.id).limit(BATCH)))
        db.session.rollback()
    return found


def _one(article_id: int, act: Callable[[int, datetime], bool], now: datetime) -> bool:
    try:
        done = act(article_id, now)
        db.session.commit()
    except StaleDataError:
        db.session.rollback()
        return False
    return done
