"""Who has which page open now, and who is writing there. Kept apart from what the desk remembers: it is worth nothing a
minute later, and two hundred browsers that come and go must not cost a durable write each.

On SQLite it is a small file of its own beside the database, never synced to the disk; on PostgreSQL a table that is not
logged. A row stands until its moment has passed. Whoever holds a stream says every `BEAT_SECONDS` that its rows go on,
one statement for a whole process: what a killed process leaves behind is gone by itself.
"""

import logging
import os
import secrets
import threading
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import Flask, current_app

from .db import write_ahead
from .pulse import Pulse
from .registries import LIVE_SIGHTS

log = logging.getLogger(__name__)

BEAT_SECONDS = 10.0
STANDS_SECONDS = 25.0
"""How long a row stands without a beat; a browser without a stream asks every ten seconds."""
LINGERS_SECONDS = 2.0
"""A page that is loaded anew after a reply leaves and comes: for so long nobody is told that it left."""
TYPING_SECONDS = 8.0
FILE = "presence.sqlite3"
TABLE = """CREATE TABLE IF NOT EXISTS presences (
    token TEXT NOT NULL, place INTEGER NOT NULL, side TEXT NOT NULL, user_id INTEGER NOT NULL, name TEXT NOT NULL,
    doing TEXT NOT NULL, process TEXT NOT NULL, until REAL NOT NULL, PRIMARY KEY (token, place, side))"""
COME = sa.text("""INSERT INTO presences (token, place, side, user_id, name, doing, process, until)
    VALUES (:token, :place, :side, :user_id, :name, :doing, :process, :until)
    ON CONFLICT (token, place, side) DO UPDATE SET doing = excluded.doing, until = excluded.until""")
LEAVE = sa.text("UPDATE presences SET until = :soon, process = '' WHERE token = :token AND until > :soon")
STOP = sa.text("DELETE FROM presences WHERE token = :token AND place = :place AND side = :side")
BEAT = sa.text("UPDATE presences SET until = :until WHERE process = :process")
SWEEP = sa.text("DELETE FROM presences WHERE until < :now")
ALL = sa.text("SELECT place, side, user_id, name, doing, until FROM presences WHERE until > :now")
THERE = sa.text("""SELECT place, side, user_id, name, doing, until FROM presences
    WHERE place = :place AND until > :now""")


class Sight(NamedTuple):
    """Somebody at a place: on which side (the name of the topic their page listens to), doing what ('' is looking),
    until when at most (seconds since 1970)."""

    place: int
    side: str
    user_id: int
    name: str
    doing: str
    until: float


