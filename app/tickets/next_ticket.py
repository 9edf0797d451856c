"""What an agent does next: what is theirs and due, then what stands first among theirs and what nobody has.

The order is the queue's own (`queue_at`), so that the two never disagree. Whoever looks at a ticket of this order goes
on behind it, and from its end to its beginning again.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.accounts.models import User
from app.core.db import UtcDateTime, db
from app.core.errors import Conflict, NotFound

from . import queries
from .models import Ticket


class Place(NamedTuple):
    """Where a ticket stands in somebody's order. `is_due`: it is theirs and late, or must be begun by now."""

    is_due: bool
    queue_at: datetime
    id: int


class Taken(NamedTuple):
    """What somebody has to do now; `is_new` if it was nobody's a moment ago."""

    number: int
    is_new: bool


def following(person: User, now: datetime, after: int | None) -> int | None:
    """The number of the ticket that comes after this one in the person's order, or None where no other is left."""
    here = _place(person, now, after)
    due, others = [_theirs(person, _is_due(now))], _others(person, now)
    if here is None:
        return _first(due, after) or _first(others, after)
    behind = _first(due, after, here) or _first(others, after) if here.is_due else _first(others, after, here)
    return behind or _first(due, after) or _first(others, after)


def take(person: User, now: datetime, after: int | None) -> Taken | None:
    """What is theirs and due, and comes after this one; else the first ticket that nobody has is theirs from now on.

    Of several who ask at once each gets another one. None where nothing is left.
    """
    here = _place(person, now, after)
    due = _first([_theirs(person, _is_due(now))], after, here if here is not None and here.is_due else None)
    if due is not None:
        return Taken(due, is_new=False)
    for number in _free_one_by_one(person, after):
        if _is_won(person, number, now):
            return Taken(number, is_new=True)
    return None


def _free_one_by_one(person: User, after: int | None) -> Iterator[int]:
    """The first that is free, as often as it is asked for: what somebody else has got meanwhile is free no more."""
    tried: list[int] = [] if after is None else [after]
    while (number := _first(_of_nobody(person, Ticket.id.not_in(tried)), None)) is not None:
        tried.append(number)
        yield number


def _is_won(person: User, number: int, now: datetime) -> bool:
    try:
        queries.by_number(person, number).take(person, now)
    except (Conflict, NotFound):
        return False
    return True


def _first(sources: list[Any], but: int | None, behind: Place | None = None) -> int | None:
    """The first ticket of several conditions, each answered from an index; `behind` a place, if one is given."""
    if not sources:
        return None
    narrowed = [Ticket.id != but] if but is not None else []
    if behind is not None:
        narrowed.append(sa.tuple_(Ticket.queue_at, Ticket.id)
                        > sa.tuple_(sa.literal(behind.queue_at, UtcDateTime), sa.literal(behind.id)))
    firsts = [sa.select(Ticket.queue_at, Ticket.id).where(source, _waits_for_us(), *narrowed)
              .order_by(Ticket.queue_at, Ticket.id).limit(1).subquery() for source in sources]
    union = sa.union_all(*(sa.select(first.c.queue_at, first.c.id) for first in firsts)).subquery()
    return db.session.scalar(sa.select(union.c.id).order_by(union.c.queue_at, union.c.id).limit(1))


def _place(person: User, now: datetime, number: int | None) -> Place | None:
    """Where a ticket stands, if it belongs to this person's order at all."""
    if number is None:
        return None
    found = db.session.execute(
        sa.select(Ticket.queue_at, Ticket.assignee_id)
        .where(Ticket.id == number, _waits_for_us(), sa.or_(_theirs(person), *_of_nobody(person)))).first()
    if found is None:
        return None
    return Place(found.assignee_id == person.id and found.queue_at <= now, found.queue_at, number)


def _others(person: User, now: datetime) -> list[Any]:
    return [_theirs(person, ~_is_due(now)), *_of_nobody(person)]


def _theirs(person: User, *conditions: Any) -> Any:
    return sa.and_(Ticket.assignee_id == person.id, Ticket.requester_id != person.id, *conditions)


def _of_nobody(person: User, *conditions: Any) -> list[Any]:
    """What is free in each team of this person, as far as they work on it: one condition per index range."""
    works = queries.reads_as_staff(person)
    return [sa.and_(Ticket.team_id == team_id, Ticket.assignee_id.is_(None), works, *conditions)
            for team_id in person.team_ids]


def _is_due(now: datetime) -> Any:
    return Ticket.queue_at <= now


def _waits_for_us() -> Any:
    """Active, and not waiting for somebody else."""
    return sa.and_(queries.is_active(), Ticket.status != "pending")
