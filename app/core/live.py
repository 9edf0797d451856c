"""Live news: a page names its topics and hears that something happened, never what; it then asks for it as usual.

A stream holds no database session but one worker thread, hence the cap; a browser beyond it gets 204 and asks
`/live/news` now and then instead. Both say who looks at the page, for the others who look at it (`presence.py`).
"""

import json
import random
import re
import secrets
import time
from collections.abc import Iterator

from flask import Blueprint, Response, current_app, jsonify, request
from flask_login import current_user

from . import clock, presence
from .access import asks
from .errors import NotFound
from .hub import LONGEST_LOOK_BACK, Hub, Listener, News, echoes, events_after, hub, newest
from .registries import LIVE_SIGHTS, LIVE_TOPICS

__all__ = ["Hub", "Listener", "Stream", "bp", "echoes", "events_after", "hub", "newest"]

bp = Blueprint("live", __name__)

PING_SECONDS = 10.0
LIFE_SECONDS = 1800.0
"""After about this a stream ends and the browser comes back, so that its rights are looked at again."""
MOST_TOPICS = 20


class Stream:
    """One open stream: an iterator of server-sent events that gives its place back when it is closed."""

    def __init__(self, listener: Listener, since: int, first: str = "", kept: presence.Store | None = None) -> None:
        self._listener, self._since, self._store = listener, since, kept
        self._first = f": {random.randrange(10 ** 6)}\n\n{first}"  # noqa: S311 - something to say at once
        # Not all at the same moment, those that began together after a restart.
        self._ends = time.monotonic() + LIFE_SECONDS * random.uniform(0.7, 1)  # noqa: S311
        self._closed = False
        self.token = secrets.token_hex(12)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._first:
            first, self._first = self._first, ""
            return first
        if self._is_over():
            raise StopIteration
        news, stirred = self._listener.wait(PING_SECONDS)
        if self._is_over():
            raise StopIteration
        told = [message(topic, event_id) for topic, event_id in news.items() if event_id > self._since]
        return "".join([*told, *map(stirring, sorted(stirred))]) or ": still here\n\n"

    def _is_over(self) -> bool:
        return hub.stopping or self._listener.is_over or time.monotonic() >= self._ends

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            hub.leave(self._listener)
            if self._store is not None:
                self._store.leave(self.token, clock.now().timestamp())


def message(topic: str, event_id: int) -> str:
    return f"id: {event_id}\nevent: news\ndata: {json.dumps({'topic': topic, 'id': event_id})}\n\n"


def stirring(topic: str) -> str:
    """Who is at the place of this topic has changed."""
    return f"event: presence\ndata: {json.dumps({'topic': topic})}\n\n"


@bp.get("/live")
@asks("signed_in")
def stream_show() -> Response:
    """`?topic=ticket:12&topic=queue:3&since=991&here=5d2`: an event stream, or 204 when there is no place for it.

    It listens before what it missed is read: news may come twice, never not at all.
    """
    topics, start = _topics(), newest()
    listener = Listener(topics, current_user.id, request.environ.get("gunicorn.socket"))
    if not hub.enter(current_app._get_current_object(), start, _cap(), listener):
        return Response(status=204)
    try:
        since = _since(start)
        stream = Stream(listener, since, _first(topics, since, start), presence.store())
        presence.store().come(stream.token, topics, current_user, _stands())
    except BaseException:
        hub.leave(listener)
        raise
    return Response(stream, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _first(topics: frozenset[str], since: int, start: int) -> str:
    """What the page does not show yet."""
    stirred = [topic for topic in topics if _here(topic) not in (None, request.args.get("here"))]
    return "".join([*(message(*news) for news in _missed(topics, since, start)), *map(stirring, stirred)])


@bp.get("/live/news")
@asks("signed_in")
def news_show() -> Response:
    """The same for a browser without a stream, once: what happened since, who is here, and what to ask with next."""
    topics, start = _topics(), newest()
    presence.store().come(f"poll:{current_user.id}", topics, current_user, _stands(), held=False)
    return jsonify(since=start, news=sorted({topic for topic, _id in _missed(topics, _since(start), start)}),
                   here=next(filter(None, map(_here, sorted(topics))), ""))


def _stands() -> float:
    return clock.now().timestamp() + presence.STANDS_SECONDS


def _here(topic: str) -> str | None:
    """What there is to be seen of the others on this topic, in a word; None where nobody is ever shown."""
    side, _colon, number = topic.partition(":")
    if side not in LIVE_SIGHTS:
        return None
    return presence.mark(topic, presence.store().at(int(number), clock.now().timestamp()), current_user.id)


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
