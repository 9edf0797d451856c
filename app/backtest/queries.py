"""What may be asked about drafts and their results."""

from typing import Any

import sqlalchemy as sa

from app.core.db import db
from app.core.errors import NotFound
from app.tickets.models import Ticket
from app.tickets.queries import visible_to

from .models import Backtest, Flip


def backtest(backtest_id: int) -> Backtest:
    """Raises NotFound."""
    found = db.session.get(Backtest, backtest_id) if backtest_id < 2**31 else None
    if found is None:
        raise NotFound()
    return found


def every() -> sa.Select:
    """All drafts, to be paged."""
    return sa.select(Backtest)


def flips(backtest: Backtest, way: str = "") -> sa.Select:
    """What would have been otherwise, to be paged; `way` is better, worse or empty for both."""
    statement = sa.select(Flip).where(Flip.backtest_id == backtest.id)
    return statement.where(Flip.is_worse == (way == "worse")) if way else statement


def seen_by(person: Any, ticket_ids: list[int]) -> dict[int, Ticket]:
    """Those of the tickets that this person may open."""
    statement = visible_to(person).where(Ticket.id.in_(ticket_ids))
    return {ticket.id: ticket for ticket in db.session.scalars(statement)}
