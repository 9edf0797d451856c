"""Mail that is gathered: what the desk did by itself waits for a moment of the person's hours, and goes as one mail.

A bundle is a row of the outbox; the notifications it holds name it. While it gathers it has a key of its person, so
that there is one however many processes gather; when it is written the key is given up, which fixes what it holds:
what comes later opens the next one, and a mail that has to be repeated is the same mail.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.core import clock
from app.core.db import claim, db, is_sqlite
from app.core.outbox import OutboxRow

from . import hours
from .models import Notification

KIND = "bundle"
RETURNS = ("absence.changed", "absence.cancelled", "absence.ended")
GATHERING = timedelta(seconds=60)
GRACE = timedelta(minutes=5)
"""A bundle that comes this much after the last open moment is still in time: the desk takes a while to write."""


def moment(user_id: int, now: datetime) -> datetime:
    """When what is gathered now is to be told: a whole minute, at least `GATHERING` into the person's hours."""
    return hours.up_to_minute(hours.opening(user_id, now) + GATHERING)


def gather(user_id: int, at: datetime) -> int:
    """The id of the bundle in which the person is told of more, at the latest at a moment. It stays open, and locked,
    until the transaction ends. Who gathers for several people does it in the order of their ids."""
    waiting = sa.select(OutboxRow.id, OutboxRow.available_at).where(
        OutboxRow.key == key(user_id), OutboxRow.state == "waiting").with_for_update()
    while (held := db.session.execute(waiting).first()) is None:
        _give_up_key(OutboxRow.key == key(user_id), OutboxRow.state != "waiting")
        _open(user_id, at)
    if held.available_at > at:
        _hasten(user_id, at)
    return held.id


def _open(user_id: int, at: datetime) -> None:
    """A new bundle, unless one is open; who meets another process opening one waits for it."""
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    row = {"kind": KIND, "key": key(user_id), "lane": f"mail:person:{user_id}", "payload": {"user_id": user_id},
           "available_at": at, "created_at": clock.now()}
    db.session.execute(insert(OutboxRow).values(row).on_conflict_do_nothing(index_elements=["key"]))


def _hasten(user_id: int, at: datetime) -> bool:
    """Bring the open bundle forward; one that was tried already waits for its next try."""
    return claim(OutboxRow, OutboxRow.key == key(user_id), OutboxRow.state == "waiting", OutboxRow.attempts == 0,
                 OutboxRow.available_at > at, available_at=at)


def look_again(event: Any, absence: Any) -> None:
    """Reaction to `RETURNS`: what waits for the end of an absence may be due by now, or has to wait longer."""
    _hasten(absence.user_id, hours.up_to_minute(event.recorded_at))


def key(user_id: int) -> str:
    return f"bundle:{user_id}"


def close(row: OutboxRow, now: datetime) -> None:
    """Fix what the bundle holds, and commit. Outside the person's hours it holds nothing: all goes on to the next."""
    user_id = row.payload["user_id"]
    if row.key is None or not _give_up_key(OutboxRow.id == row.id, OutboxRow.key == row.key):
        return
    opening = hours.opening(user_id, now - GRACE)
    if opening > now:
        later = gather(user_id, moment(user_id, opening))
        db.session.execute(sa.update(Notification).where(Notification.bundle_id == row.id).values(bundle_id=later))
    db.session.commit()


def _give_up_key(*which: Any) -> bool:
    return claim(OutboxRow, *which, key=None)


def held_by(row: OutboxRow) -> sa.Select:
    """The notifications of a bundle, in the order in which things happened."""
    return sa.select(Notification).where(Notification.bundle_id == row.id).order_by(Notification.event_id)
