"""Articles for the tests of readers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.core.db import db
from app.kb import actions
from app.kb.actions import Facts, Text
from app.kb.models import Article, ArticleRead, Category
from app.search.aside import aside
from tests.people import names

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
BODY = "# First\n\nSwitch the %s on.\n\n## Second\n\nWait.\n\n## Third\n\nPrint."


def category(slug: str, parent: Category | None = None, title: str = "") -> Category:
    made = Category(slug=slug, names=names(title or slug.title()), parent_id=parent.id if parent else None)
    db.session.add(made)
    db.session.flush()
    return made


def article(title: str, body: str = "", *, by: Any = None, visibility: str = "public", language: str = "en",
            publish: bool = True, days: int = 0, **about: Any) -> Article:
    """One that is published, `days` ago."""
    original, at = about.pop("translation_of", None), NOW - timedelta(days=days)
    made = actions.draft(Text(title, body or BODY % title), Facts(language, visibility, **about), by, at,
                         translation_of=original)
    if publish:
        actions.publish(made, by, at)
    db.session.flush()
    return made


def reads() -> list[ArticleRead]:
    """What was written of readings, with what still waited."""
    aside.flush()
    return list(db.session.scalars(sa.select(ArticleRead).order_by(ArticleRead.id)))
