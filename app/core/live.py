"""Live news: a page names its topics and hears that something happened, never what; it then asks for it as usual.

One thread a process looks for new events and wakes the open streams. A stream holds no database session but one
worker thread, hence the cap; a browser beyond it gets 204 and asks `/live/news` now and then instead.
"""

import json
import logging
import re
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, current_app, jsonify, request
from flask_login import current_user
from sqlalchemy.exc import DBAPIError

from .access import asks
from .db import db, is_sqlite, reading
from .errors import NotFound
from .events import Event
from .pulse import Pulse
from .registries import LIVE_ECHOES, LIVE_TOPICS

log = logging.getLogger(__name__)
bp = Blueprint("live", __name__)

TICK_SECONDS = 0.2
PING_SECONDS = 15.0
LIFE_SECONDS = 1800.0
"""After this a stream ends and the browser comes back, so that its rights are looked at again."""
MOST_TOPICS = 20
LONGEST_LOOK_BACK = 1000
OVERLAP = 200
"""On PostgreSQL an event with a lower number may be committed after one with a higher."""

News = tuple[str, int]


class Hub:
    """The open streams of one process, and the thread that wakes them."""

    def __init__(self) -> None:
        self._bell = threading.Condition()
        self._recent: deque[tuple[int, News]] = deque(maxlen=LONGEST_LOOK_BACK)
        self._rung = 0
        self._open = 0
        self._watching = False
        self.stopping = False

    def enter(self, app: Flask, newest: int, cap: int) -> bool:
        """Take a place; false when all are taken or the process is ending."""
        with self._bell:
            if self.stopping or self._open >= cap:
                return False
            self._open += 1
            if not self._watching:
                self._watching = True
                threading.Thread(target=self._watch, args=(app, newest), name="live news", daemon=True).start()
            return True

    def leave(self) -> None:
        with self._bell:
            self._open -= 1

    @property
    def rung(self) -> int:
        """How many news there were; what a stream has heard up to."""
        return self._rung

    def wait(self, heard: int, topics: frozenset[str], until: float) -> tuple[int, list[News]]:
        """Sleep until there is news on a topic, the moment has come, or the process ends."""
        with self._bell:
            while not self.stopping:
                news = [item for rung, item in self._recent if rung > heard and item[0] in topics]
                heard = self._rung
                patience = until - time.monotonic()
                if news or patience <= 0:
                    return heard, news
                self._bell.wait(patience)
            return heard, []

    def ring(self, news: list[News]) -> None:
        with self._bell:
            for item in news:
                self._rung += 1
                self._recent.append((self._rung, item))
            self._bell.notify_all()

    def _watch(self, app: Flask, newest: int) -> None:
        """Until the last stream has gone; the next one starts another thread."""
        with app.app_context():
            watcher = Watcher(newest)
        while self._goes_on():
            time.sleep(TICK_SECONDS)
            try:
                self.ring(watcher.look(app))
            except DBAPIError as error:
                log.warning("live news wait for the database: %s", error.orig)
        self.ring([])
        watcher.pulse.close()

    def _goes_on(self) -> bool:
        with self._bell:
            self._watching = self._open > 0 and not self.stopping
            return self._watching


class Watcher:
    """Reads events as they appear, each once."""

    def __init__(self, newest: int) -> None:
        self.pulse = Pulse(db.engine)
        self._newest = newest
        self._overlap = 0 if is_sqlite() else OVERLAP
        known = [event.id for event in events_after(newest - self._overlap) if event.id <= newest]
        self._told = deque(known, maxlen=2 * OVERLAP)

    def look(self, app: Flask) -> list[News]:
        if not self.pulse.changed():
            return []
        with app.app_context(), reading():
            found = [event for event in events_after(self._newest - self._overlap) if self._is_new(event.id)]
            self._told.extend(event.id for event in found)
            self._newest = max([self._newest, *self._told])
            return echoes(found)

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


class Stream:
    """One open stream: an iterator of server-sent events that gives its place back when it is closed."""

    def __init__(self, topics: frozenset[str], since: int, heard: int, missed: list[News]) -> None:
        self._topics = topics
        self._since = since
        self._heard = heard
        self._first = "retry: 5000\n\n" + "".join(map(message, missed))
        self._ends = time.monotonic() + LIFE_SECONDS
        self._closed = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._first:
            first, self._first = self._first, ""
            return first
        if hub.stopping or time.monotonic() >= self._ends:
            raise StopIteration
        self._heard, news = hub.wait(self._heard, self._topics, time.monotonic() + PING_SECONDS)
        if hub.stopping:
            raise StopIteration
        return "".join(message(item) for item in news if item[1] > self._since) or ": still here\n\n"

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            hub.leave()


def message(news: News) -> str:
    topic, event_id = news
    return f"id: {event_id}\nevent: news\ndata: {json.dumps({'topic': topic, 'id': event_id})}\n\n"


@bp.get("/live")
@asks("signed_in")
def stream_show() -> Response:
    """`?topic=ticket:12&topic=queue:3&since=991`: an event stream, or 204 when there is no place for it.

    What the stream has heard is noted before what it missed is read: news may come twice, never not at all.
    """
    topics, start, heard = _topics(), newest(), hub.rung
    since = _since(start)
    stream = Stream(topics, since, heard, _missed(topics, since, start))
    if not hub.enter(current_app._get_current_object(), start, _cap()):
        return Response(status=204)
    return Response(stream, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})


@bp.get("/live/news")
@asks("signed_in")
def news_show() -> Response:
    """The same for a browser without a stream, once: what happened since, and what to ask with next time."""
    topics, start = _topics(), newest()
    return jsonify(since=start, news=sorted({topic for topic, _id in _missed(topics, _since(start), start)}))


def _topics() -> frozenset[str]:
    """The topics asked for; all of them must be this person's to hear, else there is nothing here."""
    asked = frozenset(request.args.getlist("topic"))
    if not 0 < len(asked) <= MOST_TOPICS or not all(map(_may_listen, asked)):
        raise NotFound()
    return asked


def _may_listen(topic: str) -> bool:
    name, _colon, number = topic.partition(":")
    checker = LIVE_TOPICS.get(name)
    return bool(checker and re.fullmatch(r"[0-9]{1,18}", number) and checker(current_user, int(number)))


def _since(start: int) -> int:
    """The newest event that the page shows already."""
    said = request.headers.get("Last-Event-ID") or request.args.get("since", "")
    return int(said) if re.fullmatch(r"[0-9]{1,18}", said) else start


def _missed(topics: frozenset[str], since: int, start: int) -> list[News]:
    """News since what the page shows. After a long absence that is not counted: then there is some on every topic."""
    if start - since > LONGEST_LOOK_BACK:
        return [(topic, start) for topic in sorted(topics)]
    return [news for news in echoes(events_after(since)) if news[0] in topics]


def _cap() -> int:
    """Nine threads in ten may hold a stream; the rest answer everybody else."""
    return current_app.config["JARDAM_THREADS"] * 9 // 10
