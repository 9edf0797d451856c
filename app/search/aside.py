"""Small writes beside the request that caused them: they neither fail nor delay it, and some may be lost.

A request that only reads cannot write (core/db.py), and a search must not wait for the write lock. So a piece of work
is put into a queue of this process; a thread takes what has gathered, a few times a second, and writes it in one short
transaction of its own. At the end of the process the rest is written.

What may be lost: what waits (at most a second's worth) when the process is killed or the machine stops; what comes
while LIMIT pieces wait already; a batch for which the database was locked for longer than its busy timeout, or had no
room. Losses are counted in `lost` and named in the log, never in an answer.
"""

import atexit
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Flask, current_app
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from app.core.db import db
from app.core.steady import ticks

log = logging.getLogger(__name__)

LIMIT = 2000
GATHER_SECONDS = 0.5
RETRIES = (1, 2, 4)
"""Seconds after which a piece is tried again whose row another process may not have written yet."""


class Work(Protocol):
    """A piece of work: it may be done several times with the same result."""

    def write(self) -> bool:
        """Write in the present transaction; false asks for another try a little later."""


@dataclass(frozen=True)
class Piece:
    """A piece of work that waits: not before this tick, tried so often."""

    work: Work
    due: float = 0.0
    tries: int = 0

    def again(self) -> "Piece":
        return Piece(self.work, ticks() + RETRIES[self.tries], self.tries + 1)


class Aside:
    """The queue of a process, and the thread that empties it."""

    def __init__(self) -> None:
        self.lost = 0
        self._waiting: deque[Piece] = deque()
        self._thread: threading.Thread | None = None
        self._starting, self._writing, self._called = threading.Lock(), threading.Lock(), threading.Event()

    def put(self, work: Work) -> None:
        """Have it written soon. Under test nothing runs by itself: `flush` does it."""
        if len(self._waiting) >= LIMIT:
            self._lose(1, "too much is waiting")
            return
        self._waiting.append(Piece(work))
        if not current_app.testing:
            self._wake(current_app._get_current_object())

    def flush(self) -> None:
        """Write all that waits, now, in a transaction of its own."""
        with current_app.app_context():
            self._write(lambda piece: True)

    def forget(self) -> None:
        """Drop what waits."""
        self._waiting.clear()

    def _wake(self, app: Flask) -> None:
        """A process that was forked has no thread yet, whatever its parent had."""
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, args=(app,), name="aside", daemon=True)
                self._thread.start()
                atexit.register(self._end, app)
        self._called.set()

    def _run(self, app: Flask) -> None:
        while True:
            self._called.wait(GATHER_SECONDS if self._waiting else None)
            self._called.clear()
            time.sleep(GATHER_SECONDS)
            with app.app_context():
                self._write(lambda piece: piece.due <= ticks())

    def _end(self, app: Flask) -> None:
        with app.app_context():
            self._write(lambda piece: True)

    def _write(self, is_due: Callable[[Piece], bool]) -> None:
        """One batch. Whatever the database does to it, the next batch has its turn."""
        with self._writing:
            due = self._taken(is_due)
            try:
                unsettled = [piece for piece in due if not self._settled(piece)]
                db.session.commit()
            except DBAPIError as error:
                db.session.rollback()
                self._lose(len(due), error.orig)
            except Exception:
                db.session.rollback()
                log.exception("what was put aside could not be written")
                self._lose(len(due), "see above")
            else:
                self._waiting.extend(piece.again() for piece in unsettled if piece.tries < len(RETRIES))

    def _taken(self, is_due: Callable[[Piece], bool]) -> list[Piece]:
        """What is due now, in order; the rest stays."""
        taken = [self._waiting.popleft() for _ in range(len(self._waiting))]
        self._waiting.extend(piece for piece in taken if not is_due(piece))
        return [piece for piece in taken if is_due(piece)]

    def _settled(self, piece: Piece) -> bool:
        """Written, or refused by the database for itself alone: its person is gone, for instance."""
        try:
            with db.session.begin_nested():
                return piece.work.write()
        except (IntegrityError, DataError) as error:
            self._lose(1, error.orig)
            return True

    def _lose(self, count: int, why: Any) -> None:
        self.lost += count
        log.warning("not written, %d in all since the start: %s", self.lost, why)


aside = Aside()
