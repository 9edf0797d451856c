"""What leaves the process, or may be late, waits here as a row of the transaction that caused it.

The drain claims rows by a conditional UPDATE under a lease, hands them to their handler and marks them done:
at least once, in order per lane, with back-off, and dead after the last try. See docs/promises.md.
"""

import logging
import random
import time
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, aliased, joinedload, mapped_column, relationship

from . import clock
from .db import Base, BigId, Json, UtcDateTime, claim, db, reading
from .markup import storable
from .registries import HANDLERS

log = logging.getLogger(__name__)

LEASE_SECONDS = 120
MAX_ATTEMPTS = 55
BACKOFF_CAP_SECONDS = 3600


class PermanentFailure(Exception):
    """A handler raises it when trying again cannot help."""


class OutboxRow(Base):
    """One thing to do after commit."""

    __tablename__ = "outbox"
    __table_args__ = (
        sa.Index("ix_outbox_waiting", "available_at", "id", sqlite_where=sa.text("state = 'waiting'"),
                 postgresql_where=sa.text("state = 'waiting'")),
        sa.Index("ix_outbox_lane", "lane", "id", sqlite_where=sa.text("state = 'waiting'"),
                 postgresql_where=sa.text("state = 'waiting'")),
        sa.Index("ix_outbox_state", "state", "id"),
        sa.CheckConstraint("state IN ('waiting', 'done', 'dead')", name="state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(30))
    key: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    lane: Mapped[str] = mapped_column(sa.String(60), default="", server_default="")
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default=sa.text("'{}'"))
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting", server_default="waiting")
    attempts: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))
    available_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    leased_by: Mapped[str | None] = mapped_column(sa.String(80))
    last_error: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    event: Mapped[Any] = relationship("Event")


def enqueue(kind: str, lane: str = "", key: str | None = None, event: Any = None,
            at: datetime | None = None, **payload: Any) -> OutboxRow:
    """Add a row to the present transaction. `key`, if given, is unique for ever: the same thing once."""
    moment = clock.now()
    row = OutboxRow(kind=kind, lane=lane, key=key, event=event, payload=payload,
                    available_at=at or moment, created_at=moment)
    db.session.add(row)
    return row


def drain(now: datetime, owner: str, limit: int = 100) -> int:
    """Deliver what is due, oldest first; commits around each row. Returns how many were handled."""
    handled, began = 0, time.monotonic()
    for row_id in _due(now, limit):
        # A lease counts from when its row is taken, however long the rows before it took.
        handled += _deliver(row_id, now + timedelta(seconds=time.monotonic() - began), owner)
    return handled


def _due(now: datetime, limit: int) -> list[int]:
    earlier = aliased(OutboxRow)
    blocked = sa.exists().where(
        earlier.lane == OutboxRow.lane, earlier.lane != "", earlier.state == "waiting", earlier.id < OutboxRow.id
    )
    statement = (
        sa.select(OutboxRow.id)
        .where(OutboxRow.state == "waiting", OutboxRow.available_at <= now, _unleased(now), ~blocked)
        .order_by(OutboxRow.id)
        .limit(limit)
    )
    with reading():
        ids = list(db.session.scalars(statement))
        db.session.rollback()
    return ids


def _unleased(now: datetime) -> Any:
    return sa.or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until <= now)


def _deliver(row_id: int, now: datetime, owner: str) -> bool:
    """Claim and commit first, so that a crash in the handler leaves a lease that runs out, not a lost row."""
    until = now + timedelta(seconds=LEASE_SECONDS)
    taken = claim(OutboxRow, OutboxRow.id == row_id, OutboxRow.state == "waiting", _unleased(now),
                  leased_until=until, leased_by=owner, attempts=OutboxRow.attempts + 1)
    db.session.commit()
    row = _load(row_id) if taken else None
    if row is None:
        return False
    try:
        _refuse_killer(row)
        HANDLERS[row.kind](row, now)
        _end(row, state="done", ended_at=now)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises becomes the row's fate
        _fail(row, error, now)
    return True


def _load(row_id: int) -> OutboxRow | None:
    """The row and its event, detached: a handler that talks to a server must not sit in a transaction."""
    with reading():
        row = db.session.get(OutboxRow, row_id, populate_existing=True, options=[joinedload(OutboxRow.event)])
        db.session.expunge_all()
        db.session.rollback()
    return row


def _refuse_killer(row: OutboxRow) -> None:
    """Each try is counted before it begins: one too many means that the last one took its process along."""
    if row.attempts > MAX_ATTEMPTS:
        raise PermanentFailure(f"the process ended during each of {MAX_ATTEMPTS} tries")


def _end(row: OutboxRow, **values: Any) -> None:
    """Settle the row in the transaction that the handler left open, and commit both.

    Whoever outlived the lease has lost the row to another, who settles it: of the late one nothing is kept.
    """
    mine = (OutboxRow.state == "waiting", OutboxRow.leased_by == row.leased_by, OutboxRow.attempts == row.attempts)
    if claim(OutboxRow, OutboxRow.id == row.id, *mine, leased_until=None, **values):
        db.session.commit()
    else:
        db.session.rollback()
        log.warning("outbox %s %s took longer than its lease and was taken over", row.kind, row.id)


def _fail(row: OutboxRow, error: Exception, now: datetime) -> None:
    db.session.rollback()
    log.warning("outbox %s %s failed: %s", row.kind, row.id, error, exc_info=not isinstance(error, OSError))
    said = storable(f"{type(error).__name__}: {error}")[:2000]
    if isinstance(error, PermanentFailure) or row.attempts >= MAX_ATTEMPTS:
        return _end(row, state="dead", ended_at=now, last_error=said)
    _end(row, available_at=now + backoff(row.attempts), last_error=said)


def backoff(attempts: int) -> timedelta:
    """5 s doubled with each try, capped at an hour, with up to a fifth of jitter."""
    seconds = min(5 * 2 ** (attempts - 1), BACKOFF_CAP_SECONDS)
    return timedelta(seconds=seconds * random.uniform(1, 1.2))  # noqa: S311 - spreads load, guards nothing


def retry(row_id: int, now: datetime) -> bool:
    """Give a dead row a new life; false if it is not dead (any more)."""
    return claim(OutboxRow, OutboxRow.id == row_id, OutboxRow.state == "dead",
                 state="waiting", attempts=0, available_at=now, ended_at=None, leased_until=None)


def retry_all(kind: str, now: datetime) -> int:
    """Give every dead row of a kind a new life, each in its turn; returns how many there were."""
    dead = sa.update(OutboxRow).where(OutboxRow.state == "dead", OutboxRow.kind == kind)
    return db.session.execute(dead.values(state="waiting", attempts=0, available_at=now, ended_at=None,
                                          leased_until=None)).rowcount


def drop(row_id: int, now: datetime) -> bool:
    """Settle a dead row without doing it; false if it is not dead (any more). A key stays taken."""
    return claim(OutboxRow, OutboxRow.id == row_id, OutboxRow.state == "dead", state="done", ended_at=now)


def sweep_done(before: datetime) -> int:
    """Forget delivered rows older than a moment; keyed rows stay, their key is a promise."""
    statement = sa.delete(OutboxRow).where(
        OutboxRow.state == "done", OutboxRow.ended_at < before, OutboxRow.key.is_(None)
    )
    return db.session.execute(statement).rowcount
