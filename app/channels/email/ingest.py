"""Mail that is handed over, in a stream or in files: kept, committed, and then taken in at once if that can be."""

import io
import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from app.core import clock
from app.core.db import db

from . import mailboxes
from .fetching.folder_round import is_maildir
from .head import MOST_BYTES, head_of
from .keep import Kept, TooLarge, keep
from .models import Mailbox

log = logging.getLogger(__name__)

USAGE, DATA, NO_INPUT, TRY_AGAIN = 64, 65, 66, 75
"""Exit codes as mail servers understand them (sysexits.h)."""
TakeIn = Callable[[int], None]


class Wrong(Exception):
    """What was handed over cannot be taken, now or later; `code` is what is said to the mail server."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


class Opened:
    """A stream of which the beginning was looked at already."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.head, self._stream = _beginning(stream), stream
        self._ahead = io.BytesIO(self.head)

    def read(self, size: int = -1) -> bytes:
        return self._ahead.read(size) or self._stream.read(size)


def _beginning(stream: IO[bytes]) -> bytes:
    """A pipe gives what it has; so it is read until there is enough."""
    read = bytearray()
    while len(read) < MOST_BYTES and (chunk := stream.read(MOST_BYTES - len(read))):
        read += chunk
    return bytes(read)


def one(stream: IO[bytes], address: str | None, take_in: TakeIn) -> bool:
    """Keep one mail, for good when this returns; whether it is new. Raises Wrong, OSError, or what the database does.

    What goes wrong afterwards, while it is taken in, changes nothing: the desk tries that again by itself.
    """
    opened = Opened(stream)
    if not opened.head:
        raise Wrong(DATA, "Nothing came in.")
    mailbox_id = _mailbox(address, opened.head).id
    db.session.commit()
    kept = _kept(opened, mailbox_id)
    mail_id, is_new = kept.mail.id, kept.is_new
    db.session.commit()
    if is_new:
        take_in(mail_id)
    return is_new


def _mailbox(address: str | None, head: bytes) -> Mailbox:
    if address is None:
        return mailboxes.for_recipients(head_of(head).recipients())
    found = mailboxes.by_address(address)
    if found is None:
        raise Wrong(USAGE, f"No mailbox has the address {address}.")
    return found


def _kept(opened: Opened, mailbox_id: int) -> Kept:
    try:
        return keep(opened, mailbox_id, clock.now())
    except TooLarge as error:
        raise Wrong(DATA, "This mail is larger than the desk keeps.") from error


@contextmanager
def taking_in() -> Iterator[TakeIn]:
    """Takes in what was kept, all with one process that understands it. Whatever goes wrong is the log's: the mail is
    kept, and the desk tries again by itself."""
    from . import intake
    from .understanding import Understander

    def take_in(mail_id: int) -> None:
        try:
            intake.take_in_one(mail_id, clock.now(), understander)
        except Exception:
            db.session.rollback()
            log.exception("mail %d is kept, and will be taken in later", mail_id)

    with closing(Understander()) as understander:
        yield take_in


def file(path: Path, address: str | None, take_in: TakeIn) -> bool:
    """Keep the mail in a file; it stays where it is."""
    try:
        with open(path, "rb") as stream:
            return one(stream, address, take_in)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Wrong(NO_INPUT, "There is no such file.") from error


def files_in(paths: tuple[Path, ...]) -> list[Path]:
    """The files named, and those in the folders named, in order of their names. Raises Wrong for what is not there."""
    for path in paths:
        if not path.exists():
            raise Wrong(NO_INPUT, f"{path}: there is no such file.")
    return [found for path in paths for found in (sorted(_in_folder(path)) if path.is_dir() else [path])]


def _in_folder(folder: Path) -> Iterator[Path]:
    folders = [folder / "new", folder / "cur"] if is_maildir(folder) else [folder]
    for one_of in folders:
        yield from (path for path in one_of.rglob("*") if path.is_file() and not path.name.startswith("."))
