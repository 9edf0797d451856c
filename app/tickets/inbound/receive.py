"""The receiver of mail: what the table decides is done, in the caller's transaction."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from app.channels.email.mail import Mail
from app.channels.email.models import InboundMail
from app.channels.email.reasons import ASKED, REASONS, Outcome
from app.core.db import db
from app.core.events import unmailed

from .. import actions
from ..models import Ticket
from . import asked, bounces, brakes, filing, keeping
from .case import Arrival, Case, Files, case_of
from .table import decide

EXCERPT = 2000
"""Letters of a held mail that are shown before it is decided about."""


def receive(row: InboundMail, mail: Mail, files: Files, now: datetime, unreadable: str = "") -> Outcome:
    """Put one mail where it belongs. The row is claimed already; the caller settles it and commits."""
    case = case_of(Arrival(row, mail, files, now, unreadable))
    _reach_again(case)
    if row.reason in ASKED:
        # What a machine wrote is never answered, whoever lets it in.
        with unmailed(bool(mail.automatic)):
            return asked.ACTS[row.reason](case)
    word = decide(case.sender, case.reference, case.nature, case.proof)
    with brakes.braked(case):
        return ACTS[word](case) if word in ACTS else _left(word, case)


def _left(word: str, case: Case) -> Outcome:
    """Held or dropped: of what is held the beginning of its words helps to decide about it."""
    words = case.mail.text.strip()[:EXCERPT] if REASONS[word].state == "held" else ""
    return Outcome(word, case.ticket.id if case.ticket is not None else None, words)


def _reach_again(case: Case) -> None:
    """Who writes can be written to, whatever came back before; a machine or a forger says nothing about that."""
    user = case.user
    if user is not None and user.bounced_at is not None and case.nature in ("person", "forward") \
            and case.proof != "failed":
        user.bounced_at, user.bounce_reason = None, ""


def _joined(case: Case) -> Outcome:
    going_on = actions.going_on_of(case.ticket)
    if _is_double(case, InboundMail.ticket_id.in_([case.ticket.id, going_on.id])):
        return Outcome("double", going_on.id)
    message = actions.answer(case.ticket, keeping.body_of(case.mail), case.user, case.now, channel="email",
                             format="text")
    ticket = db.session.get_one(Ticket, message.ticket_id)
    keeping.hang(case, message, ticket)
    if ticket is going_on:
        return Outcome("joined", ticket.id)
    brakes.acknowledge(case, ticket)
    return Outcome("followed_up", ticket.id)


def _automatic(case: Case) -> Outcome:
    going_on = actions.going_on_of(case.ticket)
    if _is_double(case, InboundMail.ticket_id.in_([case.ticket.id, going_on.id])):
        return Outcome("double", going_on.id)
    via = {} if going_on is case.ticket else {"via_id": case.ticket.id}
    message = going_on.receive_automatic(keeping.body_of(case.mail), case.user, case.now, channel="email",
                                         format="text", **via)
    keeping.hang(case, message, going_on)
    return Outcome("automatic", going_on.id)


def _replied(case: Case) -> Outcome:
    """What has ended takes no reply: then it is a note that an agent decides about."""
    if case.ticket.status in ("closed", "cancelled"):
        return _unsent(case)
    if _is_double(case, InboundMail.ticket_id == case.ticket.id):
        return Outcome("double", case.ticket.id)
    message = case.ticket.reply(keeping.body_of(case.mail), case.user, case.now, channel="email", format="text")
    keeping.hang(case, message, case.ticket)
    return Outcome("replied", case.ticket.id)


def _unsent(case: Case) -> Outcome:
    """The desk itself says that the note came: whoever it claims to be from is told too, and may know nothing of it."""
    if _is_double(case, InboundMail.ticket_id == case.ticket.id):
        return Outcome("double", case.ticket.id)
    message = case.ticket.note(keeping.body_of(case.mail), None, case.now, channel="email", format="text")
    message.author_id = case.user.id
    keeping.hang(case, message, case.ticket, is_unsent=True)
    return Outcome("unsent", case.ticket.id)


def _noted(case: Case) -> Outcome:
    """What answers a note is a note; it goes to nobody outside, so nobody need vouch for it."""
    if _is_double(case, InboundMail.ticket_id == case.ticket.id):
        return Outcome("double", case.ticket.id)
    by = case.user if case.proof == "proven" else None
    message = case.ticket.note(keeping.body_of(case.mail), by, case.now, channel="email", format="text")
    message.author_id = case.user.id
    keeping.hang(case, message, case.ticket)
    return Outcome("noted", case.ticket.id)


def _filed(case: Case, word: str = "filed") -> Outcome:
    if double := _double_of(case, *_same_queue(case)):
        return Outcome("double", double)
    case.user = case.user or filing.new_customer(case)
    ticket = filing.file(case, case.user)
    filing.propose(case, ticket)
    brakes.acknowledge(case, ticket)
    return Outcome(word, ticket.id)


def _forwarded(case: Case) -> Outcome:
    if double := _double_of(case, *_same_queue(case)):
        return Outcome("double", double)
    ticket = filing.file_forwarded(case)
    filing.propose(case, ticket)
    return Outcome("forwarded", ticket.id)


def _unreadable(case: Case) -> Outcome:
    if double := _double_of(case, *_same_queue(case)):
        return Outcome("double", double)
    case.user = case.user or filing.new_customer(case)
    ticket = filing.file_unreadable(case, case.user)
    return Outcome("unreadable", ticket.id, case.arrival.unreadable)


def _same_queue(case: Case) -> tuple[object, ...]:
    """A mail to several teams is a request to each; one to several addresses of one queue is one."""
    boxes = InboundMail.mailbox.has(team_id=case.row.mailbox.team_id)
    return (boxes, InboundMail.ticket_id.is_not(None))


def _is_double(case: Case, *conditions: object) -> bool:
    return _double_of(case, *conditions) is not None


def _double_of(case: Case, *conditions: object) -> int | None:
    """The ticket by which this very mail was taken in already, by way of another of our addresses. Who may not read
    that ticket may not read this copy either, so the log names it."""
    if not case.mail.message_id:
        return None
    same = sa.select(InboundMail.ticket_id).where(
        InboundMail.message_id == case.mail.message_id[:500], InboundMail.id != case.row.id,
        InboundMail.sender == case.row.sender, InboundMail.state == "taken", *conditions)
    return db.session.scalar(same.limit(1))


ACTS: dict[str, Callable[[Case], Outcome]] = {
    "filed": _filed,
    "proposed": lambda case: _filed(case, "proposed"),
    "automatic_filed": lambda case: _filed(case, "automatic_filed"),
    "forwarded": _forwarded,
    "joined": _joined,
    "automatic": _automatic,
    "replied": _replied,
    "noted": _noted,
    "unsent": _unsent,
    "unreadable": _unreadable,
    "bounce": bounces.receive,
}
"""What is done for a word of the table; for any other the mail is held or dropped, as its reason says."""