def _quietly(otherwise: Callable[[], Any]) -> Callable[..., Any]:
    """No page fails because nobody can say who else is there."""

    def wrap(ask: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(ask)
        def asked(*args: Any, **named: Any) -> Any:
            try:
                return ask(*args, **named)
            except (sa.exc.SQLAlchemyError, OSError) as error:
                log.warning("who is there is not known: %s", error)
                return otherwise()
        return asked
    return wrap


class Store:
    """The rows of one desk, written and read from any thread; times are seconds since 1970."""

    def __init__(self, url: sa.URL, folder: Path) -> None:
        self._url, self._folder = url, folder
        self._engine: sa.Engine | None = None
        self._making = threading.Lock()
        self._pid = 0
        self.process = ""

    @property
    def engine(self) -> sa.Engine:
        """Made when first asked for, anew in each process: connections do not survive a fork. The first stream and the
        thread that watches ask at the same moment; rows under a second name of the process nobody would beat for."""
        with self._making:
            if self._engine is None or self._pid != os.getpid():
                self._pid, self.process = os.getpid(), f"{os.getpid()}-{secrets.token_hex(6)}"
                self._engine = self._connect()
            return self._engine

    def _connect(self) -> sa.Engine:
        about = {"isolation_level": "AUTOCOMMIT", "pool_size": 2, "max_overflow": 4}
        if self._url.get_backend_name() != "sqlite":
            return sa.create_engine(self._url, pool_pre_ping=True, connect_args={"connect_timeout": 5}, **about)
        engine = sa.create_engine(f"sqlite:///{self._folder / FILE}", connect_args={"timeout": 2}, **about)
        sa.event.listen(engine, "connect", _prepare)
        return engine

    @_quietly(lambda: None)
    def come(self, token: str, topics: Iterable[str], person: Any, until: float, held: bool = True) -> None:
        """Somebody looks at the places of these topics; `held` while this process beats for them."""
        places = [(int(number), side) for side, _colon, number in (topic.partition(":") for topic in topics)
                  if side in LIVE_SIGHTS]
        if not places:
            return
        with self.engine.connect() as connection:
            connection.execute(COME, [
                {"token": token, "place": place, "side": side, "user_id": person.id, "name": person.name, "doing": "",
                 "process": self.process if held else "", "until": until} for place, side in places])

    @_quietly(lambda: None)
    def leave(self, token: str, now: float) -> None:
        """The page of this stream was closed."""
        with self.engine.connect() as connection:
            connection.execute(LEAVE, {"token": token, "soon": now + LINGERS_SECONDS})

    @_quietly(lambda: None)
    def types(self, place: int, side: str, person: Any, doing: str, now: float) -> None:
        """Somebody presses keys there; with nothing to do they have stopped."""
        about = {"token": f"typing:{person.id}", "place": place, "side": side}
        with self.engine.connect() as connection:
            if not doing:
                connection.execute(STOP, about)
                return
            connection.execute(COME, about | {"user_id": person.id, "name": person.name, "doing": doing, "process": "",
                                              "until": now + TYPING_SECONDS})

    @_quietly(lambda: None)
    def beat(self, now: float) -> None:
        """The streams of this process go on; what nobody beats for any more is swept away."""
        with self.engine.connect() as connection:
            connection.execute(BEAT, {"until": now + STANDS_SECONDS, "process": self.process})
            connection.execute(SWEEP, {"now": now})

    @_quietly(list)
    def everybody(self, now: float) -> list[Sight]:
        with self.engine.connect() as connection:
            return [Sight(*row) for row in connection.execute(ALL, {"now": now})]

    @_quietly(list)
    def at(self, place: int, now: float) -> list[Sight]:
        with self.engine.connect() as connection:
            return [Sight(*row) for row in connection.execute(THERE, {"place": place, "now": now})]


def _prepare(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA busy_timeout=2000")
    write_ahead(connection, seconds=2)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute(TABLE)


def init(app: Flask, url: sa.URL) -> None:
    """One store for each app; it connects to nothing before it is asked."""
    app.extensions["presence"] = Store(url, Path(app.config["INSTANCE"]))


def store() -> Store:
    """The store of this app."""
    return current_app.extensions["presence"]


def seen_on(topic: str, sights: Iterable[Sight]) -> list[Sight]:
    """What a page that listens to this topic may show of who is there."""
    side, _colon, number = topic.partition(":")
    shows = LIVE_SIGHTS.get(side)
    return [sight for sight in sights if shows and sight.place == int(number) and shows(sight)]


def mark(topic: str, sights: Iterable[Sight], user_id: int) -> str:
    """A short word for what a page shows of the others, to see whether that has changed."""
    pairs = sorted({(sight.user_id, sight.doing) for sight in seen_on(topic, sights) if sight.user_id != user_id})
    return f"{zlib.crc32(repr(pairs).encode()):x}"


class Watcher:
    """Looks, several times a second, on which topics what is to be seen has changed. One per process."""

    def __init__(self, kept: Store) -> None:
        self._store = kept
        self._pulse = Pulse(kept.engine, seconds=0.4)
        self._pictures: dict[str, set[tuple[int, str]]] = {}
        self._runs_out = self._beats_at = 0.0

    def look(self, now: float) -> dict[str, set[int]]:
        """Topic -> the people who came, left or began something else since the last look."""
        if now >= self._beats_at:
            self._beats_at = now + BEAT_SECONDS
            self._store.beat(now)
        if not self._pulse.changed() and now < self._runs_out:
            return {}
        sights = self._store.everybody(now)
        self._runs_out = min((sight.until for sight in sights), default=now + BEAT_SECONDS)
        return self._differences(_pictures(sights))

    def _differences(self, pictures: dict[str, set[tuple[int, str]]]) -> dict[str, set[int]]:
        before, self._pictures = self._pictures, pictures
        both = {topic: before.get(topic, set()) ^ pictures.get(topic, set()) for topic in {*before, *pictures}}
        return {topic: {user_id for user_id, _doing in changed} for topic, changed in both.items() if changed}

    def close(self) -> None:
        self._pulse.close()


def _pictures(sights: list[Sight]) -> dict[str, set[tuple[int, str]]]:
    pictures = defaultdict(set)
    for sight in sights:
        for side, shows in LIVE_SIGHTS.items():
            if shows(sight):
                pictures[f"{side}:{sight.place}"].add((sight.user_id, sight.doing))
    return dict(pictures)
