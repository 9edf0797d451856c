"""A client organisation to which the customer belongs, with notes for agents."""

from typing import Any

from app.accounts import clients
from app.accounts.models import User
from app.core import clock


def plant(plants: Any, cast: dict[str, User]) -> None:
    """What the customer asked is seen through the client by whom it is seen anyway."""
    made = clients.create({"name": "Altyn", "domains": ["altyn.example"], "notes": "client-notes-q7",
                           "is_active": True}, cast["admin"], clock.now())
    plants.agents.add("client-notes-q7")
    clients.belong(cast["customer"], made.slug, cast["admin"], clock.now())
    plants.things |= {"a-client": {"slug": made.slug}, "a-customer": {"user_id": cast["customer"].id}}
