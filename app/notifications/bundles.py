"""Mail that is gathered: what need not be told at once, or may not, waits for its moment and goes as one mail.

A bundle is a row of the outbox; the notifications it holds name it. While it gathers it has a key of its person, so
that there is one however many processes gather; when it is written the key is given up, which fixes what it holds:
what comes later opens the next one, and a mail that has to be repeated is the same mail. There are three, since they
wait for different moments: `PROMPT` for the person's working hours, `SOON` for a minute, or for the end of focus time
and quiet hours, `DIGEST` for the times that the person chose.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts import absences
from app.accounts.models import User
from app.core import clock
from app.core.db import claim, db, is_sqlite
from app.core.outbox import OutboxRow

from . import hours, rhythm, topics
from .models import Notification, Rhythm

KIND = "bundle"
PROMPT, SOON, DIGEST = "bundle", "soon", "digest"
RETURNS = ("absence.changed", "absence.cancelled", "absence.ended")
GATHERING = timedelta(seconds=60)
GRACE = timedelta(minutes=5)
"""A bundle that comes this much after the last open moment is still in time: the desk takes a while to write."""


def moment(user_id: int, now: datetime) -> datetime:
    """When what is gathered now is to be told: a whole minute, at least `GATHERING` into the person's hours."""
    return hours.up_to_minute(hours.opening(user_id, now) + GATHERING)


def in_a_minute(now: datetime) -> datetime:
    """When what follows something told just now is told, whatever the hour."""
    return hours.up_to_minute(now + GATHERING)


def gather(user_id: int, at: datetime, name: str = PROMPT) -> int:
    """The id of the bundle in which the person is told of more, at the latest at a moment. It stays open, and locked,
    until the transaction ends. Who gathers for several people does it in the order of their ids."""
    waiting = sa.select(OutboxRow.id, OutboxRow.available_at).where(
        OutboxRow.key == key(user_id, name), OutboxRow.state == "waiting").with_for_update()
    while (held := db.session.execute(waiting).first()) is None:
        _give_up_key(OutboxRow.key == key(user_id, name), OutboxRow.state != "waiting")
        _open(user_id, at, name)
    if held.available_at > at:
        _set_off(user_id, name, at, OutboxRow.available_at > at)
    return held.id


def _open(user_id: int, at: datetime, name: str) -> None:
    """A new bundle, unless one is open; who meets another process opening one waits for it."""
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    row = {"kind": KIND, "key": key(user_id, name), "lane": _lane(user_id, name),
           "payload": {"user_id": user_id, "name": name}, "available_at": at, "created_at": clock.now()}
    db.session.execute(insert(OutboxRow).values(row).on_conflict_do_nothing(index_elements=["key"]))


def _lane(user_id: int, name: str) -> str:
    """Each has its own: in a lane the first waits for its moment, and all behind it wait too."""
    return f"mail:{'person' if name == PROMPT else name}:{user_id}"


def _set_off(user_id: int, name: str, at: datetime, *which: Any) -> bool:
    """Another moment for the open bundle; one that was tried already waits for its next try."""
    return claim(OutboxRow, OutboxRow.key == key(user_id, name), OutboxRow.state == "waiting",
                 OutboxRow.attempts == 0, *which, available_at=at)


def look_again(event: Any, absence: Any) -> None:
    """Reaction to `RETURNS`: what waits for the end of an absence may be due by now, or has to wait longer."""
    at = hours.up_to_minute(event.recorded_at)
    _set_off(absence.user_id, PROMPT, at, OutboxRow.available_at > at)
    _set_off(absence.user_id, DIGEST, rhythm.next_digest(absence.user, rhythm.rhythm_of(absence.user), at))


def reckon_anew(person: User, now: datetime) -> None:
    """The person has begun or ended focus time, or has chosen other hours: what waits for them has another moment. What
    waits for the hours of work never a later one: some of it may be urgent."""
    own = rhythm.rhythm_of(person)
    calm = rhythm.calm(person, own, now)
    in_hours = moment(person.id, calm)
    _set_off(person.id, PROMPT, in_hours, OutboxRow.available_at > in_hours)
    _set_off(person.id, SOON, calm)
    _set_off(person.id, DIGEST, rhythm.next_digest(person, own, now))


def key(user_id: int, name: str = PROMPT) -> str:
    return f"{name}:{user_id}"


def close(row: OutboxRow, now: datetime) -> None:
    """Fix what the bundle holds, and commit. What may not be told yet goes on to the next."""
    if row.key is None or not _give_up_key(OutboxRow.id == row.id, OutboxRow.key == row.key):
        return
    person = db.session.get_one(User, row.payload["user_id"])
    own = rhythm.rhythm_of(person)
    CLOSING[row.payload.get("name", PROMPT)](row, person, own, now)
    db.session.commit()


def _close_prompt(row: OutboxRow, person: User, own: Rhythm, now: datetime) -> None:
    """Outside the hours of work it holds nothing; in focus time and in quiet hours the urgent only."""
    opening, calm = hours.opening(person.id, now - GRACE), rhythm.calm(person, own, now - GRACE)
    if opening > now:
        _move(row, gather(person.id, moment(person.id, opening)))
    elif calm > now:
        patient = [one.id for one in db.session.scalars(held_by(row)) if not _is_urgent(one, person, now)]
        if patient:
            _move(row, gather(person.id, calm, SOON), Notification.id.in_(patient))


def _is_urgent(one: Notification, person: User, now: datetime) -> bool:
    return topics.is_urgent(one.event, topics.topic_of(one.event, person, one.ticket), now)


def _close_soon(row: OutboxRow, person: User, own: Rhythm, now: datetime) -> None:
    calm = rhythm.calm(person, own, now)
    if calm > now:
        _move(row, gather(person.id, calm, SOON))


def _close_digest(row: OutboxRow, person: User, own: Rhythm, now: datetime) -> None:
    calm = rhythm.calm(person, own, now)
    later = rhythm.next_digest(person, own, now) if absences.is_absent(person.id, now) else calm
    if later > now:
        _move(row, gather(person.id, later, DIGEST))


CLOSING = {PROMPT: _close_prompt, SOON: _close_soon, DIGEST: _close_digest}


def _move(row: OutboxRow, bundle_id: int, *which: Any) -> None:
    db.session.execute(sa.update(Notification).where(Notification.bundle_id == row.id, *which)
                       .values(bundle_id=bundle_id), execution_options={"synchronize_session": False})


def _give_up_key(*which: Any) -> bool:
    return claim(OutboxRow, *which, key=None)


def held_by(row: OutboxRow) -> sa.Select:
    """The notifications of a bundle, in the order in which things happened."""
    return sa.select(Notification).where(Notification.bundle_id == row.id).order_by(Notification.event_id)
