"""What the room of promises does by itself once a day: learn how long tickets take, and place the queues anew.

Each batch is a transaction of its own; a ticket that somebody moves meanwhile keeps the place that this gave it.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.core.db import db
from app.tickets import queries as tickets
from app.tickets.models import Ticket, place_in_queue

from . import estimates, slack
from .book import live_book
from .models import SlaClock, Span
from .timers import FACTS, Timers

BATCH = 300
_SEEN = (Ticket.due_at, Ticket.queue_at)


def learn(now: datetime) -> int:
    """Take the medians anew, then place all active tickets by them; commits. Returns how many places changed."""
    estimates.learn(now)
    db.session.commit()
    changed, last = 0, 0
    while batch := _batch(last):
        changed += _place(batch)
        db.session.commit()
        last = batch[-1].id
    return changed


def _batch(after: int) -> list[Any]:
    """Active tickets that have a deadline, as plain rows."""
    columns = (Ticket.id, Ticket.start_by_at, *_SEEN, *(getattr(Ticket, fact) for fact in FACTS))
    statement = sa.select(*columns).where(tickets.is_active(), Ticket.due_at.is_not(None), Ticket.id > after)
    return list(db.session.execute(statement.order_by(Ticket.id).limit(BATCH)))


def _place(batch: list[Any]) -> int:
    ids = [row.id for row in batch]
    clocks, spans = _by_ticket(SlaClock, ids), _by_ticket(Span, ids)
    changed = [row for row in (_placed(seen, clocks[seen.id], spans[seen.id]) for seen in batch) if row is not None]
    if not changed:
        return 0
    table = Ticket.__table__
    as_seen = (table.c[column.key] == sa.bindparam(f"seen_{column.key}") for column in _SEEN)
    still = [table.c.id == sa.bindparam("number"), *as_seen]
    new = {"start_by_at": sa.bindparam("start"), "queue_at": sa.bindparam("place")}
    return db.session.connection().execute(sa.update(table).where(*still).values(new), changed).rowcount


def _by_ticket(model: type[SlaClock] | type[Span], ids: list[int]) -> dict[int, list[Any]]:
    """Rows of each ticket, oldest first."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.scalars(sa.select(model).where(model.ticket_id.in_(ids)).order_by(model.id)):
        found[row.ticket_id].append(row)
    return found


def _placed(seen: Any, clocks: list[SlaClock], spans: list[Span]) -> dict[str, Any] | None:
    """The new place of a ticket, beside what was seen of the old one; None if it stays."""
    if not spans:
        return None
    timers = Timers(seen.id, {fact: getattr(seen, fact) for fact in FACTS}, clocks, spans[-1], read_spans=lambda: spans)
    place = slack.place(timers, live_book(), estimates.known())
    queue_at = place_in_queue(*place)
    if place.due_at != seen.due_at or (place.start_by_at, queue_at) == (seen.start_by_at, seen.queue_at):
        return None
    return {"number": seen.id, "start": place.start_by_at, "place": queue_at,
            **{f"seen_{column.key}": getattr(seen, column.key) for column in _SEEN}}
