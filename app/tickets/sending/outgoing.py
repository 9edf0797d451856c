"""A reply that can still be taken back: kept, taken back, sent when its time has come. Nothing here commits.

One conditional UPDATE decides between the hand that takes it back and the process that sends it. What was true when
the button was pressed is asked again when it leaves: until then the requester may have written.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.core.db import claim, db
from app.core.errors import Conflict, DeskError, NotAllowed
from app.core.events import record
from app.core.files import StoredFile
from app.core.policy import may

from .. import actions, articles, policy, queries
from ..models import Mailed, Message, OutgoingReply, Ticket

LONGEST_SECONDS = 30
PERMISSIONS = {"stay": "ticket.reply", "wait": "ticket.hold", "resolve": "ticket.resolve"}


@dataclass(frozen=True)
class Wanted:
    """What an agent wants to say, and what is to become of the ticket then."""

    body: str
    then: str = "stay"
    reason: str | None = None
    until: datetime | None = None
    submission: str | None = None
    seen_message_id: int | None = None
    files: list[StoredFile] = field(default_factory=list)


def keep(ticket: Ticket, wanted: Wanted, by: User, now: datetime, seconds: int) -> OutgoingReply:
    """Keep it for some seconds. Raises Conflict or Invalid for what could not be sent now either."""
    if not policy.can_be_told(by, ticket):
        raise Conflict(_("This ticket has ended; file a follow-up instead."))
    if wanted.then == "wait":
        actions.pending_reason(wanted.reason, wanted.until, now)
    row = OutgoingReply(ticket_id=ticket.id, author_id=by.id, body=wanted.body, then=wanted.then, reason=wanted.reason,
                        until=wanted.until, submission=wanted.submission, seen_message_id=wanted.seen_message_id,
                        created_at=now, send_at=now + timedelta(seconds=min(seconds, LONGEST_SECONDS)),
                        state="waiting", files=list(wanted.files))
    db.session.add(row)
    db.session.flush()
    return row


def take_back(row: OutgoingReply, now: datetime) -> bool:
    """Whether it was early enough: it stands in the composer again then."""
    return _settle(row.id, now, state="back")


def throw_away(row: OutgoingReply, now: datetime) -> None:
    """What came back and is not wanted any more; twice is harmless."""
    _end(row.id, "back", now, state="done")


def send(row_id: int, now: datetime) -> bool:
    """Say what is due, once; false when somebody else was faster. What may not be said any more goes back to its
    author, with the reason."""
    number = db.session.scalar(sa.select(OutgoingReply.ticket_id).where(OutgoingReply.id == row_id))
    ticket = db.session.scalar(sa.select(Ticket).where(Ticket.id == number).with_for_update(of=Ticket))
    if ticket is None or not _settle(row_id, now, OutgoingReply.send_at <= now, state="sent"):
        return False
    row = db.session.get_one(OutgoingReply, row_id, populate_existing=True)
    try:
        with db.session.begin_nested():
            _say(ticket, row, row.author, now)
    except DeskError as refused:
        db.session.expire_all()
        give_back(row_id, refused.message, now)
    return True


def give_back(row_id: int, why: str, now: datetime) -> None:
    """It was not sent: to the composer of its author, who is told."""
    _end(row_id, "sent", now, state="back", why=why)
    row = db.session.get_one(OutgoingReply, row_id, populate_existing=True)
    ticket = db.session.get_one(Ticket, row.ticket_id)
    record("ticket.reply_not_sent", ticket, None, now, author=row.author.name, to_id=row.author_id)


def _say(ticket: Ticket, row: OutgoingReply, author: User, now: datetime) -> None:
    """The same verbs as when it is sent at once, after the same questions."""
    _ask_again(ticket, row, author)
    message = ticket.reply(row.body, author, now, submission=row.submission)
    articles.send(ticket, row.body, author, now)
    actions.attach(message, row.files)
    if row.then == "wait":
        ticket.hold(actions.pending_reason(row.reason, row.until, now), author, now, row.until)
    elif row.then == "resolve":
        ticket.resolve(author, now)
    db.session.flush()


def _ask_again(ticket: Ticket, row: OutgoingReply, author: User) -> None:
    """Raises NotAllowed or Conflict."""
    allowed = author.is_active and queries.is_seen(author, ticket.number) and all(
        may(author, permission, ticket) for permission in ("ticket.reply", PERMISSIONS[row.then]))
    if not allowed:
        raise NotAllowed(_("You may not do this here any more."))
    newer = db.session.execute(_said_since(ticket, row)).first()
    if newer is not None:
        raise Conflict(_("%(name)s wrote meanwhile.", name=newer[0] or _("The desk")))


def _said_since(ticket: Ticket, row: OutgoingReply) -> sa.Select:
    """Whoever else said something that its author has not seen; notes and automatic answers count for nothing."""
    automatic = sa.exists().where(Mailed.message_id == Message.id, Mailed.automatic != "")
    seen = row.seen_message_id if row.seen_message_id is not None else 2**62
    return (sa.select(User.name).select_from(Message).outerjoin(User, User.id == Message.author_id)
            .where(Message.ticket_id == ticket.id, Message.id > seen, Message.kind != "note",
                   Message.author_id.is_distinct_from(row.author_id), ~automatic).order_by(Message.id).limit(1))


def _settle(row_id: int, now: datetime, *conditions: sa.ColumnElement[bool], state: str) -> bool:
    """True for exactly one of all who try to end the waiting."""
    return claim(OutgoingReply, OutgoingReply.id == row_id, OutgoingReply.state == "waiting", *conditions, state=state,
                 ended_at=now)


def _end(row_id: int, was: str, now: datetime, **values: str) -> bool:
    return claim(OutgoingReply, OutgoingReply.id == row_id, OutgoingReply.state == was, ended_at=now, **values)
