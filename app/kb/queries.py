"""What may be asked about articles. All starts from `reads` and `writes`, the one place that says who sees what."""

from typing import Any

import sqlalchemy as sa

from app.core.db import db
from app.core.errors import NotFound
from app.search.library import Reader

from .models import Article, ArticleTeam
from .settings import settings


def reads(person: Any) -> Any:
    """The condition for what a person may read as a reader: what is published, for everybody, the house, or teams of
    theirs; an administrator all of it. A stranger reads what is public, while the desk shows it to strangers."""
    return sa.and_(Article.state == "published", _audience(person))


def _audience(person: Any) -> Any:
    if not person.is_authenticated:
        return Article.visibility == "public" if settings.is_public else sa.false()
    if person.is_administrator:
        return sa.true()
    if person.is_customer:
        return Article.visibility == "public"
    return sa.or_(Article.visibility.in_(["public", "staff"]), _of_teams(person))


def _of_teams(person: Any) -> Any:
    """Said by the teams alone: an article keeps the teams it was once shown to only while its visibility is theirs."""
    named = sa.exists().where(ArticleTeam.article_id == Article.id, ArticleTeam.team_id.in_(person.team_ids))
    return sa.and_(Article.visibility == "teams", named)


def writes(person: Any) -> Any:
    """The condition for what a person may edit, in whatever state: agents what is not kept to other teams; whose it is
    and who administers the desk always."""
    if not person.is_authenticated or not (person.is_agent or person.is_administrator):
        return sa.false()
    if person.is_administrator:
        return sa.true()
    return sa.or_(Article.visibility != "teams", _of_teams(person), Article.owner_id == person.id)


def sees(person: Any) -> Any:
    """Readers what is published for them; writers their drafts too."""
    return sa.or_(reads(person), writes(person))


def by_slug(person: Any, slug: str) -> Article:
    """The article as this person sees it. Raises NotFound for what is not there and for what is not theirs."""
    return _found(sa.select(Article).where(Article.slug == slug, sees(person)))


def to_read(person: Any, slug: str) -> Article:
    """The article, if its published version may be read. Raises NotFound."""
    return _found(sa.select(Article).where(Article.slug == slug, reads(person)))


def to_write(person: Any, slug: str) -> Article:
    """The article, if this person may edit it; locked until the end of the transaction. Raises NotFound."""
    return _found(sa.select(Article).where(Article.slug == slug, writes(person)).with_for_update(of=Article))


def _found(statement: Any) -> Article:
    article = db.session.scalar(statement)
    if article is None:
        raise NotFound()
    return article


def reader(person: Any, language: str) -> Reader:
    """Who asks, as the search wants to know it: the same rule as `reads`."""
    if not person.is_authenticated:
        return Reader(language, frozenset({"public"}) if settings.is_public else frozenset(), person)
    if person.is_administrator:
        return Reader(language, None, person)
    if person.is_customer:
        return Reader(language, frozenset({"public"}), person)
    teams = {f"team:{team_id}" for team_id in person.team_ids}
    return Reader(language, frozenset({"public", "staff", *teams}), person)
