"""Taking in what was kept: understood in a process of its own, then put where it belongs in one transaction.

A mail that is understood slowly, or takes its process along, holds up nobody: what was tried already goes last, and
after three tries it is filed as it came. However many processes work, each mail is taken in once: the conditional
UPDATE of its row stands in the same transaction as what becomes of it.
"""

import logging
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask_babel import force_locale
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import joinedload

from app.core import files
from app.core.db import claim, db, reading
from app.core.files import StoredFile
from app.core.i18n import desk
from app.core.markup import clean_line, storable
from app.core.registries import RECEIVERS

from .head import head_of
from .mail import Address, Mail, Part
from .models import InboundMail, Mailbox
from .own import own_addresses
from .reading import Ours
from .reasons import ERROR, Outcome, known_loss
from .references import signature
from .understanding import NotUnderstood, Understander

log = logging.getLogger(__name__)

BATCH = 50
MOST_TRIES = 3
HELD = timedelta(minutes=1)
"""For so long a mail belongs to the process that tries it: longer than understanding and writing may take. One that
takes longer still loses the mail to another, and what it did with it."""
SOON = timedelta(seconds=5)
LATEST = timedelta(hours=1)
TURN_SECONDS = 60
"""After so long the job ends, so that a change of the settings, or of the leader, is heard of."""


@dataclass
class _Try:
    """One mail in the hands of this process."""

    row: InboundMail
    mail: Mail
    unreadable: str = ""
    files: list[tuple[Part, StoredFile]] = field(default_factory=list)


def take_in(now: datetime) -> int:
    """Take in what waits, oldest first, until there is nothing more to do; returns how many were settled."""
    began, settled = time.monotonic(), 0
    if not _due(now, 1):
        return 0
    with _understander() as understander:
        while time.monotonic() - began < TURN_SECONDS:
            moment = now + timedelta(seconds=time.monotonic() - began)
            waiting = _due(moment, BATCH)
            if not waiting:
                break
            for mail_id in waiting:
                settled += take_in_one(mail_id, now + timedelta(seconds=time.monotonic() - began), understander)
    return settled


def take_in_one(mail_id: int, now: datetime, understander: Understander | None = None) -> bool:
    """Take in one mail, if it waits and nobody else has it; whether it is settled now. Commits."""
    if understander is None:
        with _understander() as own:
            return take_in_one(mail_id, now, own)
    row = _taken(mail_id, now)
    if row is None:
        return False
    try:
        with tempfile.TemporaryDirectory(prefix="jardam-mail-") as scratch:
            return _settled(_understood(row, understander, Path(scratch)), now)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong with a mail is written into its row
        _put_back(row, error, now)
        return False


@contextmanager
def _understander() -> Iterator[Understander]:
    understander = Understander()
    try:
        yield understander
    finally:
        understander.close()


def _due(now: datetime, limit: int) -> list[int]:
    """What was not tried yet comes first, in the order in which it came."""
    statement = (sa.select(InboundMail.id).where(InboundMail.state == "waiting", InboundMail.retry_at <= now)
                 .order_by(InboundMail.attempts, InboundMail.id).limit(limit))
    with reading():
        found = list(db.session.scalars(statement))
        db.session.rollback()
    return found


def _taken(mail_id: int, now: datetime) -> InboundMail | None:
    """The row, if it is ours to try, in no session: nothing may be open while a mail is understood. The try is counted
    and committed before it begins, so that one that ends the process counts too."""
    mine = claim(InboundMail, InboundMail.id == mail_id, InboundMail.state == "waiting", InboundMail.retry_at <= now,
                 retry_at=now + HELD, attempts=InboundMail.attempts + 1)
    db.session.commit()
    if not mine:
        return None
    asked = [joinedload(InboundMail.file), joinedload(InboundMail.mailbox)]
    with reading():
        row = db.session.get(InboundMail, mail_id, populate_existing=True, options=asked)
        db.session.expunge_all()
        db.session.rollback()
    return row


