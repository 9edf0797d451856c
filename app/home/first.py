"""What a person comes for: read for the start page."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.catalogue.models import RequestType
from app.core.db import db
from app.tickets import queries, queues
from app.tickets.models import Ticket

NEXT, KINDS, LOOKED_AT = 5, 6, 50


def next_up(person: Any) -> list[Any]:
    """Of what is assigned to this person and waits for nobody else the rows that come first: overdue, then what must
    be started next."""
    rows = queues.rows(queues.mine(person), queries.is_active(), Ticket.status != "pending")
    rows = rows.order_by(Ticket.queue_at, Ticket.id)
    return list(db.session.scalars(rows.limit(NEXT)))


def kinds_of(person: Any, kinds: Sequence[RequestType]) -> list[RequestType]:
    """The kinds of request this person files most, then the administrator's first ones."""
    newest = (sa.select(Ticket.request_type_id).where(Ticket.requester_id == person.id).order_by(Ticket.id.desc())
              .limit(LOOKED_AT).subquery())
    counted = sa.select(newest.c.request_type_id, sa.func.count()).group_by(newest.c.request_type_id)
    times = dict(db.session.execute(counted).all())
    return sorted(kinds, key=lambda kind: -times.get(kind.id, 0))[:KINDS]
