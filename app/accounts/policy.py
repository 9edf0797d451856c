"""Who may do what on the desk as a whole."""

from collections.abc import Callable
from typing import Any

from app.core.errors import NotFound
from app.core.policy import Question, any_of, may, rules

from .roles import ROLE_PERMISSIONS, has_permission


def _by_role(permission: str) -> Question:
    def question(person: Any, subject: Any) -> bool:
        return has_permission(person, permission)

    return question


def is_agent(person: Any, subject: Any) -> bool:
    """Works in a team (what this person is to a given ticket is another matter)."""
    return bool(person.is_agent)


def is_lead(person: Any, subject: Any) -> bool:
    return bool(person.is_lead)


def is_administrator(person: Any, subject: Any) -> bool:
    return bool(person.is_administrator)


def is_of_the_house(person: Any, subject: Any) -> bool:
    """Signed in, and no customer."""
    return bool(person.is_authenticated) and not person.is_customer


def plans_for(person: Any, somebody: Any) -> bool:
    """May announce and change the absences of somebody: oneself, a member of a team led, somebody of a department
    headed; the administrator everybody's."""
    return (person.id == somebody.id or person.is_administrator
            or not set(person.led_team_ids).isdisjoint(somebody.team_ids)
            or somebody.department_id in person.headed_department_ids)


def plans(person: Any, absence: Any) -> bool:
    return plans_for(person, absence.user)


rules({
    "absence.read": [is_of_the_house],
    "absence.announce": [is_of_the_house, plans_for],
    "absence.change": [is_of_the_house, plans],
})
rules({"client.change": [_by_role("queue.read"), any_of(is_administrator, is_lead)]})
rules({permission: [_by_role(permission)] for permission in frozenset().union(*ROLE_PERMISSIONS.values())})


def behind(permission: str, finder: Callable[..., Any]) -> Callable[..., Any]:
    """A finder for pages that do not exist for people without a permission on the desk as a whole."""

    def find(person: Any, **parts: Any) -> Any:
        if not may(person, permission):
            raise NotFound()
        return finder(**parts)

    return find
