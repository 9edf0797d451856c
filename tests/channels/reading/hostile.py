"""Mails made to cost: every one must be understood, or refused, in seconds and in little memory."""

import base64
from collections.abc import Callable, Iterator

MB = 1024 * 1024
HEAD = b"From: a@client.example\n"
HTML = HEAD + b"Content-Type: text/html\n\n"


def _nested(levels: int) -> bytes:
    heads = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(levels)
    )
    return HEAD + heads + b"\nwords"


def _sparse_nest() -> bytes:
    """Each level searches all of what the outer ones left it, among lines that nearly are its boundary."""
    heads = b"".join(
        b"Content-Type: multipart/mixed; boundary=%s\n\n\n--%s\n" % (b"b" * (22 - n), b"b" * (22 - n))
        for n in range(20)
    )
    return HEAD + heads + b"\n" + b"\n--bx" * (4 * MB)


def _parts(count: int) -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * count


def _whole(begin: bytes, piece: bytes, size: int = 24 * MB) -> bytes:
    return begin + piece * (size // len(piece))


def _encoded(size: int) -> bytes:
    return (
        HEAD + b"Content-Type: application/zip\nContent-Transfer-Encoding: base64\n"
        b"Content-Disposition: attachment; filename=a.zip\n\n" + base64.encodebytes(b"PK\3\4" + b"\0" * size)
    )


HOSTILE: dict[str, Callable[[], bytes]] = {
    "multiparts in each other, 10,000": lambda: _nested(10_000),
    "nearly boundaries, on 20 levels": _sparse_nest,
    "100,000 parts": lambda: _parts(100_000),
    "3,000,000 parts": lambda: _parts(3_000_000),
    "a billion quotes": lambda: _whole(HEAD + b"\n", b">" * 1000 + b" x\n"),
    "quote marks in one line": lambda: _whole(HEAD + b"\nnew\n", b"> "),
    "empty lines": lambda: _whole(HEAD + b"\n", b"\n"),
    "lines of one letter": lambda: _whole(HEAD + b"\n", b"a\n"),
    "a field of 20 MB": lambda: _whole(HEAD + b"X-Long: ", b"x", 20 * MB) + b"\nSubject: still\n\nwords",
    "a field of 20 MB in short lines": lambda: (
        _whole(HEAD + b"X-Long: x", b"\n x", 20 * MB) + b"\nSubject: still\n\nwords"
    ),
    "a subject of 20 MB": lambda: _whole(HEAD + b"Subject: ", b"=?utf-8?Q?=D0?= ", 20 * MB) + b"\n\nwords",
    "1,000,000 fields": lambda: _whole(HEAD, b"X-Y: z\n", 7 * MB) + b"\nwords",
    "1,000,000 people": lambda: _whole(HEAD + b"To: ", b"a@b.example,", 12 * MB) + b"\n\nwords",
    "brackets in From": lambda: b"From: " + b"(" * MB + b"\n\nwords",
    "brackets in every field": lambda: (
        b"".join(
            name + b": " + b'(<"[' * 100_000 + b"\n"
            for name in (
                b"From",
                b"To",
                b"Cc",
                b"Reply-To",
                b"Date",
                b"Content-Type",
                b"Content-Disposition",
                b"Message-ID",
                b"References",
            )
        )
        + b"\nwords"
    ),
    "semicolons in a type": lambda: HEAD + b"Content-Type: text/plain" + b";a=" * MB + b"\n\nwords",
    "commas and groups in To": lambda: HEAD + b"To: " + b"a:b@c.example;," * 100_000 + b"\n\nwords",
    "1,000 fields To": lambda: HEAD + (b"To: " + b"a:b@c.example;," * 1500 + b"\n") * 1000 + b"\nwords",
    "1,000 fields of no charset": lambda: (
        HEAD
        + b"".join(
            b"%s: %s\n" % (name, "слово за словом ".encode("koi8-r") * 1000)
            for name in (b"To", b"Cc", b"Subject") * 400
        )
        + b"\nwords"
    ),
    "verdicts": lambda: (
        _whole(b"Authentication-Results: hop.example; ", b"dkim=pass (((", MB) + b"\n" + HEAD + b"\nwords"
    ),
    "verdicts in 1,000 fields": lambda: (
        (b"Authentication-Results: hop.example; " + b"dkim=pass header.d=a;" * 2500 + b"\n") * 400 + HEAD + b"\nwords"
    ),
    "zeros, packed": lambda: _encoded(17 * MB),
    "base64 of padding": lambda: _whole(HEAD + b"Content-Transfer-Encoding: base64\n\n", b"="),
    "base64 of padding in a file": lambda: _whole(_encoded(0), b"="),
    "quoted-printable of breaks": lambda: _whole(HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n", b"=\n"),
    "uuencode of nothing": lambda: _whole(HEAD + b"Content-Transfer-Encoding: uuencode\n\nbegin 644 a\n", b"`\n"),
    "uuencode of nothing in a file": lambda: _whole(
        HEAD + b"Content-Type: a/b; name=x\nContent-Transfer-Encoding: uuencode\n\nbegin 644 a\n",
        b"`\n",
    ),
    "a letter of Latin-1 among 24 MB": lambda: _whole(HEAD + b"\n\xe9", b"x"),
    "Cyrillic of no charset": lambda: _whole(HEAD + b"\n", "слово за словом ".encode("cp1251")),
    "utf-7": lambda: _whole(HEAD + b"Content-Type: text/plain; charset=utf-7\n\n", b"+2AA-"),
    "iso-2022": lambda: _whole(HEAD + b"Content-Type: text/plain; charset=iso-2022-kr\n\n", b"\x0e\x0f\x1b$)C"),
    "elements in each other": lambda: _whole(HTML, b"<div>"),
    "quotes in each other in HTML": lambda: _whole(HTML, b"<blockquote type=cite>x "),
    "unfinished elements": lambda: _whole(HTML, b"<a href='"),
    "tables in each other": lambda: _whole(HTML, b"<table><tr><td>", 2 * MB),
    "formatting in each other": lambda: _whole(HTML, b"<b><i><u><font>", MB),
    "formatting that is misnested": lambda: _whole(HTML, b"<b><i></b></i><p>", MB),
    "an element with 200,000 attributes": lambda: HTML + b"<a " + b"x=y " * 200_000 + b">",
    "entities": lambda: _whole(HTML, b"&nbsp;&#x41;&"),
    "comments": lambda: _whole(HTML, b"<!-- -->"),
    "a picture within the words": lambda: _whole(HTML + b"<img src='data:image/png;base64,", b"QUJD") + b"'>",
    "lines that begin quotes": lambda: _whole(
        HEAD + b"\n", b"On Mon, 1 Jun 2026, Aigul <a@b.example> wrote:\n> x\n", 4 * MB
    ),
    "forwards in each other": lambda: _whole(
        HEAD + b"Subject: Fwd: x\n\n", b"---------- Forwarded message ---------\nFrom: a@b.example\n", 4 * MB
    ),
    "signatures": lambda: _whole(HEAD + b"\n", b"-- \n", 4 * MB),
    "flowed": lambda: _whole(HEAD + b"Content-Type: text/plain; format=flowed\n\n", b"> a \n>> b \n"),
    "enriched": lambda: _whole(HEAD + b"Content-Type: text/enriched\n\n", b"<param><<"),
    "50 files of half a MB": lambda: (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\n\n"
        + (b"--b\nContent-Type: a/b\nContent-Disposition: attachment\n\n" + b"x" * (MB // 2) + b"\n") * 48
    ),
    "a report of 100,000 people": lambda: (
        HEAD
        + b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
        + b"Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n\n" * 100_000
    ),
    "ids that look like ours": lambda: _whole(b"Return-Path: <>\n" + HEAD + b"\n", b"jardam." + b"a." * 90, 20 * MB),
    "addresses in a report": lambda: _whole(
        b"Return-Path: <>\n" + HEAD + b"\njardam.t1.1." + b"0" * 32 + b"@x.example\n", b"a@b.c ", 20 * MB
    ),
    "out of office, many times": lambda: HEAD + b"Subject: " + b"out of the office " * 100_000 + b"\n\nwords",
    "NULs": lambda: bytes(24 * MB),
    "noise": lambda: HEAD + b"\n" + bytes(range(256)) * (24 * MB // 256),
    "noise as HTML": lambda: HTML + bytes(range(256)) * (24 * MB // 256),
    "spaces": lambda: _whole(HEAD + b"\n", b" "),
    "spaces in HTML": lambda: _whole(HTML + b"<p>", b" \t\n"),
    "spaces behind boundaries": lambda: _whole(HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b", b" "),
    "returns": lambda: _whole(HEAD, b"\r"),
}


def mails() -> Iterator[tuple[str, bytes]]:
    """One after another, so that only one is in memory."""
    for name, make in HOSTILE.items():
        yield name, make()[: 25 * MB]
