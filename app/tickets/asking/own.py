"""A person's own requests: what waits for them, what is under way, what has ended; searched by their words."""

from typing import Any

import sqlalchemy as sa

from app.accounts.models import User
from app.core import paging
from app.core.db import db
from app.core.markup import clean_line

from .. import queries, queues
from ..models import Hold, PendingReason, Ticket
from ..searching import fulltext, language

WAITING, UNDER_WAY, ENDED = "waiting", "open", "ended"
STATES = (WAITING, UNDER_WAY, ENDED)
LONGEST_QUESTION, MOST_COUNTED = 200, 99


def waits_for_requester() -> Any:
    """Nothing goes on until the requester says something."""
    held = (sa.select(Hold.ticket_id).join(PendingReason, PendingReason.slug == Hold.reason)
            .where(Hold.ended_at.is_(None), PendingReason.waits_for_requester))
    return sa.and_(Ticket.status == "pending", Ticket.id.in_(held))


def page(person: User, state: str, question: str, mark: str | None) -> paging.Page:
    """One page of what a person asked for or watches, newest first. A question looks in all of it."""
    conditions = [queries.asked_by(person)]
    conditions += [_about(person, question)] if question else [_in(person, state)]
    return paging.page(queues.rows(*conditions), queues.NEWEST_FIRST, mark)


def waiting_count(person: User) -> int:
    """How many own requests wait for this person, at most 99."""
    waiting = sa.select(Ticket.id).where(_in(person, WAITING)).limit(MOST_COUNTED)
    return db.session.scalar(sa.select(sa.func.count()).select_from(waiting.subquery())) or 0


def waiting_among(person: User, rows: Any) -> set[int]:
    """Which of some rows wait for this person."""
    pending = [row.id for row in rows if row.status == "pending"]
    if not pending:
        return set()
    return set(db.session.scalars(sa.select(Ticket.id).where(Ticket.id.in_(pending), _in(person, WAITING))))


def _in(person: User, state: str) -> Any:
    if state == WAITING:
        return sa.and_(Ticket.requester_id == person.id, waits_for_requester())
    return ~queries.is_active() if state == ENDED else queries.is_active()


def _about(person: User, question: str) -> Any:
    """The number, or all the words, in what everybody reads who sees the request: never in a note."""
    read = language.read(clean_line(question)[:LONGEST_QUESTION])
    if read.number is not None:
        return Ticket.id == (read.number if read.number < 2**63 else 0)
    if not read.wanted:
        return sa.false()
    found = fulltext.among(queries.asked_by(person), fulltext.PUBLIC, [read.wanted], read.unwanted)
    return Ticket.id.in_(found)
