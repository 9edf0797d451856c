"""The open streams of one process and the one thread that wakes those, and only those, for whom there is something."""

import logging
import select
import socket
import threading
import time
from collections import defaultdict, deque
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from . import clock, presence
from .db import db, is_sqlite, reading
from .events import Event
from .pulse import Pulse
from .registries import LIVE_ECHOES

log = logging.getLogger(__name__)

TICK_SECONDS = 0.2
PAUSE_SECONDS = 1.0
"""After a look that failed."""
LONGEST_LOOK_BACK = 1000
OVERLAP = 200
"""On PostgreSQL an event with a lower number may be committed after one with a higher."""
CLOSED = getattr(select, "POLLRDHUP", 0) | select.POLLHUP | select.POLLERR | select.POLLNVAL
UNHEARD_MS = 15_000
"""A browser that vanished without a word (a lid closed, a cable pulled) is given up after this."""

News = tuple[str, int]


class Listener:
    """What one open stream waits for: news of its topics, and others who came to its places."""

    def __init__(self, topics: frozenset[str], user_id: int = 0, line: socket.socket | None = None) -> None:
        self.topics, self.user_id, self.line = topics, user_id, line
        self.is_over = False
        self._bell = threading.Condition()
        self._news: dict[str, int] = {}
        self._stirred: set[str] = set()

    def tell(self, topic: str, event_id: int) -> None:
        with self._bell:
            self._news[topic] = max(event_id, self._news.get(topic, 0))
            self._bell.notify()

    def stir(self, topic: str, people: set[int]) -> None:
        """Others than whoever listens came to a place, left it, or began to write there."""
        if people - {self.user_id}:
            with self._bell:
                self._stirred.add(topic)
                self._bell.notify()

    def end(self) -> None:
        with self._bell:
            self.is_over = True
            self._bell.notify()

    def wait(self, seconds: float) -> tuple[dict[str, int], set[str]]:
        """Sleep until there is something, the time is up, or the stream is over."""
        with self._bell:
            if not (self._news or self._stirred or self.is_over):
                self._bell.wait(seconds)
            news, self._news = self._news, {}
            stirred, self._stirred = self._stirred, set()
            return news, stirred


