"""One mail and what it means here: who wrote it, as things stand now, and which ticket it speaks of."""

import re
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from app.accounts.models import User
from app.channels.email import references
from app.channels.email.mail import Mail, Part
from app.channels.email.models import InboundMail
from app.channels.email.own import is_among, own_addresses
from app.channels.email.reading.proof import proven
from app.channels.email.settings import mail as settings
from app.core.db import db
from app.core.events import KINDS, Event
from app.core.files import StoredFile
from app.core.outbox import OutboxRow

from .. import actions, policy
from ..models import Ticket

OUTSIDE = frozenset({"filed", "acknowledged", "assigned", "replied", "answered", "held", "reminded", "resolved",
                     "reopened", "cancelled"})
"""Audiences whose mail is about the conversation with the requester; all others are told what only agents read."""
MOST_REFERENCES = 100
NUMBER = re.compile(r"#(\d{1,15})(?!\d)", re.ASCII)
Files = list[tuple[Part, StoredFile]]


@dataclass
class Arrival:
    """A mail as it was taken over: its row, what is understood of it, and its parts, stored. `unreadable` says why
    nothing more is understood than the head; '' for what was understood."""

    row: InboundMail
    mail: Mail
    files: Files
    now: datetime
    unreadable: str = ""
    ours: frozenset[str] = field(default_factory=own_addresses)


@dataclass
class Case:
    """An arrival and what it means: the four words of the table, and the rows behind them. `hint` says by what a
    ticket is only proposed."""

    arrival: Arrival
    sender: str
    reference: str
    nature: str
    proof: str
    user: User | None = None
    ticket: Ticket | None = None
    hint: str = ""

    @property
    def row(self) -> InboundMail:
        return self.arrival.row

    @property
    def mail(self) -> Mail:
        return self.arrival.mail

    @property
    def now(self) -> datetime:
        return self.arrival.now


def case_of(arrival: Arrival) -> Case:
    """Rights are asked as they are at this moment, not as they were when the mail was written."""
    user = _user(arrival.mail)
    case = Case(arrival, _sender(arrival, user), "none", nature="", proof=proven(arrival.mail) or "silent")
    case.user = user if case.sender == "known" else None
    _find_ticket(case)
    case.nature = _nature(case)
    return case


def _user(mail: Mail) -> User | None:
    if mail.sender is None:
        return None
    return db.session.scalar(sa.select(User).where(User.email == mail.sender.email))


def _sender(arrival: Arrival, user: User | None) -> str:
    """The word for who wrote it, before any ticket is looked at."""
    takes_in = settings.unknown_senders == "accept"
    if arrival.mail.sender is None:
        return "new" if takes_in else "nobody"
    if is_among(arrival.mail.sender.email, arrival.ours):
        return "ours"
    if user is None:
        return "new" if takes_in else "unknown"
    return "known" if user.is_active else "inactive"


def _nature(case: Case) -> str:
    mail, user = case.mail, case.user
    if case.arrival.unreadable:
        return "unreadable"
    if mail.bounce is not None:
        return "bounce"
    if mail.automatic == "own_loop":
        return "loop"
    if mail.automatic:
        return "automatic"
    if case.sender == "staff" and _answers_inside(mail):
        return "inside"
    is_forward = mail.forwarded is not None and user is not None and user.is_agent
    return "forward" if is_forward and not is_among(mail.forwarded.sender.email, case.arrival.ours) else "person"


def _answers_inside(mail: Mail) -> bool:
    """Whether it answers what only the staff was told, alone or in a digest: then it is not for the requester. Nor is
    an answer to what is forgotten: nobody knows any more who was told."""
    signed = next((written for written in mentioned(mail) if references.ticket_of(written) is not None), "")
    if references.row_of(signed) is None:
        return False
    event = _told_in(signed)
    return event is None or KINDS[event.kind].audience not in OUTSIDE


