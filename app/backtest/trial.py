"""A draft tried on all tickets of a period."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from app.core.db import db, reading
from app.core.i18n import desk
from app.sla.book import live_book

from . import assignment, past
from .drafts import book_of
from .past import Period
from .recipients import Directory
from .replay import Books, replay
from .tally import Tally

Rows = list[dict[str, Any]]
Beat = Callable[[int, int, Rows], None]
"""Called now and then with tickets done, tickets in all, and rows for the list of what would have been otherwise."""


class Draft(NamedTuple):
    """What is tried, on which tickets."""

    kind: str
    subject_id: int | None
    content: Any
    from_at: datetime | None
    to_at: datetime | None


def of(draft: Draft, now: datetime, beat: Beat) -> dict[str, Any]:
    """The result, as data. Reads only, in short transactions. Raises Gone, and what `beat` raises."""
    period = Period(draft.from_at, draft.to_at)
    if draft.kind == "team":
        return assignment.tried(draft.subject_id, draft.content, period, now, beat)
    books, tally = _prepared(draft, now)
    total = past.count(period)
    beat(0, total, [])
    for batch in past.batches(period):
        rows = [flipped.as_row() for each in batch for flipped in tally.add(each, replay(each, books, now))]
        beat(tally.tickets, total, rows)
    return tally.as_json()


def _prepared(draft: Draft, now: datetime) -> tuple[Books, Tally]:
    with reading():
        live = live_book()
        books = Books(live, book_of(draft.kind, draft.subject_id, draft.content, live))
        tally = Tally(books, Directory(), desk.time_zone, now)
        db.session.rollback()
    return books, tally