class Hub:
    """Who listens in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: set[Listener] = set()
        self._by_topic: dict[str, set[Listener]] = defaultdict(set)
        self._lines = select.poll()
        self._by_line: dict[int, Listener] = {}
        self._watching = False
        self.stopping = False

    def enter(self, app: Flask, newest: int, cap: int, listener: Listener) -> bool:
        """Take a place; false when all are taken or the process is ending."""
        with self._lock:
            if self.stopping or len(self._listeners) >= cap:
                return False
            self._mind(listener)
            self._listeners.add(listener)
            for topic in listener.topics:
                self._by_topic[topic].add(listener)
            if not self._watching:
                self._watching = True
                threading.Thread(target=self._watch, args=(app, newest), name="live news", daemon=True).start()
            return True

    def _mind(self, listener: Listener) -> None:
        """Notice at once when the browser has gone: else its thread would hold a place until it next says something."""
        if listener.line is not None:
            if hasattr(socket, "TCP_USER_TIMEOUT") and listener.line.family in (socket.AF_INET, socket.AF_INET6):
                listener.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNHEARD_MS)
            self._lines.register(listener.line, CLOSED)
            self._by_line[listener.line.fileno()] = listener

    def leave(self, listener: Listener) -> None:
        with self._lock:
            self._listeners.discard(listener)
            for topic in listener.topics:
                self._by_topic[topic].discard(listener)
                if not self._by_topic[topic]:
                    del self._by_topic[topic]
            self._forget_line(listener)

    def _forget_line(self, listener: Listener) -> None:
        for descriptor in [number for number, other in self._by_line.items() if other is listener]:
            del self._by_line[descriptor]
            self._lines.unregister(descriptor)

    def ring(self, news: list[News]) -> None:
        """Tell those who listen to these topics."""
        if news:
            with self._lock:
                for topic, event_id in news:
                    for listener in self._by_topic.get(topic, ()):
                        listener.tell(topic, event_id)

    def stir(self, changed: dict[str, set[int]]) -> None:
        """Tell them who came and went."""
        with self._lock:
            for topic, people in changed.items():
                for listener in self._by_topic.get(topic, ()):
                    listener.stir(topic, people)

    def _end_closed(self) -> None:
        with self._lock:
            for descriptor, _what in self._lines.poll(0):
                listener = self._by_line.get(descriptor)
                if listener is not None:
                    self._forget_line(listener)
                    listener.end()

    def _watch(self, app: Flask, newest: int) -> None:
        """Until the last stream has gone; the next one starts another thread. Whatever fails, it looks again: else all
        streams of the process would stay open and hear nothing."""
        watchers = None
        while self._goes_on():
            try:
                self._end_closed()
                watchers = watchers or _watchers(app, newest)
                self._look(app, *watchers)
            except Exception as error:  # noqa: BLE001 - see above
                log.warning("live news wait: %s", error, exc_info=not isinstance(error, DBAPIError))
                time.sleep(PAUSE_SECONDS)
            time.sleep(TICK_SECONDS)
        self._end_all()
        for one in watchers or ():
            one.close()

    def _look(self, app: Flask, watcher: "Watcher", sights: presence.Watcher) -> None:
        self.ring(watcher.look(app))
        self.stir(sights.look(clock.now().timestamp()))

    def _goes_on(self) -> bool:
        with self._lock:
            self._watching = bool(self._listeners) and not self.stopping
            return self._watching

    def _end_all(self) -> None:
        """The process ends. A stream that comes between the last look and this has a watcher of its own."""
        if self.stopping:
            with self._lock:
                for listener in self._listeners:
                    listener.end()


def _watchers(app: Flask, newest: int) -> tuple["Watcher", presence.Watcher]:
    with app.app_context():
        return Watcher(newest), presence.Watcher(presence.store())


class Watcher:
    """Reads events as they appear, each once."""

    def __init__(self, newest: int) -> None:
        self.pulse = Pulse(db.engine, seconds=0.4)
        self._newest = newest
        self._overlap = 0 if is_sqlite() else OVERLAP
        self._counted: Any = None
        known = [event.id for event in events_after(newest - self._overlap) if event.id <= newest]
        self._told = deque(known, maxlen=2 * OVERLAP)
        self._is_due = False

    def look(self, app: Flask) -> list[News]:
        """A look that failed is due again, whether or not more has happened since."""
        self._is_due = self.pulse.changed() or self._is_due
        if not self._is_due:
            return []
        with app.app_context(), reading():
            counted = self._count() if self._overlap else None
            is_more = counted is None or counted != self._counted
            found = self._found() if is_more else []
            self._counted, self._is_due = counted, False
            return echoes(found)

    def _count(self) -> tuple[int, ...]:
        """PostgreSQL cannot say cheaply that nothing was committed, but it counts the last few events in no time."""
        count = sa.select(sa.func.max(Event.id), sa.func.count()).where(Event.id > self._newest - self._overlap)
        return self._newest, *db.session.execute(count).one()

    def _found(self) -> list[Any]:
        found = [event for event in events_after(self._newest - self._overlap) if self._is_new(event.id)]
        self._told.extend(event.id for event in found)
        self._newest = max([self._newest, *self._told])
        return found

    def close(self) -> None:
        self.pulse.close()

    def _is_new(self, event_id: int) -> bool:
        return event_id > self._newest or (event_id > self._newest - self._overlap and event_id not in self._told)


def events_after(event_id: int) -> list[Any]:
    """Kind and subject of what happened since, oldest first, at most a thousand."""
    statement = (
        sa.select(Event.id, Event.kind, Event.subject_type, Event.subject_id, Event.data)
        .where(Event.id > event_id).order_by(Event.id).limit(LONGEST_LOOK_BACK)
    )
    return list(db.session.execute(statement))


def echoes(events: list[Any]) -> list[News]:
    """Which topics hear of these events."""
    return [news for echo in LIVE_ECHOES for news in echo(events)] if events else []


def newest() -> int:
    """The number of the newest event: what a page that is drawn now already shows."""
    return db.session.scalar(sa.select(sa.func.max(Event.id))) or 0


hub = Hub()
