"""Keeping a mail as it came: its bytes on the disk, synced, and a row, before anything is understood of it.

Whoever brings a mail commits, and only then says that it is taken (exit code 0, a flag in the mailbox).
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import IO

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.core import files
from app.core.db import db
from app.core.files import StoredFile
from app.core.markup import clean_line

from .head import MOST_BYTES, Head, head_of, key_of
from .models import InboundMail, Mailbox

log = logging.getLogger(__name__)

MOST_KEPT_BYTES = 150 * 1024 * 1024
"""More than any mail server lets through. Of a larger mail a mailbox gives its beginning, the pipe refuses it."""


@dataclass(frozen=True)
class Kept:
    """A mail that is kept, and whether it was not known before."""

    mail: InboundMail
    is_new: bool


class TooLarge(Exception):
    """More than the desk keeps of one mail."""


def keep(stream: IO[bytes], mailbox: Mailbox | int, now: datetime, said: str = "") -> Kept:
    """Keep one mail that came to a mailbox (or its id), once. The caller commits.

    No transaction should be open: the stream may be slow. Raises OSError when the disk or the stream fails, TooLarge,
    and what the database raises; then nothing stays behind.
    """
    watched = Watched(stream)
    file = files.write(watched, "mail.eml")
    file.content_type = "message/rfc822"
    try:
        kept = _enter(file, head_of(bytes(watched.head)), _id(mailbox), now, said)
    except BaseException:
        files.discard(file)
        raise
    if not kept.is_new:
        files.discard(file)
    return kept


def _id(mailbox: Mailbox | int) -> int:
    """Without a question to the database."""
    return mailbox if isinstance(mailbox, int) else sa.inspect(mailbox).identity[0]


class Watched:
    """A stream of which the beginning is remembered, and no more is read than the desk keeps."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.head = bytearray()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(size)
        self.size += len(chunk)
        if self.size > MOST_KEPT_BYTES:
            raise TooLarge()
        self.head += chunk[: MOST_BYTES - len(self.head)]
        return chunk


def _enter(file: StoredFile, head: Head, mailbox_id: int, now: datetime, said: str) -> Kept:
    """Of several that bring the same mail at once the database lets one through; the others find its row."""
    key = key_of(head.message_id, file.sha256)
    known = _known(mailbox_id, key)
    if known is not None:
        return Kept(known, is_new=False)
    try:
        with db.session.begin_nested():
            mail = _row(file, head, mailbox_id=mailbox_id, key=key, came_at=now, retry_at=now, said=said)
            db.session.add(mail)
    except IntegrityError:
        known = _known(mailbox_id, key)
        if known is None:
            raise
        return Kept(known, is_new=False)
    return Kept(mail, is_new=True)


def _row(file: StoredFile, head: Head, **about: object) -> InboundMail:
    written = clean_line(head.message_id.decode(errors="replace")).strip("<> ")
    return InboundMail(file=file, size_bytes=file.size_bytes, state="waiting", message_id=written[:500],
                       **_at_first_sight(head), **about)


def _at_first_sight(head: Head) -> dict[str, str]:
    """What can be told at once, so that the log shows something before the mail is understood."""
    try:
        name, address = head.sender
        return {"sender": address, "sender_name": name, "subject": head.subject}
    except Exception:
        # A courtesy must never keep a mail, and all that come behind it, from being kept.
        log.exception("the head of a mail could not be read")
        return {}


def _known(mailbox_id: int, key: str) -> InboundMail | None:
    return db.session.scalar(sa.select(InboundMail).where(InboundMail.mailbox_id == mailbox_id, InboundMail.key == key))


def known_keys(mailbox_id: int, keys: list[str]) -> set[str]:
    """Which of these mails are kept already."""
    asked = sa.select(InboundMail.key).where(InboundMail.mailbox_id == mailbox_id, InboundMail.key.in_(keys))
    return set(db.session.scalars(asked))
