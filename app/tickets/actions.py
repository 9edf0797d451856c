"""Work that spans several tickets, or a ticket and the catalogue: filing, answering an ended one, merging, linking."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import Team, User
from app.catalogue.models import RequestType
from app.catalogue.queries import landing_team
from app.core import clock
from app.core.db import db
from app.core.errors import Conflict, Invalid
from app.core.events import record
from app.core.files import StoredFile

from . import policy
from .models import Attachment, Message, PendingReason, Tag, Ticket, TicketAccess, TicketLink, Watch
from .settings import priority_of


@dataclass
class Request:
    """What somebody asks for, before it is a ticket."""

    request_type: RequestType
    subject: str
    body: str
    requester: User
    channel: str = "web"
    fields: dict[str, Any] = field(default_factory=dict)
    impact: str | None = None
    urgency: str | None = None
    submission: str | None = None
    files: list[StoredFile] = field(default_factory=list)
    team: Team | None = None
    """Where it lands, if that is known already: a mailbox may belong to a team."""
    format: str = "markdown"
    secret_of: Ticket | None = None
    """The confidential ticket it comes from: whatever it is about, it stays with those named there."""


def file(request: Request, by: User, at: datetime | None = None) -> Ticket:
    """Make the ticket, its first message and its first event, in the team where it lands."""
    return begin(request, by, at or clock.now())[0]


def begin(request: Request, by: User, at: datetime) -> tuple[Ticket, Message]:
    """The same, with its first message."""
    ticket = draft(request, by, at)
    db.session.add(ticket)
    db.session.flush()
    message = Message(ticket_id=ticket.id, kind="incoming", body=request.body, format=request.format,
                      author_id=request.requester.id, channel=request.channel,
                      entered_by_id=None if by is request.requester else by.id, created_at=at)
    db.session.add(message)
    attach(message, request.files)
    record("ticket.filed", ticket, by, at, changes=first_facts(ticket),
           on_behalf_of_id=None if by is request.requester else request.requester.id)
    return ticket, message


def draft(request: Request, by: User, moment: datetime) -> Ticket:
    """The ticket as it would be filed, in no session: what a promise can be reckoned for before it is given."""
    kind = request.request_type
    secret = request.secret_of
    team = request.team or (secret.team if secret else
                            landing_team(kind, request.requester.department_id, request.channel))
    impact, urgency = request.impact or kind.impact, request.urgency or kind.urgency
    ticket = Ticket(
        kind=kind.kind, subject=request.subject, requester=request.requester,
        filed_by_id=None if by is request.requester else by.id, department_id=request.requester.department_id,
        is_from_customer=request.requester.is_customer, channel=request.channel, request_type=kind,
        impact=impact, urgency=urgency,
        priority=priority_of(impact, urgency), status="new", level=team.level, team=team, fields=request.fields,
        is_confidential=kind.is_confidential or secret is not None, submission=request.submission,
        filed_at=moment, updated_at=moment,
        awaits="us", awaits_since=moment,
    )
    if secret is not None:
        ticket.accesses = [TicketAccess(team_id=access.team_id, user_id=access.user_id) for access in secret.accesses]
    elif kind.is_confidential:
        ticket.accesses = _named_on(kind, team.id)
    return ticket


def _named_on(kind: RequestType, team_id: int) -> list[TicketAccess]:
    """Those the request type names, and the team where it lands."""
    named = [TicketAccess(team_id=access.team_id, user_id=access.user_id) for access in kind.named]
    if all(access.team_id != team_id for access in named):
        named.append(TicketAccess(team_id=team_id))
    return named


FACTS = ("status", "priority", "impact", "urgency", "kind", "request_type_id", "team_id", "level", "assignee_id",
         "requester_id", "department_id", "is_from_customer", "channel")


def first_facts(ticket: Ticket) -> dict[str, list[Any]]:
    """The facts a ticket is filed with, as changes from nothing."""
    return {fact: [None, getattr(ticket, fact)] for fact in FACTS}


def attach(message: Message, stored: list[StoredFile]) -> None:
    """Hang files on a message; their bytes are on the disk already (core.files.write)."""
    for file in stored:
        db.session.add(Attachment(message=message, file=file))


def answer(ticket: Ticket, body: str, by: User, at: datetime | None = None, **about: Any) -> Message:
    """What the requester says: on the ticket, on what it was merged into, or on a follow-up if that has ended.

    The follow-up is one of the ticket it was said on: who asked for a duplicate need not be who asked for the original.
    """
    moment, going_on = at or clock.now(), going_on_of(ticket)
    if going_on.status in ("closed", "cancelled") or going_on.status == "resolved" and not going_on.can_reopen(moment):
        return follow_up(ticket, body, by, moment, **about)
    via = {} if going_on is ticket else {"via_id": ticket.id}
    return going_on.receive(body, by, moment, **about, **via)


def going_on_of(ticket: Ticket) -> Ticket:
    """Where the work goes on: what it was merged into, as often as that was merged too."""
    while ticket.merged_into is not None:
        ticket = ticket.merged_into
    return ticket


def follow_up(ended: Ticket, body: str, by: User, at: datetime, **about: Any) -> Message:
    """A new ticket for what came after the end, linked to the old one. What is confidential though its type is not
    (it was split off a confidential one, or its type was corrected) stays so."""
    is_secret = ended.is_confidential and not ended.request_type.is_confidential
    asked = Request(ended.request_type, ended.subject, body, ended.requester, about.get("channel", "web"),
                    dict(ended.fields), ended.impact, ended.urgency, format=about.get("format", "markdown"),
                    secret_of=ended if is_secret else None)
    ticket, message = begin(asked, by, at)
    message.submission, message.author_id, message.entered_by_id = about.get("submission"), by.id, None
    db.session.add(TicketLink(ticket_id=ticket.id, other_id=ended.id, kind="follow_up_of"))
    record("ticket.followed_up", ended, by, at, other=ticket.number)
    db.session.flush()
    return message


def reopen(ticket: Ticket, by: User, at: datetime, reason: str = "") -> None:
    """Open again within the reopening window; does nothing to what is open."""
    if ticket.status == "resolved" and not ticket.can_reopen(at):
        raise Conflict(_("It is too late to open this ticket again; an answer files a follow-up."))
    ticket.reopen(by, at, reason)


def pending_reason(slug: str | None, until: datetime | None, now: datetime) -> PendingReason:
    """For what a ticket is to wait, and until when. Raises Invalid when that cannot be."""
    reason = db.session.get(PendingReason, slug or "")
    if reason is None or not reason.is_active:
        raise Invalid(_("Please say what the ticket waits for."))
    if (until is None and reason.needs_date) or (until is not None and until <= now):
        raise Invalid(_("Say until when, at a moment still to come."))
    return reason


def merge(duplicate: Ticket, into: Ticket, by: User, at: datetime | None = None) -> None:
    """Close a duplicate into the original; nothing moves, so nothing is lost. Refuses circles and secrets."""
    if duplicate.id == into.id or into.merged_into_id is not None:
        raise Invalid(_("A ticket can only be merged into another one that stands by itself."))
    if duplicate.is_confidential != into.is_confidential:
        raise Invalid(_("A confidential ticket cannot be merged with one that is not."))
    if into.is_confidential and policy.is_read_by_more(into, duplicate):
        raise Invalid(_("This ticket is confidential, and others than those named on it see ticket %(number)s.",
                        number=into.number))
    for one in (duplicate, into):
        if not one.is_active:
            raise Conflict(_("Ticket %(number)s has ended.", number=one.number))
    duplicate.close_into(into, by, at)
    db.session.add(TicketLink(ticket_id=duplicate.id, other_id=into.id, kind="duplicate_of"))


def correct(ticket: Ticket, facts: dict[str, Any], by: User, at: datetime | None = None) -> None:
    """Other facts, and the priority that follows from impact and urgency. A ticket that turns out to be of a
    confidential type is confidential from then on; nothing makes it open again."""
    ticket.change(facts | {"priority": priority_of(facts["impact"], facts["urgency"])}, by, at)
    kind = db.session.get(RequestType, ticket.request_type_id)
    if kind.is_confidential and not ticket.is_confidential:
        ticket.is_confidential = True
        ticket.accesses = _named_on(kind, ticket.team_id)


def change_urgency(ticket: Ticket, impact: str, urgency: str, by: User | None, at: datetime | None = None) -> None:
    """Impact and urgency, and the priority that follows from them."""
    ticket.change({"impact": impact, "urgency": urgency, "priority": priority_of(impact, urgency)}, by, at)


def tag(ticket: Ticket, name: str, by: User | None) -> None:
    """Add a tag, made on first use; lower case."""
    word = name.strip().lower()[:40]
    if not word or any(tag.name == word for tag in ticket.tags):
        return
    found = db.session.scalar(db.select(Tag).where(Tag.name == word)) or Tag(name=word)
    ticket.tags.append(found)
    record("ticket.tagged", ticket, by, tag=word)


def untag(ticket: Ticket, name: str, by: User) -> None:
    for held in [held for held in ticket.tags if held.name == name]:
        ticket.tags.remove(held)
        record("ticket.untagged", ticket, by, tag=name)


def watch(ticket: Ticket, watcher: User, by: User, at: datetime | None = None) -> None:
    """Let somebody follow the ticket; they may see it from then on, without the notes."""
    if all(watch.user_id != watcher.id for watch in ticket.watches):
        ticket.watches.append(Watch(user=watcher, since=at or clock.now()))
        record("ticket.watched", ticket, by, at, watcher=watcher.name)


def unwatch(ticket: Ticket, watcher: User, by: User, at: datetime | None = None) -> None:
    for held in [held for held in ticket.watches if held.user_id == watcher.id]:
        ticket.watches.remove(held)
        record("ticket.unwatched", ticket, by, at, watcher=watcher.name)


def unlink(ticket: Ticket, held: TicketLink, by: User) -> None:
    """Take a link away again, from whichever end."""
    other = held.other_id if held.ticket_id == ticket.id else held.ticket_id
    db.session.delete(held)
    record("ticket.unlinked", ticket, by, other=other, link=held.kind)


def link(ticket: Ticket, other: Ticket, kind: str, by: User) -> None:
    """Say how two tickets stand to each other; once."""
    if ticket.id == other.id:
        raise Invalid(_("A ticket cannot be linked to itself."))
    known = db.select(TicketLink).filter_by(ticket_id=ticket.id, other_id=other.id, kind=kind)
    if db.session.scalar(known) is None:
        db.session.add(TicketLink(ticket_id=ticket.id, other_id=other.id, kind=kind))
        record("ticket.linked", ticket, by, other=other.number, link=kind)
