"""A first look at the head of a raw mail: cheap, safe with any bytes, and no judgement. What counts is understood
later, in a process of its own (`understanding.py`)."""

import contextlib
import hashlib
import re
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import decode_header, make_header

from app.core.markup import clean_line

MOST_BYTES = 256 * 1024
"""No head of a real mail is as long; what follows is not looked at."""
MOST_WORDS = 2000
MOST_ADDRESSES = 200
_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]{0,20}:(.*)", re.S)
_NOT = r"""\s\x00-\x20\x7f<>@"',;:()\[\]\\"""
_ADDRESS = re.compile(rf"[^{_NOT}]{{1,64}}@[^{_NOT}]{{1,255}}")
ENVELOPE = ("delivered-to", "x-original-to", "envelope-to")
"""Where mail servers write down for whom a mail came, best first; what its author wrote comes after."""


@dataclass(frozen=True)
class Head:
    """The fields of a head, in order, by their names in lower case."""

    fields: dict[str, list[bytes]] = field(default_factory=dict)

    def first(self, name: str) -> bytes:
        return self.fields.get(name, [b""])[0]

    @property
    def message_id(self) -> bytes:
        """As it stands there, in its brackets; b'' for none, and for brackets without one."""
        found = self.first("message-id").strip()
        return found if found.strip(b"<> \t") else b""

    @property
    def sender(self) -> tuple[str, str]:
        """Name and address of who seems to have written, '' for what cannot be told."""
        # Not by the library: its reader goes as deep as the comments of a hostile header, and raises.
        raw = plain(self.first("from"))
        name, _bracket, rest = raw.rpartition("<")
        found = _ADDRESS.search(rest) or _ADDRESS.search(raw)
        return words(name.strip(' \t"'))[:200], found.group()[:254].lower() if found else ""

    @property
    def subject(self) -> str:
        return words(plain(self.first("subject")))[:300]

    def recipients(self) -> list[str]:
        """Every address for which the mail may have come, the surest first."""
        values = (plain(value, 20_000) for name in (*ENVELOPE, "to", "cc") for value in self.fields.get(name, []))
        found = [address.lower() for value in values for address in _ADDRESS.findall(value)]
        return list(dict.fromkeys(found))[:MOST_ADDRESSES]


def head_of(raw: bytes) -> Head:
    """The head of a mail that begins with these bytes."""
    found: list[tuple[str, list[bytes]]] = []
    for line in raw[:MOST_BYTES].lstrip(b"\r\n").splitlines():
        if not line:
            break
        if line[:1] in b" \t":
            _go_on(found, line)
        elif match := _FIELD.fullmatch(line):
            found.append((match.group(1).decode("ascii").lower(), [match.group(2)]))
    head = Head()
    for name, lines in found:
        head.fields.setdefault(name, []).append(b"".join(lines))
    return head


def _go_on(found: list[tuple[str, list[bytes]]], line: bytes) -> None:
    if found:
        found[-1][1].append(line)


def key_of(message_id: bytes, whole: str) -> str:
    """By what a mail is known in its mailbox: its Message-ID, or all of it (`whole`, as SHA-256) where it has none."""
    return hashlib.sha256(message_id).hexdigest() if message_id else whole


def plain(value: bytes, limit: int = MOST_WORDS) -> str:
    """The bytes of a field as text; those that are no UTF-8 are what mail from here would have meant by them."""
    value = value[:limit]
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("cp1251", "replace")


def words(text: str) -> str:
    """A text with its encoded words read, on one clean line; what cannot be read stays as it is written."""
    with contextlib.suppress(LookupError, ValueError, MessageError):
        text = str(make_header(decode_header(text)))
    return clean_line(text)