def _understood(row: InboundMail, understander: Understander, scratch: Path) -> _Try:
    """What the mail says, its parts stored. What cannot be understood, or failed too often, is its head alone."""
    if row.attempts > MOST_TRIES:
        return _Try(row, _of_head(row), row.said or "it failed in every try")
    with reading():
        ours = Ours(own_addresses(), row.mailbox.trusted_hop, signature("loop"))
        db.session.rollback()
    try:
        mail = understander.understand(row.file.path, scratch, ours)
    except NotUnderstood as error:
        return _Try(row, _of_head(row), storable(str(error))[:500] or "not understood")
    return _Try(row, mail, files=_stored(mail.parts))


def _of_head(row: InboundMail) -> Mail:
    """The little that can be told of any bytes."""
    with open(row.file.path, "rb") as raw:
        head = head_of(raw.read(64 * 1024))
    name, address = head.sender
    return Mail(message_id=row.message_id, sender=Address(address, name) if address else None, subject=head.subject)


def _stored(parts: list[Part]) -> list[tuple[Part, StoredFile]]:
    """The parts as files on the disk, in no session yet; all or none."""
    stored: list[tuple[Part, StoredFile]] = []
    try:
        for part in parts:
            with open(part.path, "rb") as content:
                stored.append((part, files.write(content, part.name)))
    except BaseException:
        _discard(stored)
        raise
    return stored


def _discard(stored: list[tuple[Part, StoredFile]]) -> None:
    for _part, file in stored:
        files.discard(file)


def _settled(tried: _Try, now: datetime) -> bool:
    """Settle the row and do what follows from it, in one transaction; false if another process has settled it."""
    try:
        done = _settle(tried, now)
        db.session.commit()
    except BaseException:
        db.session.rollback()
        _discard(tried.files)
        raise
    if not done:
        _discard(tried.files)
    else:
        _discard_unkept(tried.files)
    return done


def _settle(tried: _Try, now: datetime) -> bool:
    about = {"message_id": tried.mail.message_id[:500], "subject": clean_line(tried.mail.subject)[:300],
             "sender": tried.mail.sender.email[:254] if tried.mail.sender else "",
             "sender_name": tried.mail.sender.name[:200] if tried.mail.sender else ""}
    mine = (InboundMail.id == tried.row.id, InboundMail.state == "waiting", InboundMail.attempts == tried.row.attempts)
    if not claim(InboundMail, *mine, state="taken", settled_at=now, **about):
        return False
    row = db.session.get_one(InboundMail, tried.row.id, populate_existing=True,
                             options=[joinedload(InboundMail.mailbox).joinedload(Mailbox.team)])
    with force_locale(desk.language):
        outcome: Outcome = RECEIVERS["email"](row, tried.mail, tried.files, now, tried.unreadable)
    row.state, row.reason, row.ticket_id = outcome.state, outcome.reason, outcome.ticket_id
    row.said = storable(outcome.said or known_loss(row.said))
    return True


def _discard_unkept(stored: list[tuple[Part, StoredFile]]) -> None:
    """What the mail brought and no message needs; the mail as it came still holds it."""
    _discard([(part, file) for part, file in stored if sa.inspect(file).transient])


def _put_back(row: InboundMail, error: Exception, now: datetime) -> None:
    """Try again later. A busy database is not the mail's fault, so such a try does not count; a statement that it
    cannot do at all, made of this mail, does."""
    db.session.rollback()
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    is_busy = isinstance(error, OperationalError) and code not in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_TOOBIG)
    log.warning("mail %s was not taken in: %s", row.id, error, exc_info=not is_busy and not isinstance(error, OSError))
    wait = SOON if is_busy else min(SOON * 2 ** min(row.attempts, 12), LATEST)
    claim(InboundMail, InboundMail.id == row.id, InboundMail.state == "waiting", InboundMail.attempts == row.attempts,
          attempts=row.attempts - 1 if is_busy else row.attempts, retry_at=now + wait,
          said=storable(f"{known_loss(row.said)}\n{ERROR}{type(error).__name__}: {error}")[:2000])
    db.session.commit()
