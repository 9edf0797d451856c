"""An article and its translations: one original, at most one article in each language."""

from collections.abc import Collection

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import aliased

from app.core.db import db
from app.core.errors import Conflict

from .models import Article, ArticleFile, ArticleVersion


def original_of(article: Article | None) -> Article | None:
    """The article itself, when it is an original."""
    if article is None or article.family_id is None:
        return article
    return db.session.get_one(Article, article.family_id)


def relatives_of(article: Article) -> list[Article]:
    """The same in other languages, the original first."""
    if article.id is None:
        return []
    root = article.family_id or article.id
    family = sa.or_(Article.id == root, Article.family_id == root)
    statement = sa.select(Article).where(family, Article.id != article.id)
    return list(db.session.scalars(statement.order_by(Article.family_id.isnot(None), Article.id)))


def refuse_double(article: Article, language: str, original: Article | None) -> None:
    """Raises Conflict where the family speaks this language already."""
    if original is None:
        return
    family = [one for one in (original, *relatives_of(original)) if one.id != article.id]
    if any(one.language == language for one in family):
        raise Conflict(_("There is an article in this language already."))


def is_outdated() -> sa.ColumnElement[bool]:
    """The condition for translations whose original says something else by now: a published version after the
    translated one that was not minor."""
    said, followed, newer = aliased(ArticleVersion), aliased(ArticleVersion), aliased(ArticleVersion)
    original = aliased(Article)
    return sa.exists().where(
        original.id == Article.family_id, said.id == original.published_id, followed.id == Article.translated_id,
        newer.article_id == original.id, newer.number > followed.number, newer.number <= said.number,
        newer.is_minor.is_(False)).correlate(Article)


def own_files(article: Article, numbers: Collection[int]) -> list[int]:
    """Those of these files that belong to the article or to its other languages: no text opens a stranger's file."""
    if not numbers:
        return []
    family = [article.id, *(relative.id for relative in relatives_of(article))]
    statement = sa.select(ArticleFile.id).where(ArticleFile.id.in_(numbers), ArticleFile.article_id.in_(family))
    return list(db.session.scalars(statement.order_by(ArticleFile.id)))
