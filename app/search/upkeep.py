"""The index follows the database: the leader takes in what changed and has it built anew when it cannot be trusted.

What changed stands in `index_changes`, written with the change itself. First the index takes it in, then the rows go:
a process killed in between does the same again. While the index is being built anew its builder may have read a
document before it changed; so rows that were taken in meanwhile are kept, and taken in again after the switch.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.db import db, reading

from . import engine, locks, rebuild, registry
from .backend import Unusable
from .models import IndexChange

log = logging.getLogger(__name__)

BATCH = 200
PATIENCE = 3
"""So many looks in a row must find the index wrong before it is built anew; one may come between two commits."""
STUBBORN = 60
"""So often in a row may taking in fail while the index can be read (a full disk, another writer)."""


BEHIND = timedelta(seconds=60)


class Upkeep:
    """What the leader remembers between two turns; nothing that a new leader would miss."""

    def __init__(self) -> None:
        self.taken: set[int] = set()
        """Changes that the index has taken in while it is being built anew."""
        self.failures = 0
        self.wrong_looks = 0
        self._said: dict[str, str] = {}

    def take_in(self, now: datetime) -> int:
        """Bring what changed into the index, a batch; returns how much. Commits."""
        with locks.alone(locks.WRITING) as is_ours:
            if not is_ours:
                return 0
            try:
                done = self._take_in()
            except Unusable as error:
                db.session.rollback()
                self.failures += 1
                self._say("taking in", f"the index cannot take in what changed: {error}")
                return 0
        self.failures = 0
        self._say("taking in", "")
        return done

    def _take_in(self) -> int:
        """The lock is asked for after the rows were read: a builder that begins later sees what they speak of."""
        with reading():
            changes = _pending(self.taken, BATCH)
            is_rebuilding = bool(changes or self.taken) and locks.is_held(locks.REBUILDING)
            if self.taken and not is_rebuilding:
                self.taken.clear()
                changes = _pending(self.taken, BATCH)
            documents, gone = _documents({change.document_id for change in changes})
            db.session.rollback()
        if changes:
            engine.backend().apply(documents, gone)
            rebuild.sealed()
            self._settle([change.id for change in changes], is_rebuilding)
        return len(changes)

    def _settle(self, ids: list[int], is_rebuilding: bool) -> None:
        if is_rebuilding:
            self.taken.update(ids)
        else:
            db.session.execute(sa.delete(IndexChange).where(IndexChange.id.in_(ids)))
        db.session.commit()

    def look_after(self, now: datetime) -> None:
        """Have the index built anew when it is of no use. Commits."""
        with reading():
            wrong, is_certain = look(self.failures >= STUBBORN)
            db.session.rollback()
        self.wrong_looks = self.wrong_looks + 1 if wrong else 0
        if not wrong:
            self._say("whole", "")
        elif is_certain or self.wrong_looks >= PATIENCE:
            self._say("whole", f"the index is to be built anew: {wrong}")
            self._build()

    def _build(self) -> None:
        try:
            if rebuild.begin():
                self.wrong_looks = self.failures = 0
            self._say("building", "")
        except (rebuild.Busy, Unusable, OSError) as error:
            db.session.rollback()
            self._say("building", f"the index cannot be built: {error}")

    def _say(self, about: str, text: str) -> None:
        """Once for each state, not once a second."""
        if text != self._said.get(about, ""):
            log.warning(text) if text else log.info("the index is well again (%s)", about)
        self._said[about] = text


def _pending(taken: set[int], limit: int) -> list[Any]:
    """The oldest changes that are not among those taken already."""
    rows = db.session.execute(sa.select(IndexChange.id, IndexChange.document_id).order_by(IndexChange.id)
                              .limit(limit + len(taken)))
    return [row for row in rows if row.id not in taken][:limit]


def _documents(ids: Iterable[int]) -> tuple[list[Any], list[int]]:
    """What readers find of these documents now, and those of which they find nothing any more."""
    ids = sorted(ids)
    documents = registry.library.documents(ids) if ids else []
    there = {document.id for document in documents}
    return documents, [number for number in ids if number not in there]


def look(takes_nothing: bool = False) -> tuple[str, bool]:
    """What is wrong with the index ('' if nothing), and whether one look is enough to be sure."""
    try:
        wrong = rebuild.damage() or ("it takes nothing in" if takes_nothing else "")
        held, ought = engine.backend().count(), registry.library.count()
    except Unusable as error:
        return str(error), True
    if not wrong and held != ought and not _pending(set(), 1):
        return f"it holds {held} documents of {ought}", not held
    return wrong, True


def state() -> tuple[int | None, datetime | None]:
    """For pages that say whether the desk is well: how many documents the index holds (None: it is of no use), and
    since when a change waits for it."""
    oldest = db.session.scalar(sa.select(IndexChange.changed_at).order_by(IndexChange.id).limit(1))
    try:
        return engine.backend().count(), oldest
    except Unusable:
        return None, oldest


def finding() -> tuple[bool, str]:
    """For /healthz. A desk whose index is ill is well: the database answers, and the leader builds it anew."""
    held, waits_since = state()
    if held is None:
        return True, "no index: the database answers"
    is_behind = waits_since is not None and clock.now() - waits_since > BEHIND
    return True, f"behind since {waits_since:%Y-%m-%d %H:%M:%S}Z" if is_behind else "current"


_upkeep = Upkeep()


def take_in(now: datetime) -> int:
    """The job that keeps the index up to date; each turn goes on while there is more, so that a crowd is soon in."""
    done = 0
    while (some := _upkeep.take_in(now)) and done < BATCH * 10:
        done += some
    return done


def look_after(now: datetime) -> None:
    """The job that has a broken index built anew."""
    _upkeep.look_after(now)
