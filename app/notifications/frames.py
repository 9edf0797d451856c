"""What stands around the words of a mail about a ticket: whether and how it may be answered, why it came, what was said
before, which files go with it; and how it travels."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from app.accounts.models import User
from app.channels.email.envelope import Enclosed, Manner
from app.channels.email.folding.marker import marked
from app.channels.email.models import InboundMail, Mailbox
from app.channels.email.return_address import mailbox_for
from app.core.db import db
from app.core.events import Event
from app.core.files import size_of
from app.core.i18n import desk, local_time
from app.sla.panels import in_plain_words
from app.sla.standing import standings
from app.sla.vocabulary import PROMISES
from app.tickets import policy
from app.tickets.models import Mailed, Message, Ticket

from . import off
from .audience import BEHIND_THE_DESK, STAFF_ONLY, name_of
from .letters import Said
from .topics import topic_of
from .why import why

MOST_ENCLOSED = 10_000_000
"""Bytes of files that go along in one mail: with what mail adds to them, every relay takes so much."""
MOST_QUOTED = 2000
OTHER_SIDE = {"replied": "incoming", "answered": "reply"}
"""Audience -> kind of the message that is quoted below: what the reader's own side said last."""


@dataclass(frozen=True)
class Earlier:
    """What was said before, under a line that says by whom."""

    heading: str
    said: Said


@dataclass(frozen=True)
class File:
    """A file of the message, as the mail names it."""

    name: str
    size: str


def message_of(event: Event) -> Message | None:
    """What was said in the event."""
    return db.session.get(Message, event.data["message_id"]) if "message_id" in event.data else None


def around(to: User, ticket: Ticket, event: Event) -> dict[str, Any]:
    """What the frame of a mail says, in the language in force."""
    box = mailbox_for(ticket.id, ticket.team_id)
    is_answerable = box is not None and name_of(event) not in STAFF_ONLY | BEHIND_THE_DESK
    return {
        "marker": marked(_("Please write your answer above this line")) if is_answerable else "",
        "answer_says": _answer_says(to, ticket, is_answerable) if box is not None else "",
        "earlier": _earlier(ticket, event) if is_answerable else None,
        **_files(ticket, event), **reasons(why(to, ticket, event)),
        "off": off.link(to, topic_of(event, to, ticket)), "mute": off.link(to, topic_of(event, to, ticket), ticket),
    }


def reasons(sentence: str) -> dict[str, str]:
    """Why the mail came, and where that is changed."""
    return {"why": sentence, "choices_url": f"{current_app.config['BASE_URL']}/notifications/settings"}


def promised(ticket: Ticket, now: datetime) -> str:
    """The promise to the requester in one line; '' where there is none."""
    shown = [one for one in standings(ticket.id, now) if one.clock.target in PROMISES]
    return ". ".join(part for part in in_plain_words(shown) if part)


def _answer_says(to: User, ticket: Ticket, is_answerable: bool) -> str:
    """An agent's answer is a reply where the server vouches for the agent, but to what only the staff reads a note."""
    if not is_answerable:
        return _("If you answer this mail, your answer becomes an internal note.")
    if policy.reads_notes(to, ticket):
        return _("If you answer this mail, your answer goes to the requester.")
    return _("You may simply answer this mail, or write on the desk.")


def _earlier(ticket: Ticket, event: Event) -> Earlier | None:
    """For people who read by mail only. Of a confidential ticket nothing; what is long is cut, the desk has it all."""
    message, kind = message_of(event), OTHER_SIDE.get(name_of(event))
    if ticket.is_confidential or kind is None or message is None:
        return None
    before = (sa.select(Message).where(Message.ticket_id == ticket.id, Message.kind == kind, Message.id < message.id)
              .order_by(Message.created_at.desc(), Message.id.desc()).limit(1))
    found = db.session.scalar(before)
    if found is None:
        return None
    about = {"name": found.author.name if found.author else desk.name, "when": local_time(found.created_at)}
    cut = found.body if len(found.body) <= MOST_QUOTED else f"{found.body[:MOST_QUOTED]} …"
    return Earlier(_("%(name)s wrote on %(when)s:", **about), Said(cut, found.format))


def _files(ticket: Ticket, event: Event) -> dict[str, Any]:
    files = [kept.file for kept in _attachments(ticket, event)]
    return {"files": [File(file.name, size_of(file.size_bytes)) for file in files],
            "files_enclosed": sum(file.size_bytes for file in files) <= MOST_ENCLOSED}


def enclosed(ticket: Ticket, event: Event) -> tuple[Enclosed, ...]:
    """The files that go along with a reply: all of them, or none where they are too large."""
    files = [kept.file for kept in _attachments(ticket, event)]
    if sum(file.size_bytes for file in files) > MOST_ENCLOSED:
        return ()
    return tuple(Enclosed(file.path, file.name, file.content_type) for file in files)


def _attachments(ticket: Ticket, event: Event) -> list[Any]:
    message = message_of(event) if name_of(event) == "replied" and not ticket.is_confidential else None
    return message.attachments if message is not None else []


def manner(to: User, ticket: Ticket, event: Event) -> Manner:
    """How a mail about a ticket travels. What a person wrote is not marked as automatic: if the reader is away, the
    answer of their mailbox that says so is kept on the ticket and answered by nobody. No button of a mail program
    ends the answers to what the reader asked: for that the foot of the mail has a link."""
    box, is_acknowledgement = mailbox_for(ticket.id, ticket.team_id), name_of(event) == "acknowledged"
    topic = topic_of(event, to, ticket)
    by_hand = name_of(event) == "replied" and event.actor_id is not None
    return Manner(
        sender=_sender(box) if box is not None else None, ticket_id=ticket.id, answers=_newest_mail(to, ticket),
        off=off.link(to, topic) if topic.name != "my_requests" else "",
        automatic="auto-replied" if is_acknowledgement else "" if by_hand else "auto-generated", is_listed=True,
        names_reader=not is_acknowledgement)


def _sender(box: Mailbox) -> tuple[str, str]:
    """The desk, or the team whose address it is. Not the agent's name: a name of the house over another address is what
    filters take for fraud, and who replied stands in the first line."""
    return f"{box.team.title} ({desk.name})" if box.team is not None else desk.name, box.address


def _newest_mail(to: User, ticket: Ticket) -> str:
    """The Message-ID of what this reader last wrote by mail on the ticket."""
    theirs = (sa.select(InboundMail.message_id).join(Mailed, Mailed.mail_id == InboundMail.id)
              .join(Message, Message.id == Mailed.message_id)
              .where(Message.ticket_id == ticket.id, Message.author_id == to.id)
              .order_by(Message.id.desc()).limit(1))
    return db.session.scalar(theirs) or ""
