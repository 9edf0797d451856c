"""What the head of a mail says: from whom, to whom, about what, when, and which mails it answers."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from app.core.markup import clean_line

from . import limits
from .addresses import people, sender
from .headers import Headers

_ID = re.compile(r"<([^<>]{1,998})>")
_YEARS = range(1995, 2100)
_ENVELOPE = ("delivered-to", "x-original-to", "envelope-to")
"""Where mail servers write down for whom a mail came. No other field with an X counts for anything."""


def about(headers: Headers, defects: list[str]) -> dict[str, Any]:
    """The values of `Mail` that the head alone decides."""
    envelope = people([value for name in _ENVELOPE for value in headers.all(name)])
    return {
        "message_id": message_id(headers),
        "in_reply_to": _ids(headers, "in-reply-to"),
        "references": _ids(headers, "references"),
        "sender": sender(headers, defects),
        "reply_to": people(headers.all("reply-to")),
        "to": people(headers.all("to")),
        "cc": people(headers.all("cc")),
        "delivered_to": [one.email for one in envelope],
        "subject": headers.line("subject"),
        "sent_at": _sent_at(headers, defects),
    }


def loss(headers: Headers, to: int, cc: int) -> list[str]:
    """What to say when more people are named than were read."""
    written = max(sum(map(len, headers.all(name))) for name in ("to", "cc"))
    if max(to, cc) < limits.ADDRESSES and written <= limits.ADDRESS_BYTES:
        return []
    return [f"The mail names very many people; at most {limits.ADDRESSES} in To and in Cc were read."]


def message_id(headers: Headers) -> str:
    """Without its brackets, also where it came without them."""
    written = headers.first("message-id")
    found = _ID.search(written)
    return _bare(found.group(1) if found else written.strip("<> "))


def _ids(headers: Headers, name: str) -> list[str]:
    """The newest ones, in their order, each once where it stands last."""
    found = [_bare(one) for value in headers.all(name) for one in _ID.findall(value)]
    return list(reversed(dict.fromkeys(reversed([one for one in found if one]))))[-limits.REFERENCES:]


def _bare(written: str) -> str:
    """Some programs break a long one in two lines."""
    return clean_line("".join(written.split()))[: limits.LINE]


def _sent_at(headers: Headers, defects: list[str]) -> str:
    """The moment in UTC; '' for none, and for one at which nobody wrote mails."""
    try:
        sent = parsedate_to_datetime(headers.first("date")[:200])
        sent = sent.replace(tzinfo=UTC) if sent.tzinfo is None else sent.astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        defects.append("no date")
        return ""
    return _sensible(sent, defects)


def _sensible(sent: datetime, defects: list[str]) -> str:
    if sent.year in _YEARS:
        return sent.isoformat()
    defects.append("a date of another age")
    return ""
