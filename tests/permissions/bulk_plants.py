"""A deed of Agent's on several tickets, with a reason that only its doer reads."""

from typing import Any

from app.accounts.models import User
from app.core import clock
from app.core.db import db
from app.tickets.bulk.models import BulkDeed, BulkItem


def plant(plants: Any, cast: dict[str, User], word: str) -> None:
    deed = BulkDeed(by_id=cast["agent"].id, verb="watch", done_at=clock.now(), missing=0, items=[
        BulkItem(ticket_id=plants.tickets["printer"], state="done", event_id=0),
        BulkItem(ticket_id=plants.tickets["ended"], state="refused", why=word)])
    db.session.add(deed)
    db.session.flush()
    plants.own[word] = "agent"
    plants.things["deed-agent"] = {"deed_id": deed.id}
