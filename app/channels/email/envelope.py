"""From what somebody is to read to a mail that can be sent: addressed, signed, marked as ours and as automatic."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import formataddr, parseaddr
from typing import NamedTuple

from email_validator import EmailNotValidError, validate_email
from flask import current_app

from app.core.i18n import desk
from app.core.markup import clean_line
from app.core.outbox import PermanentFailure
from app.core.relay import relay

# Seven bits: not every relay takes eight, and smtplib does not ask.
POLICY = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True)
class Letter:
    """What one person is to read: one line of subject, and the same text plain and as safe HTML."""

    subject: str
    text: str
    html: str


class Sealed(NamedTuple):
    """A mail and the two addresses that the relay is told."""

    message: EmailMessage
    sender: str
    recipient: str


class Line(str):
    """A header of words, taken as they are. The library's own would decode what only looks encoded (line ends too),
    and Python 3.11 loses spaces where it breaks a long line that is not English."""

    name: str
    address = ""

    @classmethod
    def of(cls, name: str, words: str, address: str = "") -> "Line":
        line = cls(clean_line(words))
        line.name, line.address = name, address
        return line

    def fold(self, *, policy: Policy) -> str:
        """The header as it goes over the wire."""
        if self.isascii() and "=?" not in self:
            written = formataddr((str(self), self.address)) if self.address else str(self)
            folded = Header(written, "us-ascii", header_name=self.name).encode(linesep=policy.linesep)
        else:
            folded = Header(str(self), "utf-8", header_name=self.name).encode(linesep=policy.linesep)
            folded += f"{policy.linesep} <{self.address}>" if self.address else ""
        return f"{self.name}: {folded}{policy.linesep}"


def envelope(letter: Letter, to: tuple[str, str], reference: str, now: datetime) -> Sealed:
    """The mail to one person (name, address). The same `reference` gives the same Message-ID.

    Raises PermanentFailure when the address is none.
    """
    name, address = parseaddr(relay.sender)
    sender, recipient = plain(address), plain(to[1])
    message = EmailMessage(policy=POLICY)
    message["From"] = Line.of("From", name or desk.name, sender)
    message["To"] = Line.of("To", to[0], recipient)
    message["Subject"] = Line.of("Subject", letter.subject)
    message["Date"] = now
    message["Message-ID"] = f"<jardam.{reference}.{signature(reference)}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["X-Jardam-Loop"] = signature("loop")
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return Sealed(message, sender, recipient)


def signature(text: str) -> str:
    """What only this desk can write: 128 bits of an HMAC under the key of the instance."""
    return hmac.new(current_app.config["SECRET_KEY"], b"mail:" + text.encode(), hashlib.sha256).hexdigest()[:32]


def plain(address: str) -> str:
    """An address as the network writes it, domains in other letters too. Raises PermanentFailure for what is none."""
    try:
        found = validate_email(address, check_deliverability=False, globally_deliverable=False).ascii_email
    except EmailNotValidError as error:
        raise PermanentFailure(f"“{clean_line(address)}” is not an address: {error}") from error
    if found is None:
        raise PermanentFailure(f"“{address}” has letters before its @ that mail cannot carry")
    return found
