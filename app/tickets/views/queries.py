"""Which saved views there are for somebody; everything starts from `seen_by`."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, lazyload

from app.accounts.models import User
from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import may

from .models import ListLayout, SavedView


def seen_by(person: Any) -> sa.Select:
    """Own ones, and those of the teams somebody works in: a team's view is gone for who has left it."""
    own = sa.and_(SavedView.team_id.is_(None), SavedView.owner_id == person.id)
    return sa.select(SavedView).where(sa.or_(own, SavedView.team_id.in_(person.team_ids)))


def views_of(person: User) -> list[SavedView]:
    """By name, one's own before those of teams."""
    order = (SavedView.team_id.is_not(None), sa.func.lower(SavedView.name), SavedView.id)
    return list(db.session.scalars(seen_by(person).order_by(*order).options(lazyload(SavedView.owner))))


def view_of(person: Any, view_id: int) -> SavedView:
    """A view to open. Raises NotFound for what is not there or not theirs."""
    found = None
    if may(person, "queue.read") and view_id < 2**31:
        found = db.session.scalar(seen_by(person).where(SavedView.id == view_id)
                                  .options(joinedload(SavedView.team), joinedload(SavedView.owner).lazyload("*")))
    if found is None:
        raise NotFound()
    return found


def layout_of(person: User) -> ListLayout | None:
    """How somebody likes lists, if they ever said so."""
    return db.session.get(ListLayout, person.id)


def count_of(person: User) -> int:
    """How many views somebody has made."""
    return db.session.scalar(sa.select(sa.func.count(SavedView.id)).where(SavedView.owner_id == person.id)) or 0
