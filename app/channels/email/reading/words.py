"""Encoded words of headers (RFC 2047), also those that programs break in ways the standard forbids.

The library's own readers give up a whole header at one broken word, or break a letter that was cut in two words.
"""

import binascii
import re

from app.core.markup import clean_line

from .charsets import decode
from .transfer import of_base64

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*)*)\?=")


def line(value: str) -> str:
    """A header of words as one clean line."""
    return clean_line("".join(text for text, _is_word in _pieces(value)))


def quoted(value: str) -> str:
    """A header of addresses in which each encoded word became a quoted string, which cannot pass for one."""
    written, is_inside = [], False
    for text, is_word in _pieces(value):
        if is_word:
            safe = clean_line(text).replace("\\", "").replace('"', "")
            written.append(safe if is_inside else f'"{safe}"')
        else:
            written.append(text)
            is_inside ^= text.replace('\\"', "").count('"') % 2 == 1
    return "".join(written)


def _pieces(value: str) -> list[tuple[str, bool]]:
    """Texts as they stand and decoded ones, in order. Words that only spaces part belong together."""
    pieces: list[tuple[str, bool]] = []
    held, charset, end = b"", "", 0
    for match in _WORD.finditer(value):
        between = value[end:match.start()]
        name = match.group(1).partition("*")[0].lower()
        if held and (between.strip() or name != charset):
            pieces.append((decode(held, charset), True))
            held = b""
        if between and (between.strip() or not pieces and not held):
            pieces.append((between, False))
        held, charset, end = held + _bytes(match.group(2), match.group(3)), name, match.end()
    if held:
        pieces.append((decode(held, charset), True))
    return [*pieces, (value[end:], False)]


def _bytes(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    return of_base64(raw) if encoding in "bB" else binascii.a2b_qp(raw, header=True)
