"""Roles and what each may do on the desk as a whole; rights on a single ticket stand in tickets/policy.py."""

from collections.abc import Callable
from typing import Any

ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    "customer": frozenset(),
    "employee": frozenset(),
    "agent": frozenset({"client.read", "queue.read", "ticket.file_for_others", "people.search"}),
    "lead": frozenset({"kpi.read"}),
    "manager": frozenset({"kpi.read"}),
    "administrator": frozenset({
        "client.read", "desk.administer", "kpi.read", "queue.read", "ticket.file_for_others", "people.search",
    }),
}

HOLDS: dict[str, Callable[[Any], bool]] = {
    "customer": lambda person: person.is_customer,
    "employee": lambda person: not person.is_customer,
    "agent": lambda person: person.is_agent,
    "lead": lambda person: person.is_lead,
    "manager": lambda person: person.is_manager,
    "administrator": lambda person: person.is_administrator,
}


def roles_of(person: Any) -> list[str]:
    """A person's roles, least first; a stranger has none."""
    if not person.is_authenticated:
        return []
    return [role for role, holds in HOLDS.items() if holds(person)]


def has_permission(person: Any, permission: str) -> bool:
    """Only the roles that give it are looked at: whether somebody is a manager costs a query."""
    if not person.is_authenticated:
        return False
    return any(HOLDS[role](person) for role, given in ROLE_PERMISSIONS.items() if permission in given)
