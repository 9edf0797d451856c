"""What readers leaf through: categories, what is new, what is read most. Translations of one article count once, and
stand in the language nearest to the reader's."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.core.db import db
from app.core.errors import NotFound
from app.core.paging import Page, page

from .models import Article, ArticleRead, ArticleVersion, Category
from .queries import reads

FAMILY = sa.func.coalesce(Article.family_id, Article.id)
LATEST_READS = 2_000
"""Of which readings what is read most is counted: a fixed price, and yesterday's fame fades."""


@dataclass(frozen=True)
class Line:
    """An article as a list shows it."""

    id: int
    family: int
    slug: str
    title: str
    language: str
    updated_at: datetime


@dataclass(frozen=True)
class Shelf:
    """A category, how many articles this reader finds in it and below, and what is below."""

    category: Category
    count: int
    below: list["Shelf"]


def shelves(person: Any) -> list[Shelf]:
    """The categories in which this person may read something, as a tree of two levels."""
    counts = counted(person)
    known = list(db.session.scalars(sa.select(Category).order_by(Category.position, Category.id)))
    tops = [_shelf(category, known, counts) for category in known if category.parent_id is None]
    return [shelf for shelf in tops if shelf.count]


def counted(person: Any) -> dict[int | None, int]:
    """Category -> articles of it that this person may read."""
    statement = (sa.select(Article.category_id, sa.func.count(FAMILY.distinct())).where(reads(person))
                 .group_by(Article.category_id))
    return dict(db.session.execute(statement).all())


def _shelf(category: Category, known: list[Category], counts: dict[int | None, int]) -> Shelf:
    below = [Shelf(child, counts[child.id], []) for child in known
             if child.parent_id == category.id and child.id in counts]
    return Shelf(category, counts.get(category.id, 0) + sum(shelf.count for shelf in below), below)


def find(person: Any, slug: str) -> Shelf:
    """A category with something in it for this person. Raises NotFound."""
    tops = shelves(person)
    found = [shelf for top in tops for shelf in (top, *top.below) if shelf.category.slug == slug]
    if not found:
        raise NotFound()
    return found[0]


def newest(person: Any, limit: int) -> list[int]:
    """The families that changed last. Some more are asked for, since translations come in bunches."""
    statement = (sa.select(FAMILY).where(reads(person)).order_by(Article.updated_at.desc(), Article.id.desc())
                 .limit(limit * 4))
    return list(dict.fromkeys(db.session.scalars(statement)))[:limit]


def most_read(person: Any, limit: int) -> list[int]:
    """The families opened most often of late."""
    latest = sa.select(ArticleRead.article_id).order_by(ArticleRead.id.desc()).limit(LATEST_READS).subquery()
    statement = (sa.select(FAMILY).join(latest, latest.c.article_id == Article.id).where(reads(person))
                 .group_by(FAMILY).order_by(sa.func.count().desc(), FAMILY).limit(limit))
    return list(db.session.scalars(statement))


def lines(wanted: Collection[int], person: Any, language: str) -> dict[int, Line]:
    """Of each family the one article for this reader, in one query."""
    ordered = sorted(in_all_languages(wanted, person), key=lambda line: _distance(line, language), reverse=True)
    return {line.family: line for line in ordered}


def in_all_languages(wanted: Collection[int], person: Any) -> list[Line]:
    """Whatever this person may read of these families."""
    if not wanted:
        return []
    statement = (sa.select(Article.id, FAMILY, Article.slug, ArticleVersion.title, Article.language, _changed())
                 .join(Article.published).where(_of(wanted), reads(person)).order_by(Article.language))
    return [Line(*row) for row in db.session.execute(statement)]


def addresses(ids: Collection[int], person: Any) -> dict[int, str]:
    """Of those of these articles that this person may read, the short names."""
    if not ids:
        return {}
    statement = sa.select(Article.id, Article.slug).where(Article.id.in_(ids), reads(person))
    return dict(db.session.execute(statement).all())


def families(ids: Collection[int], person: Any) -> dict[int, int]:
    """Of those of these articles that this person may read, the families."""
    if not ids:
        return {}
    statement = sa.select(Article.id, FAMILY).where(Article.id.in_(ids), reads(person))
    return dict(db.session.execute(statement).all())


def _of(wanted: Collection[int]) -> Any:
    """Said in a way that finds its indexes."""
    return sa.or_(Article.id.in_(wanted), Article.family_id.in_(wanted))


def _changed() -> Any:
    return sa.func.coalesce(Article.published_at, Article.updated_at)


def _distance(line: Line, language: str) -> tuple[bool, bool, int]:
    """The reader's own language, else the original, else the oldest."""
    return line.language != language, line.id != line.family, line.id


def in_order(wanted: Iterable[int], found: dict[int, Line]) -> list[Line]:
    return [found[family] for family in wanted if family in found]


def on_shelf(person: Any, language: str, shelf: Shelf, mark: str | None) -> Page:
    """The articles of a category and of what is below it, the last changed first; each in one language."""
    places = [shelf.category.id, *(child.category.id for child in shelf.below)]
    distance = sa.case((Article.language == language, 0), (Article.family_id.is_(None), 1), else_=2)
    rank = sa.func.row_number().over(partition_by=FAMILY, order_by=[distance, Article.id])
    ranked = sa.select(Article.id, rank.label("place")).where(reads(person), Article.category_id.in_(places)).subquery()
    nearest = sa.select(ranked.c.id).where(ranked.c.place == 1)
    statement = sa.select(Article).where(Article.id.in_(nearest)).options(sa.orm.joinedload(Article.published))
    return page(statement, [(Article.updated_at, "desc"), (Article.id, "desc")], mark)
