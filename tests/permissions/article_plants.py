"""Articles on planted tickets: on each ticket one for each kind of readers, so that whoever looks finds but theirs."""

from typing import Any

from app.core.db import db
from app.kb.models import Article
from app.tickets import articles
from app.tickets.models import Ticket

from .reading_plants import COMMON

TICKETS = ("printer", "foreign", "watched", "own", "quiet", "sealed", "ended")
READERS = ("public", "staff", "network", "accounts")


def plant(plants: Any, cast: dict[str, Any]) -> None:
    made = {name: db.session.scalar(db.select(Article).where(Article.slug == plants.things[f"article-{name}"]["slug"]))
            for name in READERS}
    for ticket in (db.session.get(Ticket, plants.tickets[name]) for name in TICKETS):
        for article in made.values():
            articles.link(ticket, article, cast["admin"])
            articles.solve(ticket, article, cast["admin"])
    for name in ("printer", "quiet", "sealed"):
        number = {"number": plants.tickets[name]}
        plants.things[f"{name}-asked"] = number | {"q": COMMON}
        plants.things |= {f"{name}-{reader}": number | {"slug": made[reader].slug} for reader in READERS}


def slug_of(plants: Any, _thing: str) -> dict[str, str]:
    """The form that links what everybody reads."""
    return {"article": plants.things["article-public"]["slug"]}
