"""Talking to an IMAP server: the connection, which mails there are, and their bytes in pieces. Knows no database.

Commands go through imaplib where imap-tools would do more than it is asked to: it reads whole mails into memory,
parses them, and expunges after each flag what other programs have marked as deleted.
"""

import imaplib
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from imap_tools import AND, BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import MailboxFolderSelectError, MailboxLoginError
from imap_tools.utils import encode_folder

from app.channels.email.head import head_of
from app.channels.email.keep import MOST_KEPT_BYTES

from . import hosts, oauth
from .source import Source

CONNECT_SECONDS = 20
READ_SECONDS = 60
IMAPS = 993
PIECE_BYTES = 2 << 20
BEGINNING_BYTES = 1 << 20
GRACE = timedelta(minutes=5)
"""How far a server's clock may differ from ours when only new mail is asked for."""
AT_ONCE = 50


class SignInRefused(Exception):
    """The server did not accept the user name with this password or token."""


class FolderMissing(Exception):
    """There is no such folder; `folders` are those that exist."""

    def __init__(self, name: str, folders: list[str]) -> None:
        super().__init__(name)
        self.name, self.folders = name, folders


class Refused(Exception):
    """The server said no to one command about one mail; others may go."""


class Gone(Exception):
    """The mail is no longer there."""


@dataclass(frozen=True)
class Seen:
    """A mail that lies in the folder, before it is fetched."""

    uid: int
    size: int
    message_id: bytes
    is_marked: bool


@contextmanager
def connected(source: Source, seconds: float = READ_SECONDS) -> Iterator[BaseMailBox]:
    """A connection, secured and signed in; no folder is chosen yet."""
    token = oauth.access_token(source) if source.sign_in != "password" else ""
    hosts.refuse_forbidden(source.host, source.port)
    box = _dial(source, min(seconds, CONNECT_SECONDS))
    try:
        box.client.sock.settimeout(seconds)
        _sign_in(box, source, token)
        _learn(box)
        yield box
        with suppress(OSError, imaplib.IMAP4.error):
            box.client.logout()
    finally:
        with suppress(OSError):
            box.client.shutdown()


def _dial(source: Source, seconds: float) -> BaseMailBox:
    if source.security == "tls":
        return MailBox(source.host, source.port, timeout=seconds, ssl_context=ssl.create_default_context())
    if source.security == "starttls":
        if source.port == IMAPS:
            raise imaplib.IMAP4.error("TLS not supported")
        return MailBoxStartTls(source.host, source.port, timeout=seconds, ssl_context=ssl.create_default_context())
    return MailBoxUnencrypted(source.host, source.port, timeout=seconds)


