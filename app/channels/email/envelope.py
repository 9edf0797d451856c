"""From what somebody is to read to a mail that can be sent: addressed, signed, marked as ours and as automatic."""

import copy
import logging
import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import formataddr, parseaddr
from pathlib import Path
from typing import NamedTuple

from email_validator import EmailNotValidError, validate_email

from app.core.i18n import desk
from app.core.markup import clean_line
from app.core.outbox import PermanentFailure
from app.core.relay import relay

from . import references

log = logging.getLogger(__name__)

# Seven bits: not every relay takes eight, and smtplib does not ask.
POLICY = SMTP.clone(cte_type="7bit")
SUPPRESSED = "DR, RN, NRN, AutoReply"
"""What other servers need not answer us with. Reports of failure they should: those mark an address as dead."""
_MESSAGE_ID = re.compile(r"[!-;A-~]{1,400}@[!-;A-~]{1,255}", re.ASCII)


class Enclosed(NamedTuple):
    """A file that goes with a mail, read when the mail is handed over."""

    path: Path
    name: str
    content_type: str


@dataclass(frozen=True)
class Manner:
    """How a mail travels: from whom, in which thread, and what a machine that gets it is told.

    `sender` (name, address): where an answer comes back to; none: the address of the relay. `answers` is the
    Message-ID of the reader's own newest mail in the thread. `automatic` is the word of RFC 3834; '' for what a
    person has written, so that an absent reader's mailbox may say so. `off` is an address at which one click ends
    such mail. What must hold nothing of a stranger's words leaves out the reader's name, which a stranger chose.
    """

    sender: tuple[str, str] | None = None
    ticket_id: int | None = None
    answers: str = ""
    automatic: str = "auto-generated"
    is_listed: bool = False
    off: str = ""
    names_reader: bool = True


@dataclass(frozen=True)
class Letter:
    """What one person is to read: one line of subject, and the same text plain and as safe HTML."""

    subject: str
    text: str
    html: str
    manner: Manner = Manner()
    enclosed: tuple[Enclosed, ...] = ()


class Sealed(NamedTuple):
    """A mail and the two addresses that the relay is told."""

    message: EmailMessage
    sender: str
    recipient: str
    enclosed: tuple[Enclosed, ...] = ()


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

    Raises PermanentFailure when an address is none.
    """
    manner, domain = letter.manner, _domain()
    sender, recipient = plain((manner.sender or parseaddr(relay.sender))[1]), plain(to[1])
    message = EmailMessage(policy=POLICY)
    _address(message, letter, (_sender_name(manner), sender), (to[0], recipient))
    message["Date"] = now
    message["Message-ID"] = references.message_id(references.reference(reference, manner.ticket_id), domain)
    _mark(message, manner, domain)
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return Sealed(message, sender, recipient, letter.enclosed)


def _domain() -> str:
    """The desk's own, whichever mailbox a mail is sent from: the name of a thread must not change."""
    return plain(parseaddr(relay.sender)[1]).rpartition("@")[2]


def _sender_name(manner: Manner) -> str:
    return (manner.sender or parseaddr(relay.sender))[0] or desk.name


def _address(message: EmailMessage, letter: Letter, sender: tuple[str, str], to: tuple[str, str]) -> None:
    message["From"] = Line.of("From", *sender)
    if letter.manner.names_reader:
        message["To"] = Line.of("To", *to)
    else:
        message["To"] = to[1]
    message["Subject"] = Line.of("Subject", letter.subject)


def _mark(message: EmailMessage, manner: Manner, domain: str) -> None:
    """What machines read: the thread, that it is ours, how automatic it is, how to end it."""
    if manner.ticket_id is not None:
        thread = [references.root(manner.ticket_id, domain), *_answered(manner)]
        message["References"] = Line.of("References", " ".join(thread))
        if thread[1:]:
            message["In-Reply-To"] = Line.of("In-Reply-To", thread[-1])
    if manner.automatic:
        message["Auto-Submitted"] = manner.automatic
    message["X-Auto-Response-Suppress"] = f"{SUPPRESSED}, OOF" if manner.automatic else SUPPRESSED
    message["X-Jardam-Loop"] = references.signature("loop")
    if manner.is_listed:
        message["List-Id"] = Line.of("List-Id", desk.name, f"desk.{domain}")
    if manner.off:
        message["List-Unsubscribe"] = Line.of("List-Unsubscribe", f"<{manner.off}>")
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _answered(manner: Manner) -> list[str]:
    """The reader's own mail, if its Message-ID is one: what came from outside goes into no header as it is."""
    fits = _MESSAGE_ID.fullmatch(manner.answers) and "=?" not in manner.answers
    return [f"<{manner.answers}>"] if fits else []


def complete(mail: Sealed) -> EmailMessage:
    """The mail with its files, read from the disk: to be called while no transaction is open. The text names the files
    and where they are, so one that cannot be read holds nothing up."""
    message = copy.deepcopy(mail.message) if mail.enclosed else mail.message
    for file in mail.enclosed:
        try:
            maintype, _slash, subtype = file.content_type.partition("/")
            message.add_attachment(file.path.read_bytes(), maintype=maintype, subtype=subtype, filename=file.name)
        except OSError as error:
            log.warning("a mail leaves without the file %s: %s", file.path.name, error)
    return message


def plain(address: str) -> str:
    """An address as the network writes it, domains in other letters too. Raises PermanentFailure for what is none."""
    try:
        found = validate_email(address, check_deliverability=False, globally_deliverable=False).ascii_email
    except EmailNotValidError as error:
        raise PermanentFailure(f"“{clean_line(address)}” is not an address: {error}") from error
    if found is None:
        raise PermanentFailure(f"“{address}” has letters before its @ that mail cannot carry")
    return found
