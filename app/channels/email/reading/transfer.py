"""Content-Transfer-Encoding undone, in steps that need little memory; what is broken gives what can be had of it."""

import binascii
import re
from collections.abc import Iterator

_STEP = 1 << 20
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
_MOST_PADDED = _STEP // 50
"""Some programs end every line with a padding; more of them are rubbish."""
_LINE = re.compile(rb"[^\r\n]+")
_SPACED_BREAK = re.compile(rb"=[ \t]+(?=\r?\n)")
MOST_SHRINKING = 4
"""An encoding takes at most three bytes for one, and its line ends."""


def decoded(raw: memoryview, encoding: str) -> Iterator[bytes | memoryview]:
    """The bytes that were meant. An encoding that nobody knows leaves them as they are."""
    return _READERS.get(encoding, _as_it_is)(raw)


def head(raw: memoryview, encoding: str, most: int) -> bytes:
    """The first bytes that were meant, one more than `most` where there are more."""
    found = b"".join(decoded(raw[: (most + 1) * MOST_SHRINKING], encoding))
    return found[: most + 1]


def of_base64(raw: bytes) -> bytes:
    """All of a short text."""
    return b"".join(_base64(memoryview(raw)))


def _as_it_is(raw: memoryview) -> Iterator[memoryview]:
    yield raw


def _base64(raw: memoryview) -> Iterator[bytes]:
    held = b""
    for start in range(0, len(raw), _STEP):
        held += bytes(raw[start:start + _STEP]).translate(None, _NOT_BASE64)
        if held.count(b"=") > _MOST_PADDED:
            held = held.replace(b"=", b"")
        *ended, last = held.split(b"=")
        yield b"".join(map(_segment, ended))
        whole = len(last) - len(last) % 4
        yield _segment(last[:whole])
        held = last[whole:]
    yield _segment(held)


def _segment(letters: bytes) -> bytes:
    """What stands before a padding or the end; a letter too many says nothing."""
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _quoted_printable(raw: memoryview) -> Iterator[bytes]:
    yield binascii.a2b_qp(_SPACED_BREAK.sub(b"=", bytes(raw)))


def _uuencoded(raw: memoryview) -> Iterator[bytes]:
    is_inside = False
    for match in _LINE.finditer(raw):
        line = match.group()
        if not is_inside:
            is_inside = line.startswith(b"begin ")
        elif line[0] in b"` ":
            return  # A line of nothing is the last one.
        else:
            yield _of_uu(line)


def _of_uu(line: bytes) -> bytes:
    """Some programs write a letter too many; only as many count as the first one says."""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        count = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:count])
        except binascii.Error:
            return b""


_READERS = {"base64": _base64, "quoted-printable": _quoted_printable, "x-uuencode": _uuencoded, "uuencode": _uuencoded,
            "x-uue": _uuencoded}
