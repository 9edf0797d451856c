"""Reports that a mail did not arrive: the standard's (RFC 3464), and those that servers write in words of their own."""

import re

from app.channels.email.mail import Address, Bounce
from app.core.markup import clean_line

from . import limits
from .about import message_id
from .addresses import people, valid
from .charsets import decode
from .entities import Entity, inner
from .headers import Headers

_OURS = re.compile(rb"jardam\.[\w.]{1,200}\.[0-9a-f]{32}@[\w.\-]{1,255}")
"""The shape of our own Message-IDs (`references.py` says which of them we signed)."""
_OUR_FIELD = re.compile(rb"^message-id:\s{0,9}<(" + _OURS.pattern + rb")>", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45])\d\d[ \-#]")
_REPORTING = re.compile(r"mailer-daemon@|postmaster@|microsoftexchange[0-9a-f]+@", re.IGNORECASE)
_BLANK = re.compile(rb"\r?\n\r?\n")
_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_MAILS = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global")
_ADDRESS = re.compile(r"[^\s<>,;:()\"'@\[\]]{1,64}@[\w.\-]{1,254}")
_FOR_GOOD = re.compile(r"permanent|given up|fatal|постоянн", re.IGNORECASE)
_FAILED = ("failed", "delayed")
_LOOKED_AT = 256 * 1024
_SAID = 300


def bounce(mail: Entity, sender: Address | None) -> Bounce | None:
    """The report in this mail, of the recipient for whom it is worst; None for what is none."""
    if mail.type == "multipart/report":
        return _standard(mail)
    return _in_words(mail, sender) if _is_from_a_server(mail.headers, sender) else None


def _standard(mail: Entity) -> Bounce | None:
    pieces, _beyond = mail.pieces(limits.PARTS)
    report = next((piece for piece in pieces if piece.type in _REPORTS), None)
    found = [] if report is None else _recipients(report.content(_LOOKED_AT), _original(mail, pieces))
    return next((one for one in found if one.is_permanent), found[0] if found else None)


def _original(mail: Entity, pieces: list[Entity]) -> str:
    """The Message-ID of the mail that is reported on."""
    for piece in pieces:
        if piece.type in _MAILS and (found := message_id(inner(piece.content(_LOOKED_AT)).headers)):
            return found
    return _ours_in(mail)


def _ours_in(mail: Entity) -> str:
    """One of our ids in the text of the report, best where it stands as a field of a mail."""
    end = min(mail.end, mail.body + limits.TEXT_BYTES)
    if field := _OUR_FIELD.search(mail.raw, mail.body, end):
        return field.group(1).decode("ascii")
    found = _OURS.search(mail.raw, mail.body, end)
    return found.group().decode("ascii") if found else ""


def _recipients(report: bytes, original: str) -> list[Bounce]:
    """The blocks of fields that speak of a recipient who did not get the mail, or not yet."""
    blocks = (inner(block.lstrip(b"\r\n") + b"\n\n").headers for block in _BLANK.split(report, limits.PARTS))
    return [_of_block(block, original) for block in blocks if block.first("action").lower().split(" ")[0] in _FAILED]


def _of_block(block: Headers, original: str) -> Bounce:
    recipient = _address(block.first("original-recipient")) or _address(block.first("final-recipient"))
    said = clean_line(block.first("diagnostic-code").partition(";")[2] or block.first("diagnostic-code"))
    status = _STATUS.search(block.first("status") + " " + said)
    number = status.group(1) if status else _class_of(said)
    failed = block.first("action").lower().startswith("failed")
    return Bounce(recipient, failed and number.startswith("5"), number, said[:_SAID], original)


def _address(value: str) -> str:
    """`rfc822; somebody@example.com`, where some servers leave out the kind or add brackets."""
    return valid(value.rpartition(";")[2].strip(" <>"))


def _class_of(said: str) -> str:
    reply = _REPLY.search(said + " ")
    return f"{reply.group(1)}.0.0" if reply else ""


def _is_from_a_server(headers: Headers, sender: Address | None) -> bool:
    nobody = headers.first("return-path") == "<>" or "x-failed-recipients" in headers
    return nobody or sender is not None and bool(_REPORTING.match(sender.email))


def _in_words(mail: Entity, sender: Address | None) -> Bounce | None:
    """What qmail, Exim, Exchange and others write, each in its own way and language, before the copy of a mail of ours:
    whom it is about, and a number that says why."""
    original = _ours_in(mail)
    text = _explanation(mail) if original else ""
    named = mail.headers.first("x-failed-recipients") + " " + text
    others = {"", *_parties(mail, sender)}
    recipient = next((one for one in map(valid, _ADDRESS.findall(named)[: limits.ADDRESSES]) if one not in others), "")
    if not recipient or not original:
        return None
    said = _diagnostic(text, recipient)
    status = _STATUS.search(said)
    number = status.group(1) if status else _class_of(said)
    number = number or ("5.0.0" if _FOR_GOOD.search(text) else "4.0.0")
    return Bounce(recipient, number.startswith("5"), number, said, original)


def _explanation(mail: Entity) -> str:
    """The words of the server, up to the copy of our mail."""
    end = min(mail.end, mail.body + _LOOKED_AT)
    if field := _OUR_FIELD.search(mail.raw, mail.body, end):
        blank = max(mail.raw.rfind(line_ends, mail.body, field.start()) for line_ends in (b"\n\n", b"\n\r\n"))
        end = max(blank, mail.body)
    return decode(mail.raw[mail.body:end], mail.parameters.get("charset", ""), mail.headers.hint)


def _parties(mail: Entity, sender: Address | None) -> set[str]:
    """The server and ourselves are not the one who was not reached."""
    return {one.email for one in people(mail.headers.all("to"))} | ({sender.email} if sender else set())


def _diagnostic(text: str, recipient: str) -> str:
    """What the server said about this recipient: the first line with a number of an error from its address on."""
    lines = [clean_line(line) for line in text[max(text.lower().find(recipient), 0):].splitlines()[:40]]
    return next((line[:_SAID] for line in lines if _STATUS.search(line) or _REPLY.search(line + " ")), "")
