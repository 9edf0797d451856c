"""Articles for the tests of tickets, and the log of what was searched."""

from typing import Any

import sqlalchemy as sa

from app.core.db import db
from app.kb import actions
from app.kb.actions import Facts, Text
from app.kb.models import Article
from app.search import log
from app.search.models import SearchEntry
from app.tickets.models import TicketArticle


def article(title: str, body: str = "Switch it off and on.", visibility: str = "public", language: str = "en",
            publish: bool = True, **about: Any) -> Article:
    made = actions.draft(Text(title, body), Facts(language, visibility, **about), None)
    if publish:
        actions.publish(made, None)
    db.session.flush()
    return made


def ways(ticket: Any) -> list[tuple[str, str]]:
    """What came up on the ticket: short names and ways."""
    rows = sa.select(Article.slug, TicketArticle.way).join(TicketArticle).where(TicketArticle.ticket_id == ticket.id)
    return sorted(tuple(row) for row in db.session.execute(rows))


def searches() -> list[SearchEntry]:
    """What was written of searches, with what still waited."""
    log.flush()
    return list(db.session.scalars(sa.select(SearchEntry).order_by(SearchEntry.at, SearchEntry.token)))
