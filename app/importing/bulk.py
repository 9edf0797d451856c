"""Writes chronicles: a handful of statements for a whole batch of tickets, in the caller's transaction.

Nothing reacts and nothing is sent: these rows go past `record` on purpose, as everything under `history()` would.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.core.db import Base, db, is_sqlite
from app.core.events import Event
from app.sla.models import SlaClock, SlaFiring, Span
from app.tickets import texts
from app.tickets.models import Handover, Hold, Message, Resolution, Tag, Ticket, TicketAccess
from app.tickets.models.related import ticket_tags

from .chronicle import Chronicle, Told
from .clockwork import Run

SPELLS = ((Handover, "handovers"), (Hold, "holds"), (Resolution, "resolutions"), (TicketAccess, "accesses"))
Rows = list[dict[str, Any]]


def write(chronicles: Sequence[Chronicle], runs: Sequence[Run], recorded_at: datetime | None = None) -> list[int]:
    """Insert the tickets, all that hangs on them, and their timers; returns their numbers, in order.

    `recorded_at` is when the events are said to have been written; None: when each happened.
    """
    numbers = _insert(Ticket, [{"version": 1, **c.columns()} for c in chronicles])
    pairs = list(zip(numbers, chronicles, strict=True))
    messages = _insert_messages(pairs)
    told = [(number, told) for number, c in pairs for told in c.events]
    events = _insert(Event, [_event(number, each, messages[number], recorded_at) for number, each in told])
    for model, spells in SPELLS:
        _insert(model, [{"ticket_id": number, **row} for number, c in pairs for row in getattr(c, spells)])
    _insert_tags(pairs)
    _insert_timers(list(zip(numbers, runs, strict=True)), {id(e): i for (_, e), i in zip(told, events, strict=True)})
    texts.fill(numbers)
    return numbers


def _insert(model: type[Base], rows: Rows) -> list[int]:
    """The ids given to the rows, in their order."""
    if not rows:
        return []
    ids = _reserved(model, len(rows))
    # The table, not the model: the ORM would send rows that differ in what is None one by one.
    db.session.execute(sa.insert(model.__table__), [{"id": i, **row} for i, row in zip(ids, rows, strict=True)])
    return ids


def _reserved(model: type[Base], count: int) -> list[int]:
    """So many new ids, asked for beforehand: RETURNING in the order of the rows is one statement a row on SQLite.

    On SQLite nobody else writes while this transaction does; on PostgreSQL the sequence gives each number once.
    """
    table = model.__tablename__
    if is_sqlite():
        last = db.session.scalar(sa.select(sa.func.max(model.id))) or 0  # type: ignore[attr-defined]
        return list(range(last + 1, last + 1 + count))
    sequence = sa.func.pg_get_serial_sequence(table, "id")
    statement = sa.select(sa.func.nextval(sequence)).select_from(sa.func.generate_series(1, count))
    return list(db.session.scalars(statement))


def _insert_messages(pairs: Iterable[tuple[int, Chronicle]]) -> dict[int, list[int]]:
    """Ticket number -> ids of its messages, in order."""
    rows = [{"ticket_id": number, **row} for number, c in pairs for row in c.messages]
    ids: dict[int, list[int]] = {number: [] for number, _c in pairs}
    for row, message_id in zip(rows, _insert(Message, rows), strict=True):
        ids[row["ticket_id"]].append(message_id)
    return ids


def _event(number: int, told: Told, message_ids: list[int], recorded_at: datetime | None) -> dict[str, Any]:
    data = told.data if told.message is None else told.data | {"message_id": message_ids[told.message]}
    return {"kind": told.kind, "subject_type": Ticket.event_subject, "subject_id": number, "actor_id": told.by_id,
            "on_behalf_of_id": told.on_behalf_of_id, "occurred_at": told.at, "recorded_at": recorded_at or told.at,
            "data": data}


def _insert_tags(pairs: Iterable[tuple[int, Chronicle]]) -> None:
    wanted = [(number, tag) for number, c in pairs for tag in dict.fromkeys(c.tags)]
    if not wanted:
        return
    known = dict(db.session.execute(sa.select(Tag.name, Tag.id)).all())
    fresh = [Tag(name=name) for name in dict.fromkeys(tag for _number, tag in wanted) if name not in known]
    db.session.add_all(fresh)
    db.session.flush()
    known |= {tag.name: tag.id for tag in fresh}
    db.session.execute(sa.insert(ticket_tags),
                       [{"ticket_id": number, "tag_id": known[tag]} for number, tag in wanted])


def _insert_timers(pairs: Sequence[tuple[int, Run]], event_ids: dict[int, int]) -> None:
    """Clocks and spans as the engine left them, and the ledger of what was announced."""
    fresh = [(number, row) for number, run in pairs for row in run.timers.fresh]
    clocks = [(number, row) for number, row in fresh if isinstance(row, SlaClock)]
    ids = _insert(SlaClock, [_as_row(row, number) for number, row in clocks])
    clock_ids = {id(clock): clock_id for (_number, clock), clock_id in zip(clocks, ids, strict=True)}
    _insert(Span, [_as_row(row, number) for number, row in fresh if isinstance(row, Span)])
    _insert(SlaFiring, [
        {"clock_id": clock_ids[id(fired.clock)], "share": fired.share, "state": "fired", "reached_at": fired.at,
         "fired_at": fired.at, "is_late": False, "event_id": event_ids[id(fired.told)]}
        for _number, run in pairs for fired in run.fired])


def _as_row(row: SlaClock | Span, number: int) -> dict[str, Any]:
    """What the engine set, and the defaults of what it left alone."""
    columns = {c.key: getattr(row, c.key) for c in sa.inspect(type(row)).columns if c.key != "id"}
    defaults = {c.key: c.default.arg for c in type(row).__table__.columns if c.default is not None}
    whole = {key: defaults.get(key) if value is None else value for key, value in columns.items()}
    return whole | {"ticket_id": number}
