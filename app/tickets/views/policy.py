"""Who may change a saved view: whoever made it, and the lead of the team it is shared with."""

from typing import Any

from app.accounts.roles import has_permission
from app.core.policy import rules

from .models import SavedView


def may_change(person: Any, view: SavedView) -> bool:
    return view.owner_id == person.id or view.team_id in person.led_team_ids


def reads_queues(person: Any, view: Any) -> bool:
    return has_permission(person, "queue.read")


rules({"view.change": [reads_queues, may_change]})