def _sign_in(box: BaseMailBox, source: Source, token: str) -> None:
    password = source.secrets.get("password", "")
    try:
        if token:
            box.xoauth2(source.user, token, initial_folder=None)
        elif (source.user + password).isascii():
            box.login(source.user, password, initial_folder=None)
        else:
            box.login_utf8(source.user, password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except (MailboxLoginError, imaplib.IMAP4.error) as error:
        raise SignInRefused(said(error)) from error


def _learn(box: BaseMailBox) -> None:
    """What the server can do for somebody who is signed in; before, many say less."""
    _kind, answer = box.client.capability()
    box.client.capabilities = tuple(answer[-1].decode("ascii", "replace").upper().split())


def choose(box: BaseMailBox, name: str, *, readonly: bool = False) -> int:
    """Open a folder; returns its UIDVALIDITY. Raises FolderMissing."""
    try:
        box.folder.set(name, readonly)
    except MailboxFolderSelectError as error:
        names = folders(box)
        raise (Refused(said(error)) if name in names else FolderMissing(name, names)) from error
    return _number(box, "UIDVALIDITY")


def folders(box: BaseMailBox) -> list[str]:
    """The names of the folders that exist and can be opened."""
    return [found.name for found in box.folder.list() if "\\Noselect" not in found.flags]


def _number(box: BaseMailBox, word: str) -> int:
    """A number that the server said when the folder was opened, once; 0 for one it did not say."""
    answer = box.client.response(word)[1]
    return int(answer[0]) if answer and answer[0] else 0


def uids_after(box: BaseMailBox, last_uid: int) -> list[int]:
    """What has come since, lowest first. `n:*` names the last mail even where its number is lower than n."""
    found = _command(box, "SEARCH", "UID", f"{last_uid + 1}:*")
    return sorted(uid for uid in _numbers(found) if uid > last_uid)


def start(box: BaseMailBox, since: datetime | None) -> int:
    """The UID after which a folder is read that was not read before: nothing is left out of what came since then."""
    if since is None:
        return 0
    day = (since - timedelta(days=1)).date()
    recent = _numbers(_command(box, "SEARCH", str(AND(date_gte=day))))
    came = [uid for uid, moment in _arrivals(box, sorted(recent)) if moment >= since - GRACE]
    if came:
        return min(came) - 1
    following = _number(box, "UIDNEXT")
    return following - 1 if following else max(uids_after(box, 0), default=0)


def _arrivals(box: BaseMailBox, uids: list[int]) -> Iterator[tuple[int, datetime]]:
    for chunk in chunks(uids):
        for item in _command(box, "FETCH", _named(chunk), "(UID INTERNALDATE)"):
            moment = imaplib.Internaldate2tuple(item) if isinstance(item, bytes) else None
            if moment and (uid := _uid(item)):
                yield uid, datetime.fromtimestamp(time.mktime(moment), UTC)


def chunks(uids: list[int]) -> Iterator[list[int]]:
    """So many that one command can name them."""
    for begin in range(0, len(uids), AT_ONCE):
        yield uids[begin : begin + AT_ONCE]


def look(box: BaseMailBox, uids: list[int]) -> list[Seen]:
    """Size and Message-ID of mails, so that what is known need not be fetched, and whether they are marked as seen."""
    asked = "(UID FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"
    answer = _command(box, "FETCH", _named(uids), asked)
    found = {one.uid: one for one in _seen(answer)}
    return [found[uid] for uid in uids if uid in found]


def _seen(answer: list[Any]) -> Iterator[Seen]:
    """Servers may put the number after the literal, so each mail's words are read together."""
    for item, trailer in zip(answer, [*answer[1:], b""], strict=True):
        if isinstance(item, tuple):
            yield from _one_seen(item[0] + (trailer if isinstance(trailer, bytes) else b""), item[1])
        elif isinstance(item, bytes) and b"BODY[" in item:
            # A head without this field: some servers say "" or NIL.
            yield from _one_seen(item, b"")


def _one_seen(words: bytes, head: bytes) -> Iterator[Seen]:
    size, flags = re.search(rb"RFC822\.SIZE (\d{1,18})", words), re.search(rb"FLAGS \(([^()]*)\)", words)
    if uid := _uid(words):
        is_marked = flags is not None and b"\\seen" in flags.group(1).lower().split()
        yield Seen(uid, int(size.group(1)) if size else 0, head_of(head).message_id, is_marked)


class Pieces:
    """The bytes of one mail as a stream; of one that is too large for the desk its beginning."""

    def __init__(self, box: BaseMailBox, mail: Seen) -> None:
        self._box, self._uid = box, mail.uid
        self._is_small = mail.size <= PIECE_BYTES
        self.is_cut = mail.size > MOST_KEPT_BYTES
        self._limit = BEGINNING_BYTES if self.is_cut else MOST_KEPT_BYTES
        self._offset, self._is_over = 0, False

    def read(self, _size: int = -1) -> bytes:
        if self._is_over:
            return b""
        if self._is_small:
            self._is_over = True
            return _body(self._box, self._uid, "BODY.PEEK[]")
        count = min(PIECE_BYTES, self._limit - self._offset)
        piece = _body(self._box, self._uid, f"BODY.PEEK[]<{self._offset}.{count}>") if count else b""
        self._offset += len(piece)
        self._is_over = len(piece) < count or not count
        return piece


def _body(box: BaseMailBox, uid: int, what: str) -> bytes:
    """Raises Gone for a mail that somebody took away meanwhile."""
    answer = _command(box, "FETCH", str(uid), f"({what})")
    for item in answer:
        if isinstance(item, tuple) and b"BODY[" in item[0]:
            return item[1]
    if not any(isinstance(item, bytes) and b"BODY[" in item for item in answer):
        raise Gone()
    return b""


def mark(box: BaseMailBox, uid: int) -> None:
    """As seen."""
    _command(box, "STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")


def move(box: BaseMailBox, uid: int, to: str) -> None:
    """Into another folder, as one step where the server can."""
    target = encode_folder(to)
    if "MOVE" in box.client.capabilities:
        _command(box, "MOVE", str(uid), target)
    else:
        _command(box, "COPY", str(uid), target)
        delete(box, uid)


def delete(box: BaseMailBox, uid: int) -> None:
    """For good. Where the server can, nothing else that somebody marked as deleted goes with it."""
    _command(box, "STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)")
    if "UIDPLUS" in box.client.capabilities:
        _command(box, "EXPUNGE", str(uid))
    else:
        box.client.expunge()


def ensure_folder(box: BaseMailBox, name: str) -> None:
    """Make a folder that is not there yet."""
    if name not in folders(box):
        box.folder.create(name)


def _command(box: BaseMailBox, name: str, *words: Any) -> list[Any]:
    """One UID command; its answers. Raises Refused for no (NO) and nonsense (BAD), OSError or abort for no answer."""
    try:
        kind, answer = box.client.uid(name, *words)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise Refused(said(error)) from error
    if kind != "OK":
        raise Refused(said(answer))
    return answer


def _numbers(answer: list[Any]) -> list[int]:
    return [int(word) for item in answer if item for word in item.split() if word.isdigit()]


def _named(uids: list[int]) -> str:
    return ",".join(map(str, uids))


def _uid(words: bytes) -> int | None:
    found = re.search(rb"UID (\d{1,18})", words)
    return int(found.group(1)) if found else None


def said(error: Any) -> str:
    """The server's own words."""
    result = getattr(error, "command_result", None)
    words = result[1] if result else getattr(error, "args", error)
    words = words[0] if isinstance(words, list | tuple) and words else words
    return words.decode(errors="replace") if isinstance(words, bytes) else str(words)
