"""Trying drafts, one after another, each in a process of its own: pages and timers go on as if nothing were.

The process says every second that it lives and how far it is. Who does not hear of it for half a minute calls it lost;
when its draft is stopped or thrown away, or the desk goes, it ends by itself.
"""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import OperationalError

from app.calendars.working_hours import InvalidCalendar
from app.core import clock
from app.core.db import claim, db, reading

from . import trial
from .drafts import Gone
from .models import Backtest, Flip

log = logging.getLogger(__name__)

LOST_AFTER = timedelta(seconds=30)
BEAT_SECONDS = 1
NICE = 10

_children: list[subprocess.Popen] = []

Begin = Callable[[int, str], None]


class Stopped(Exception):
    """Somebody else has decided what becomes of the draft; there is nothing left to do."""


class Leaving(Exception):
    """This process must go before its work is done."""


def start_waiting(now: datetime, begin: Begin | None = None) -> None:
    """Begin with the draft that has waited longest, if nothing is being tried; commits."""
    _children[:] = [child for child in _children if child.poll() is None]
    _give_up_lost(now)
    backtest_id = db.session.scalar(
        sa.select(Backtest.id).where(Backtest.state == "waiting").order_by(Backtest.id).limit(1))
    is_free = not db.session.scalar(sa.select(sa.exists().where(Backtest.state == "running")))
    runner = f"{os.getpid()}-{time.monotonic_ns()}"
    begins = backtest_id is not None and is_free and take(backtest_id, runner, now, ("waiting",))
    db.session.commit()
    if begins:
        (begin or _begin)(backtest_id, runner)


def _give_up_lost(now: datetime) -> None:
    lost = sa.update(Backtest).where(Backtest.state == "running", Backtest.beat_at < now - LOST_AFTER)
    db.session.execute(lost.values(state="failed", problem="lost", ended_at=now))


def take(backtest_id: int, runner: str, now: datetime, states: tuple[str, ...]) -> bool:
    """Make a draft this process's; true for one of many who try."""
    return claim(Backtest, Backtest.id == backtest_id, Backtest.state.in_(states), state="running", runner=runner,
                 beat_at=now, ended_at=None, problem=None, result=None, done=0, total=0)


def _begin(backtest_id: int, runner: str) -> None:
    """`flask backtest run`, as a child that leaves the processor to whoever answers people."""
    config = current_app.config
    environ = {**os.environ, "JARDAM_INSTANCE": str(config["INSTANCE"])}
    if config["DATABASE_URL"]:
        environ["DATABASE_URL"] = config["DATABASE_URL"]
    program = str(Path(current_app.root_path).parent / "wsgi.py")
    command = [sys.executable, "-m", "flask", "--app", program, "backtest", "run", str(backtest_id), "--as", runner]
    _children.append(subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL))  # noqa: S603


def be_nice() -> None:
    os.nice(NICE)


def run(backtest_id: int, runner: str, is_wanted: Callable[[], bool] = lambda: True) -> str:
    """Try the draft that this process has taken; commits. Returns the state in which it leaves it."""
    heart = Heart(backtest_id, runner, is_wanted)
    try:
        draft = _draft(backtest_id)
        result = trial.of(draft, clock.now(), heart.beat)
        return heart.end("done", result=result, done=heart.done)
    except Stopped:
        return "cancelled"
    except (Leaving, KeyboardInterrupt):
        return heart.end("waiting")
    except (Gone, InvalidCalendar):
        return heart.end("failed", problem="gone")
    except Exception:
        log.exception("backtest %s failed", backtest_id)
        return heart.end("failed", problem="broken")


def _draft(backtest_id: int) -> trial.Draft:
    """What to try; what an earlier try has left is forgotten."""
    db.session.execute(sa.delete(Flip).where(Flip.backtest_id == backtest_id))
    db.session.commit()
    with reading():
        found = db.session.get(Backtest, backtest_id)
        if found is None:
            raise Stopped
        draft = trial.Draft(found.kind, found.subject_id, found.content, found.from_at, found.to_at)
        db.session.rollback()
    return draft


class Heart:
    """Writes down how far the work is, at most once a second, and hears whether it is still wanted."""

    def __init__(self, backtest_id: int, runner: str, is_wanted: Callable[[], bool]) -> None:
        self.backtest_id, self.runner, self.is_wanted = backtest_id, runner, is_wanted
        self.done = 0
        self._flips: list[dict[str, Any]] = []
        self._last = float("-inf")

    def beat(self, done: int, total: int, flips: list[dict[str, Any]]) -> None:
        """Raises Stopped or Leaving."""
        self.done = done
        self._flips += [{"backtest_id": self.backtest_id, **flip} for flip in flips]
        if not self.is_wanted():
            raise Leaving
        if time.monotonic() - self._last < BEAT_SECONDS:
            return
        try:
            self._write(done=done, total=total, beat_at=clock.now())
        except OperationalError:
            db.session.rollback()  # a busy database; what is to be written waits for the next beat
        self._last = time.monotonic()

    def end(self, state: str, **values: Any) -> str:
        """Leave the draft in a state, unless it is no longer this process's."""
        db.session.rollback()
        if state != "done":
            self._flips = []
        try:
            self._write(state=state, runner=None, ended_at=clock.now(), **values)
        except Stopped:
            return "cancelled"
        return state

    def _write(self, **values: Any) -> None:
        mine = (Backtest.id == self.backtest_id, Backtest.runner == self.runner, Backtest.state == "running")
        if not claim(Backtest, *mine, **values):
            db.session.rollback()
            raise Stopped
        if self._flips:
            db.session.execute(sa.insert(Flip.__table__), self._flips)
        db.session.commit()
        self._flips = []