def _told_in(signed: str) -> Event | None:
    """The event of which a mail of ours told; None for a digest and for what is forgotten."""
    number = references.event_of(signed)
    if number is not None:
        return db.session.get(Event, number)
    row = db.session.get(OutboxRow, references.row_of(signed))
    return row.event if row is not None else None


def _find_ticket(case: Case) -> None:
    """What we signed counts first, from the right: where the sender takes part, else where a mail of ours belongs.
    Then what anybody could have written, which only proposes."""
    signed = _signed(case.mail)
    for ticket in signed:
        standing = _standing(case.user, ticket)
        if standing is not None:
            case.sender, case.ticket, case.reference = *standing, "signed"
            return
    if signed:
        case.ticket, case.reference, case.hint = signed[0], "signed", "no_part"
        return
    case.ticket, case.hint = _hinted(case.mail)
    case.reference = "hinted" if case.ticket is not None else "none"


def mentioned(mail: Mail) -> list[str]:
    """The Message-IDs that a mail answers: In-Reply-To, then References, each from the right."""
    return list(dict.fromkeys([*reversed(mail.in_reply_to), *reversed(mail.references)]))[:MOST_REFERENCES]


def _signed(mail: Mail) -> list[Ticket]:
    """The tickets that still exist of those whose references we signed; locked, as for every verb."""
    ids = [references.ticket_of(written) for written in mentioned(mail)]
    wanted = [number for number in dict.fromkeys(ids) if number is not None and number < 2**63]
    if not wanted:
        return []
    statement = sa.select(Ticket).where(Ticket.id.in_(wanted)).order_by(Ticket.id).with_for_update(of=Ticket)
    found = {ticket.id: ticket for ticket in db.session.scalars(statement)}
    return [found[number] for number in wanted if number in found]


def _standing(user: User | None, ticket: Ticket) -> tuple[str, Ticket] | None:
    """As what somebody may write into this ticket, and into which one; None for who takes no part.

    Of a merged ticket the staff is that of the one where the work goes on. Who asked for a duplicate answers there,
    also when the mail that is answered was about the original.
    """
    if user is None:
        return None
    going_on = actions.going_on_of(ticket)
    for own in (ticket, going_on):
        if policy.is_requester(user, own):
            return "part", own
    if policy.staff(user, going_on):
        return "staff", going_on
    if policy.takes_part(user, ticket):
        return "part", ticket
    duplicate = _own_duplicate(user, ticket)
    return ("part", duplicate) if duplicate is not None else None


def _own_duplicate(user: User, ticket: Ticket) -> Ticket | None:
    merged = sa.select(Ticket.id).where(Ticket.merged_into_id == ticket.id).cte("merged", recursive=True)
    merged = merged.union(sa.select(Ticket.id).where(Ticket.merged_into_id == merged.c.id))
    own = sa.select(Ticket).where(Ticket.id.in_(sa.select(merged.c.id)), Ticket.requester_id == user.id)
    return db.session.scalar(own.order_by(Ticket.id).limit(1))


def _hinted(mail: Mail) -> tuple[Ticket | None, str]:
    number = _of_stored_mail(mail)
    if number is not None:
        return db.session.get(Ticket, number), "thread"
    named = next((int(found) for found in NUMBER.findall(mail.subject)), None)
    ticket = db.session.get(Ticket, named) if named is not None else None
    return ticket, "number" if ticket is not None else ""


def _of_stored_mail(mail: Mail) -> int | None:
    """The ticket of a mail that we stored and this one answers."""
    asked = [written[:500] for written in mentioned(mail)]
    if not asked:
        return None
    statement = sa.select(InboundMail.message_id, InboundMail.ticket_id).where(
        InboundMail.message_id.in_(asked), InboundMail.state == "taken", InboundMail.ticket_id.is_not(None))
    known = {written: ticket_id for written, ticket_id in db.session.execute(statement).all()}  # noqa: C416
    return next((known[written] for written in asked if written in known), None)
