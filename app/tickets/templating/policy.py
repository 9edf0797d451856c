"""Who keeps reply templates and macros: everybody their own, a team its own, administrators those of the desk."""

from typing import Any

from app.accounts.policy import is_administrator, is_agent
from app.core.policy import any_of, rules

from .models import Scoped


def keeps(person: Any, kept: Scoped) -> bool:
    """Whose it is; of a team who works there; of the desk, and of any team, the administrator."""
    if kept.owner_id is not None:
        return kept.owner_id == person.id
    return person.is_administrator or kept.team_id is not None and kept.team_id in person.team_ids


def may_look_at(person: Any, kept: Scoped) -> bool:
    """The same as `queries.sees`, asked of one: own ones, those of one's teams, those of the desk."""
    if kept.owner_id is not None:
        return kept.owner_id == person.id
    return kept.team_id is None or person.is_administrator or kept.team_id in person.team_ids


rules({
    "template.read": [any_of(is_agent, is_administrator)],
    "template.change": [any_of(is_agent, is_administrator), keeps],
})
