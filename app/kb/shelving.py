"""Categories: their tree, and what an administrator does with them."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.accounts.queries import one
from app.core import edits
from app.core.db import db
from app.core.edits import Facts
from app.core.errors import Conflict, Invalid
from app.core.events import record

from .models import Article, Category

COLUMNS = ("slug", "names", "parent_id", "position")
FRESH: Facts = {"slug": "", "names": {}, "parent_id": None, "position": 100}


def tree() -> list[tuple[int, Category]]:
    """Categories below their parents, each with its depth, 0 or 1."""
    found = list(db.session.scalars(sa.select(Category).order_by(Category.position, Category.id)))
    return [line for top in found if top.parent_id is None
            for line in ((0, top), *((1, below) for below in found if below.parent_id == top.id))]


def find(slug: str) -> Category:
    """Raises NotFound."""
    return one(Category, Category.slug == slug)


def counts() -> dict[int, int]:
    """Category -> how many articles stand in it, in whatever state."""
    statement = sa.select(Article.category_id, sa.func.count()).group_by(Article.category_id)
    return dict(db.session.execute(statement.where(Article.category_id.isnot(None))).all())


def facts_of(category: Category) -> Facts:
    return {name: getattr(category, name) for name in COLUMNS}


def change(category: Category, facts: Facts, by: User, now: datetime) -> None:
    """For a new one too. Raises Conflict when another has the short name, Invalid where the tree would grow deeper
    than one level. The caller commits."""
    changed = edits.changes(facts_of(category) if category.id else {}, facts)
    if not changed:
        return
    _refuse_double(category, facts["slug"])
    _refuse_depth(category, facts["parent_id"])
    for name in COLUMNS:
        setattr(category, name, facts[name])
    db.session.add(category)
    db.session.flush()
    record("article_category.changed", category, by, now, changes=changed)


def _refuse_double(category: Category, slug: str) -> None:
    found = db.session.scalar(sa.select(Category.id).where(Category.slug == slug))
    if found is not None and found != category.id:
        raise Conflict(_("There is a category with this short name already."))


def _refuse_depth(category: Category, parent_id: int | None) -> None:
    if parent_id is None:
        return
    parent = db.session.get(Category, parent_id)
    if parent is None or parent.parent_id is not None or parent is category or _has_children(category):
        raise Invalid(_("A category stands at the top or directly below one that does."))


def _has_children(category: Category) -> bool:
    return category.id is not None and db.session.scalar(
        sa.select(sa.exists().where(Category.parent_id == category.id)))


def remove(category: Category, by: User, now: datetime) -> None:
    """Only an empty one."""
    holds = sa.select(sa.exists().where(Article.category_id == category.id))
    if _has_children(category) or db.session.scalar(holds):
        raise Conflict(_("There are articles or categories in it. Move them first."))
    record("article_category.changed", category, by, now, changes={
        name: [value, None] for name, value in facts_of(category).items()})
    db.session.delete(category)
