"""The first mail inside one that was passed on: who wrote it, and what. Only what says that it is a forward counts;
a quoted answer has the same headers."""

import re
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

from email_validator import EmailNotValidError, validate_email

from . import safe_html
from .folding import wordings
from .folding.lines import Line, is_headers
from .folding.plain import line_of
from .mail import Address, Forwarded

MOST_LINES = 20_000
HEAD_LINES = 24
REPLY_SUBJECT = re.compile(r"\s*(?:re|aw|ответ|отв|на|жооп)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_BRACKETED = re.compile(r"<(?:mailto:)?([^\s<>@]{1,64}@[^\s<>@]{1,253})>[\s\])\"'*]*$")
_ADDRESS = re.compile(r"[^\s<>@\"'\[\](),;:]{1,64}@[^\s<>@\"'\[\](),;:]{1,253}")


def find(subject: str, text: str, html: str, attached: list[bytes]) -> Forwarded | None:
    """What was passed on, from a mail attached or from the words; None for an answer, and for a name alone."""
    if attached and not REPLY_SUBJECT.match(subject[:200]):
        return _attached(attached[0])
    says_so = bool(wordings.FORWARD_SUBJECT.match(subject[:200]))
    found = _inline(text, says_so) if text.strip() else None
    return found or (_inline(safe_html.as_text(html), says_so) if html.strip() else None)


def _inline(text: str, says_so: bool) -> Forwarded | None:
    lines = [line_of(written) for written in text.replace("\r\n", "\n").split("\n", MOST_LINES)[:MOST_LINES]]
    start = _start(lines, says_so)
    if start is None:
        return None
    if wordings.header(lines[start].text):
        about, end = _headers(lines, start)
    else:
        about, end = {"from": lines[start].text.rpartition(",")[2]}, start + 1
    sender = address_in(about.get("from", ""))
    return Forwarded(sender, about.get("subject", "")[:300], _text(text, lines[end - 1].depth, end)) if sender else None


def _start(lines: list[Line], says_so: bool) -> int | None:
    """Where the headers of the mail passed on begin, or the one line that some mailers write instead. What stands in
    the history of an answer was passed on before."""
    for place, line in enumerate(lines):
        if not says_so and (line.depth or wordings.is_attribution(line.text)):
            return None
        if wordings.is_forward(line.text):
            return next((at for at in range(place + 1, min(place + 6, len(lines))) if _is_head(lines[at].text)), None)
        if is_headers(lines, place):
            return place if says_so else None
    return None


def _is_head(words: str) -> bool:
    return bool(wordings.header(words)) or wordings.is_attribution(words)


def _headers(lines: list[Line], start: int) -> tuple[dict[str, str], int]:
    """The headers by their kind, and where the words begin. A long value goes on in the next line."""
    about: dict[str, str] = {}
    kind, place = "", start
    for place in range(start, min(start + HEAD_LINES, len(lines))):
        words = lines[place].text
        found = wordings.header(words)
        if not found and not words and {"from", "subject"} <= set(about):
            break
        if found:
            kind = found
            about.setdefault(kind, wordings.HEADER.sub("", words, count=1).strip(" *"))
        elif words and kind and not (kind == "subject" or _ADDRESS.search(about[kind])):
            about[kind] += f" {words}"
        elif words and kind in ("subject", "to", "cc") and {"from", "subject"} <= set(about):
            break
    return about, place


def _text(text: str, depth: int, start: int) -> str:
    """The words passed on, without the signs by which the mailer quotes all of them."""
    below = text.replace("\r\n", "\n").split("\n")[start:]
    for _ in range(min(depth, 1)):
        below = [re.sub(r"^ ?> ?", "", line) for line in below]
    return "\n".join(below).strip("\n").rstrip()


def address_in(words: str) -> Address | None:
    """The one who is named in a header that a person or a mailer wrote out; None where no address stands in it. What
    stands in angle brackets at the end is the address, and what stands before it a name, whatever it looks like."""
    words = words[:1000]
    ended = _BRACKETED.search(words)
    found = _ADDRESS.search(words, ended.start() if ended else 0)
    if found is None:
        return None
    try:
        email = validate_email(found.group().rstrip("."), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None
    name = re.sub(r"mailto:|[\"'<>\[\]()*]", "", words[:found.start()])
    return Address(email, " ".join("".join(c if c.isprintable() else " " for c in name).split())[:200])


def _attached(raw: bytes) -> Forwarded | None:
    mail = message_from_bytes(raw, policy=policy.compat32)
    sender = address_in(_decoded(mail.get("From")))
    text = _part(mail, "text/plain")
    html = _part(mail, "text/html")
    if sender is None:
        return None
    subject = " ".join(_decoded(mail.get("Subject")).split())[:300]
    return Forwarded(sender, subject, text or safe_html.as_text(html), safe_html.clean(html))


def _decoded(header: object) -> str:
    """A header as words; what is broken stays as it is written."""
    try:
        return str(make_header(decode_header(str(header or ""))))
    except (HeaderParseError, LookupError, ValueError):
        return str(header)


def _part(mail: Message, kind: str) -> str:
    """The text of the first part of a kind that is no file."""
    for part in mail.walk():
        if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
            raw = part.get_payload(decode=True)
            return _read(raw if isinstance(raw, bytes) else b"", part.get_content_charset() or "utf-8")
    return ""


def _read(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset, errors="replace").strip()
    except LookupError:
        return raw.decode("utf-8", errors="replace").strip()
