"""Message-IDs that only this desk can write, and what one of them says: the only thing by which a mail joins a ticket.

`<jardam.t12.345.SIGNATURE@desk.example>` is a mail of row 345 of the outbox, about ticket 12; `…t12.345.….e99…` is one
that was gathered and told of event 99 alone; `…t12.root…` is the thread itself, named in References of every mail about
the ticket. The signature covers all that stands before it.
"""

import hashlib
import hmac
import re

from flask import current_app

ROOT = "root"
_OURS = re.compile(r"jardam\.((?:t(\d{1,18})\.)?([\w.]{1,80}))\.([0-9a-f]{32})@[\w.\-]{1,255}", re.ASCII)
_EVENT = re.compile(r"[\d.]{1,60}\.e(\d{1,18})", re.ASCII)


def signature(text: str) -> str:
    """What only this desk can write: 128 bits of an HMAC under the key of the instance."""
    return hmac.new(current_app.config["SECRET_KEY"], b"mail:" + text.encode(), hashlib.sha256).hexdigest()[:32]


def reference(row: str, ticket_id: int | None = None) -> str:
    """The middle of a Message-ID: about a ticket, or about none."""
    return row if ticket_id is None else f"t{ticket_id}.{row}"


def message_id(what: str, domain: str) -> str:
    """A whole Message-ID, in its brackets, for what `reference` gave."""
    return f"<jardam.{what}.{signature(what)}@{domain}>"


def root(ticket_id: int, domain: str) -> str:
    """The Message-ID that stands for the whole thread of a ticket; no mail has it."""
    return message_id(reference(ROOT, ticket_id), domain)


def is_ours(written: str) -> bool:
    """Whether a Message-ID (without brackets) is one of this desk's own."""
    return _signed(written) is not None


def ticket_of(written: str) -> int | None:
    """The ticket about which we wrote a mail with this Message-ID (without brackets); None for what we did not sign."""
    found = _signed(written)
    return int(found.group(2)) if found and found.group(2) else None


def row_of(written: str) -> int | None:
    """The row of the outbox that this Message-ID names, if we signed it and it names one."""
    found = _signed(written)
    row = found.group(3).partition(".")[0] if found else ""
    return int(row) if row.isdecimal() and len(row) < 19 else None


def event_of(written: str) -> int | None:
    """The event of which a mail told, if we signed it and it told of one alone."""
    found = _signed(written)
    told = _EVENT.fullmatch(found.group(3)) if found else None
    return int(told.group(1)) if told else None


def _signed(written: str) -> re.Match[str] | None:
    found = _OURS.fullmatch(written)
    return found if found and hmac.compare_digest(found.group(4), signature(found.group(1))) else None
