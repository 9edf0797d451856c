"""The articles, as the search asks for them. All of it comes from the database at the moment of asking."""

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.core.db import among, db
from app.search.library import Card, Document, Reader

from .models import Article, ArticleVersion
from .queries import reads


class Articles:
    """The `Library` of the knowledge base."""

    def cards(self, ids: Sequence[int], reader: Reader) -> Mapping[int, Card]:
        statement = (
            sa.select(Article.id, Article.language, ArticleVersion.title, Article.category_id, Article.published_at,
                      sa.func.coalesce(Article.family_id, Article.id))
            .join(Article.published).where(among(Article.id, ids), reads(reader.person))
        )
        return {row.id: Card(*row) for row in db.session.execute(statement)} if ids else {}

    def bodies(self, ids: Sequence[int], reader: Reader) -> Mapping[int, str]:
        statement = (sa.select(Article.id, ArticleVersion.plain).join(Article.published)
                     .where(among(Article.id, ids), reads(reader.person)))
        return dict(db.session.execute(statement).all()) if ids else {}

    def containing(self, stems: Sequence[str], reader: Reader, limit: int) -> list[int]:
        if not stems:
            return []
        hits = [sa.case((Article.search_text.contains(f" {stem}", autoescape=True), 1), else_=0) for stem in stems]
        matched = sum(hits[1:], hits[0])
        statement = (sa.select(Article.id).where(reads(reader.person), matched > 0)
                     .order_by(matched.desc(), Article.id).limit(limit))
        return list(db.session.scalars(statement))

    def documents(self, ids: Iterable[int]) -> list[Document]:
        statement = (
            sa.select(Article).where(Article.id.in_(list(ids)), Article.state == "published")
            .options(joinedload(Article.published), joinedload(Article.category),
                     selectinload(Article.teams), selectinload(Article.tags))
        )
        return [_document(article) for article in db.session.scalars(statement)]

    def ids(self, after: int, limit: int) -> list[int]:
        statement = (sa.select(Article.id).where(Article.state == "published", Article.id > after)
                     .order_by(Article.id).limit(limit))
        return list(db.session.scalars(statement))

    def count(self) -> int:
        return db.session.scalar(sa.select(sa.func.count()).select_from(Article).where(Article.state == "published"))


def _document(article: Article) -> Document:
    keywords = [tag.name for tag in article.tags]
    if article.category:
        keywords.extend(article.category.names.values())
    return Document(article.id, article.language, article.published.title, article.published.plain,
                    " ".join(keywords), audiences(article))


def audiences(article: Article) -> tuple[str, ...]:
    """Who may read it, as the index stores it."""
    if article.visibility == "teams":
        return tuple(f"team:{named.team_id}" for named in article.teams)
    return (article.visibility,)
