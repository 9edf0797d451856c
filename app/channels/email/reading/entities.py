"""The tree of a mail (MIME): each entity is a range of the raw bytes, so that nothing is copied or written anew.

The library builds all of a mail at once, however many parts it has and however deep; this looks only where it is asked.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from . import transfer
from .headers import Headers, hint_of, split, type_of

_BEFORE = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]{0,1000}(?:>?From [^\r\n]{0,1000}\r?\n)?")
_SHOWN_SIZE = 1 << 16


@dataclass(frozen=True)
class Entity:
    """A mail or a part of one: its head and where its body lies in `raw`. `start` is where the head begins."""

    raw: bytes
    headers: Headers
    start: int
    body: int
    end: int
    otherwise: str = "text/plain"

    @cached_property
    def type(self) -> str:
        return self._type_and_parameters[0]

    @property
    def parameters(self) -> dict[str, str]:
        return self._type_and_parameters[1]

    @cached_property
    def _type_and_parameters(self) -> tuple[str, dict[str, str]]:
        return type_of(self.headers, self.otherwise)

    @cached_property
    def disposition(self) -> str:
        return self._disposition[0]

    @cached_property
    def name(self) -> str:
        """The name of the file it is said to be, '' for none."""
        return self._disposition[1].get("filename") or self.parameters.get("name", "")

    @cached_property
    def _disposition(self) -> tuple[str, dict[str, str]]:
        return self.headers.parameters("content-disposition")

    @property
    def content_id(self) -> str:
        return re.sub(r"[<>\s]", "", self.headers.first("content-id"))[:250]

    @property
    def encoding(self) -> str:
        return self.headers.first("content-transfer-encoding").partition(";")[0].strip().lower()

    @property
    def payload(self) -> memoryview:
        return memoryview(self.raw)[self.body:self.end]

    def content(self, most: int) -> bytes:
        """The decoded body, one byte more than `most` where it is longer."""
        return transfer.head(self.payload, self.encoding, most)

    def pieces(self, most: int) -> tuple[list["Entity"], int]:
        """The parts of a multipart, and how many there are beyond `most`."""
        boundary = self.parameters.get("boundary", "").rstrip()[:200].encode("utf-8", "replace")
        if not boundary:
            return [], 0
        ranges, beyond = _ranges(self.raw, boundary, self.body, self.end, most)
        otherwise = "message/rfc822" if self.type == "multipart/digest" else "text/plain"
        return [_entity(self.raw, start, end, self.headers.hint, otherwise) for start, end in ranges], beyond


def top(raw: bytes) -> Entity:
    """The mail itself. A mark of UTF-8, empty lines and the line of an mbox before its head are passed over."""
    if b"\n" not in raw[:_SHOWN_SIZE]:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    before = _BEFORE.match(raw)
    return _entity(raw, before.end() if before else 0, len(raw), hint_of(raw), "text/plain")


def inner(raw: bytes, hint: str = "") -> Entity:
    """A mail inside a mail, or its head alone."""
    return _entity(raw, 0, len(raw), hint, "text/plain")


def _entity(raw: bytes, start: int, end: int, hint: str, otherwise: str) -> Entity:
    headers, body = split(raw, start, end, hint)
    return Entity(raw, headers, start, body, end, otherwise)


def _ranges(raw: bytes, boundary: bytes, start: int, end: int, most: int) -> tuple[list[tuple[int, int]], int]:
    """Where the parts between the lines of a boundary begin and end. A last line that is missing is the end."""
    line = re.compile(rb"\n--" + re.escape(boundary) + rb"(--)?[ \t]*\r*(?=\n|\Z)")
    found, begin = [], None
    for match in line.finditer(raw, max(start - 1, 0), end):
        if begin is not None:
            found.append((begin, _without_return(raw, begin, match.start())))
        begin = None if match.group(1) else min(match.end() + 1, end)
        if begin is None:
            return found, 0
        if len(found) >= most:
            more = (raw.count(b"\n--" + boundary + line_end, begin, end) for line_end in (b"\n", b"\r"))
            return found, 1 + sum(more)
    return found if begin is None else [*found, (begin, end)], 0


def _without_return(raw: bytes, begin: int, end: int) -> int:
    """The line end before a boundary belongs to the boundary."""
    return end - 1 if end > begin and raw[end - 1:end] == b"\r" else max(begin, end)
