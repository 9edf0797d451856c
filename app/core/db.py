"""The database: one declarative base, UTC and identity types, and how a transaction begins on SQLite."""

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every model; models name their tables themselves."""

    metadata = sa.MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base, session_options={"autoflush": True})

Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware moment, stored in UTC; refuses naive ones (SQLite would silently drop the zone)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_reading: ContextVar[bool] = ContextVar("reading", default=False)


@contextmanager
def reading() -> Iterator[None]:
    """Declare that what happens inside only reads: its transactions do not take SQLite's write lock."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def set_reading(value: bool) -> None:
    """Say for the rest of this context (a request) whether transactions only read."""
    _reading.set(value)


def is_reading() -> bool:
    """Whether this context has said that it only reads."""
    return _reading.get()


def is_sqlite(bind: Any = None) -> bool:
    return (bind or db.engine).dialect.name == "sqlite"


def among(column: Any, ids: Iterable[int]) -> Any:
    """The condition that the column is one of these. To PostgreSQL they go as one value: a hundred parameters take
    longer to write down than their rows to find."""
    ids = list(ids)
    return column.in_(ids) if is_sqlite() else column == sa.any_(sa.cast(ids, postgresql.ARRAY(sa.BigInteger)))


def prepare_sqlite(engine: sa.Engine, synchronous: str = "FULL") -> None:
    """Write-ahead log, durable commits, foreign keys, and BEGIN IMMEDIATE for whatever may write.

    A deferred transaction that reads and then writes fails with "database is locked" under load; the
    driver's own default loses updates silently. See docs/architecture.md.
    """

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout=10000")
        write_ahead(connection)
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN DEFERRED" if _reading.get() else "BEGIN IMMEDIATE")


def write_ahead(connection: sqlite3.Connection, seconds: float = 10) -> None:
    """Turn the write-ahead log on. Of several that open a new file at once SQLite refuses all but one without
    heeding the busy timeout, so who is refused tries again until `seconds` are over."""
    until = time.monotonic() + seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(0.02)


def claim(row: type[Base], *conditions: Any, **values: Any) -> bool:
    """Change one row only if the conditions still hold; true for exactly one of many who try.

    The row count is what decides: a SELECT before an UPDATE decides nothing.
    """
    statement = sa.update(row).where(*conditions).values(**values)
    result = db.session.execute(statement, execution_options={"synchronize_session": False})
    return result.rowcount == 1
