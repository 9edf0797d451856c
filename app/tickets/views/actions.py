"""Saving, changing and forgetting views; how somebody likes lists. The caller commits."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.core.db import db
from app.core.errors import Conflict

from . import queries
from .listing import Listing
from .models import COMFORTABLE, ListLayout, SavedView
from .wording import USUAL

MOST = 50
"""So many views one person may have made: each is counted on the page of queues."""


def save(listing: Listing, name: str, team_id: int | None, now: datetime) -> SavedView:
    """Keep a list as it is looked at. Raises Conflict for more views than anybody needs."""
    if queries.count_of(listing.person) >= MOST:
        raise Conflict(_("You have %(count)s views already; delete one of them first.", count=MOST))
    view = SavedView(name=name, owner_id=listing.person.id, team_id=team_id, made_at=now, columns=list(listing.columns),
                     density=listing.density)
    _keep(view, listing)
    db.session.add(view)
    db.session.flush()
    return view


def refilter(view: SavedView, listing: Listing) -> None:
    """The view shows from now on what is looked at."""
    _keep(view, listing)


def _keep(view: SavedView, listing: Listing) -> None:
    args = listing.described()
    view.scope = args.pop("list")
    args.pop("view", None)
    view.args = args


def rename(view: SavedView, name: str, team_id: int | None) -> None:
    """Who else sees it may change with the name; it stays its owner's."""
    view.name, view.team_id = name, team_id


def remove(view: SavedView) -> None:
    """Whose queues began with it begin with all their teams' again."""
    db.session.execute(sa.update(ListLayout).where(ListLayout.view_id == view.id).values(view_id=None))
    db.session.delete(view)


def begin_with(person: User, view: SavedView | None) -> None:
    """The view with which somebody's queues begin; None: with all tickets of their teams."""
    layout(person).view_id = view.id if view is not None else None


def lay_out(kept: SavedView | ListLayout, columns: list[str], density: str) -> None:
    kept.columns, kept.density = columns, density


def layout(person: User) -> ListLayout:
    """How somebody likes lists: the row is made when it is first needed."""
    found = queries.layout_of(person)
    if found is None:
        found = ListLayout(user_id=person.id, columns=list(USUAL), density=COMFORTABLE)
        db.session.add(found)
        db.session.flush()
    return found
