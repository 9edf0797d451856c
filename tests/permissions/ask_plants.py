"""Something announced to everybody here, and to no customer."""

from typing import Any

from app.accounts.models import User
from app.core import clock
from app.core.db import db
from app.tickets.asking import known
from app.tickets.models import Ticket


def plant(plants: Any, cast: dict[str, User]) -> None:
    """Of the second ticket; its own words stand nowhere in it."""
    ticket = db.session.get(Ticket, plants.tickets["second"])
    issue = known.announce(ticket, known.Told({"en": "Torrents are slow"}, {"en": "We know."}), cast["agent"],
                           clock.now())
    plants.things["known-issue"] = {"issue_id": issue.id}
