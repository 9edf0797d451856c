"""Saved views: one of an agent alone, one that the agent shares with the team, one that its lead shares."""

from typing import Any

from app.accounts.models import User
from app.core import clock
from app.core.db import db
from app.tickets.views.models import SavedView


def plant(plants: Any, cast: dict[str, User]) -> None:
    """The names of views are nobody else's business."""
    network = cast["agent"].memberships[0].team_id
    shown = {"view-agent": ("agent", None), "view-network": ("agent", network), "view-lead": ("lead", network)}
    for name, (owner, team_id) in shown.items():
        view = SavedView(name=name, owner_id=cast[owner].id, team_id=team_id, scope="all", args={"priority": ["P1"]},
                         columns=["waits", "due", "tags"], made_at=clock.now())
        db.session.add(view)
        db.session.flush()
        plants.things[name] = {"view_id": view.id}
