"""Answers packed with gzip for browsers that ask for it: a page and what it loads cross a slow line in a quarter.

A page holds the reader's token and may repeat what was asked (BREACH guesses the one from the length of the other).
Three things stand against it: cookies are SameSite=Lax, so another site's page cannot make such requests in numbers;
the token is signed anew every second; and each page is lengthened by a random number of bytes, in a field of the gzip
header that nobody reads."""

import secrets
import struct
import zlib
from functools import lru_cache

from flask import Response, current_app, request

from . import assets

PACKED = frozenset({"text/html", "text/css", "text/javascript", "application/javascript", "application/json",
                    "image/svg+xml"})
SHORTEST = 600
"""Bytes under which packing does not save a packet."""
MOST_ADDED = 100
"""Bytes by which a page is lengthened at most."""
PAGE_LEVEL, FILE_LEVEL = 5, 9


def pack(response: Response) -> Response:
    """Pack a whole answer of text. Streams, parts, files of people and answers already packed stay as they are."""
    is_whole = response.status_code not in (204, 206, 304) and "Content-Encoding" not in response.headers
    if not is_whole or response.mimetype not in PACKED:
        return response
    is_file = request.endpoint == "static" and response.status_code == 200
    if response.is_streamed and not is_file:
        return response
    response.vary.add("Accept-Encoding")
    if request.method == "HEAD" or not request.accept_encodings.quality("gzip"):
        return response
    packed = _packed_file() if is_file else _packed_page(response.get_data())
    if packed is not None:
        _carry(response, packed)
    return response


def _carry(response: Response, packed: bytes) -> None:
    response.direct_passthrough = False
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    if etag := response.get_etag()[0]:
        response.set_etag(etag, weak=True)


def _packed_page(data: bytes) -> bytes | None:
    return gzipped(data, PAGE_LEVEL, secrets.randbelow(MOST_ADDED) + 1) if len(data) >= SHORTEST else None


def _packed_file() -> bytes | None:
    name = (request.view_args or {})["filename"]
    return _kept(str(current_app.static_folder), name, assets.changed_at(name))


@lru_cache(maxsize=256)
def _kept(_folder: str, name: str, _changed: int) -> bytes | None:
    data = assets.content(name)
    return gzipped(data, FILE_LEVEL) if len(data) >= SHORTEST else None


def gzipped(data: bytes, level: int, added: int = 0) -> bytes:
    """The data in gzip's format, `added` bytes longer than need be."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    named = b"\x08" if added else b"\x00"
    head = b"\x1f\x8b\x08" + named + b"\x00\x00\x00\x00\x00\xff" + (b"-" * (added - 1) + b"\x00" if added else b"")
    tail = struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)
    return head + packer.compress(data) + packer.flush() + tail
