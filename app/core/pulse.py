"""Whether somebody committed something: cheap enough to be asked several times a second by one thread a process."""

import sqlite3

import sqlalchemy as sa

from .steady import ticks


class Pulse:
    """Asked by one thread. On SQLite it is exact across processes; on PostgreSQL it says "perhaps" every so often."""

    def __init__(self, engine: sa.Engine, seconds: float = 1.0) -> None:
        self._seconds = seconds
        self._path = engine.url.database if engine.dialect.name == "sqlite" else None
        self._connection: sqlite3.Connection | None = None
        self._version = 0
        self._asked = 0.0

    def changed(self) -> bool:
        """Whether there may be something new since the last call; true on the first."""
        return self._beat() if self._path is None else self._data_version_moved()

    def _beat(self) -> bool:
        now = ticks()
        due = now - self._asked >= self._seconds
        if due:
            self._asked = now
        return due

    def _data_version_moved(self) -> bool:
        """SQLite counts commits of other connections; this one never writes, so it sees all of them."""
        if self._connection is None:
            self._connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        moved, self._version = version != self._version, version
        return moved

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
