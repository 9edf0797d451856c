"""What the desk's own tickets teach about the words of its request types.

Only a stem that two people wrote is kept, and nothing at all of confidential tickets: what is suggested to somebody
must tell them nothing of anybody.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from app.catalogue.models import RequestType
from app.core.db import db, reading

from ..models import Ticket, TypeWord
from .guess import terms

NEWEST = 20_000
"""Tickets looked at: what people asked long ago says little of how they ask now."""
LEAST_PEOPLE = 2
MOST_TERMS = 3000
"""Of one type, those that stood in most tickets."""


def learn(now: datetime) -> int:
    """Learn all anew; returns how many words are known. The caller commits."""
    db.session.rollback()
    with reading():
        learnt = counts(db.session.execute(_subjects()).all())
        db.session.rollback()
    rows = [{"term": term, "request_type_id": id, "tickets": tickets}
            for id, held in learnt.items() for term, tickets in held.items()]
    db.session.execute(sa.delete(TypeWord))
    if rows:
        db.session.execute(sa.insert(TypeWord), rows)
    return len(rows)


def _subjects() -> sa.Select:
    """Subject, type and requester of the newest tickets from which one may learn."""
    return (sa.select(Ticket.subject, Ticket.request_type_id, Ticket.requester_id)
            .join(RequestType, RequestType.id == Ticket.request_type_id)
            .where(~Ticket.is_confidential, ~RequestType.is_confidential, Ticket.status != "cancelled")
            .order_by(Ticket.id.desc()).limit(NEWEST))


def counts(asked: Iterable[tuple[str, int, int]]) -> dict[int, dict[str, int]]:
    """Request type -> stem -> in how many subjects it stood; '' is the sum of all that are kept. Pure."""
    tickets: dict[int, Counter[str]] = defaultdict(Counter)
    people: dict[tuple[int, str], set[int]] = defaultdict(set)
    for subject, type_id, requester_id in asked:
        for term in terms(subject):
            tickets[type_id][term] += 1
            if len(people[type_id, term]) < LEAST_PEOPLE:
                people[type_id, term].add(requester_id)
    shared = {id: Counter({term: n for term, n in held.items() if len(people[id, term]) >= LEAST_PEOPLE})
              for id, held in tickets.items()}
    kept = {id: dict(held.most_common(MOST_TERMS)) for id, held in shared.items()}
    return {id: held | {"": sum(held.values())} for id, held in kept.items() if held}
