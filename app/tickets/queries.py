"""What may be asked about tickets. Everything starts from `visible_to`: the one place that says who sees what."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, defaultload, joinedload, lazyload
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.models import Membership, Team, User, below
from app.channels.email.models import InboundMail, Mailbox
from app.core.db import BigId, db, is_sqlite
from app.core.errors import NotFound

from . import policy
from .models import Attachment, Handover, Hold, KnownIssue, Mailed, Message, Ticket
from .models.related import PendingReason, TicketAccess, TicketLink, Watch, ticket_tags
from .vocabulary import ACTIVE, ENDED


def visible_to(person: Any) -> sa.Select:
    """A select of the tickets this person may see; nothing for a stranger.

    Own ones (requester, filer, watcher, assignee); those of the own teams and those an own team handed over;
    a manager those of the departments headed: asked for there, or worked on by teams that belong there; an
    administrator all. Confidential ones only for who is named.
    """
    return sa.select(Ticket).where(sees(person))


def sees(person: Any) -> Any:
    """The condition behind `visible_to`, for queries that join tickets."""
    if not person.is_authenticated:
        return sa.false()
    return _sees(_Eyes.of(person))


class _Eyes(NamedTuple):
    """All that decides what a person sees, so that the condition is built once: building it takes longer than
    the look-up of a ticket by its number."""

    id: int
    team_ids: tuple[int, ...]
    is_administrator: bool

    @classmethod
    def of(cls, person: Any) -> "_Eyes":
        """Raises NotFound for a stranger, whose missing id would match every ticket that lacks one too."""
        if not person.is_authenticated:
            raise NotFound()
        return cls(person.id, tuple(sorted(person.team_ids)), person.is_administrator)


@lru_cache(maxsize=2048)
def _sees(eyes: _Eyes) -> Any:
    return sa.or_(_own(eyes), sa.and_(~Ticket.is_confidential, _by_office(eyes)), _named(eyes))


def _own(eyes: _Eyes) -> Any:
    watching = sa.exists().where(Watch.ticket_id == Ticket.id, Watch.user_id == eyes.id)
    return sa.or_(Ticket.requester_id == eyes.id, Ticket.filed_by_id == eyes.id,
                  Ticket.assignee_id == eyes.id, watching)


def _by_office(eyes: _Eyes) -> Any:
    if eyes.is_administrator:
        return sa.true()
    theirs = sa.select(Team.id).where(Team.department_id.in_(below(eyes.id)))
    headed = sa.or_(Ticket.department_id.in_(below(eyes.id)), _of_teams(theirs))
    return sa.or_(_of_teams(eyes.team_ids), headed) if eyes.team_ids else headed


def _of_teams(team_ids: tuple[int, ...] | sa.Select) -> Any:
    handed_over = sa.exists().where(Handover.ticket_id == Ticket.id, Handover.from_team_id.in_(team_ids),
                                    Handover.kind == "escalation")
    return sa.or_(Ticket.team_id.in_(team_ids), handed_over)


def _named(eyes: _Eyes) -> Any:
    """Named on a confidential ticket, oneself or a team of one's own."""
    whom = sa.or_(TicketAccess.user_id == eyes.id, TicketAccess.team_id.in_(eyes.team_ids))
    return sa.and_(Ticket.is_confidential, sa.exists().where(TicketAccess.ticket_id == Ticket.id, whom))


def sees_in_team(person: User, team_id: int) -> Any:
    """`sees` for the tickets of one team: the same rows. Whoever works in the team (or the administrator) sees all of
    them but the confidential, and saying so first leaves the planner the index of the queue."""
    if team_id not in person.team_ids and not person.is_administrator:
        return sa.and_(Ticket.team_id == team_id, sees(person))
    return sa.and_(Ticket.team_id == team_id, _unless_confidential(person))


def sees_in_teams(person: User) -> Any:
    """`sees` for the tickets of all teams one works in, of every team for the administrator: the same rows.

    They are read in the order of all queues, so SQLite, which would rather look teams up and then sort, is kept from
    the indexes that begin with the team by a sign that changes nothing.
    """
    if person.is_administrator:
        return _unless_confidential(person)
    if len(person.team_ids) == 1:
        return sees_in_team(person, person.team_ids[0])
    team_id = sa.literal_column("+tickets.team_id", sa.Integer) if is_sqlite() else Ticket.team_id
    return sa.and_(team_id.in_(sorted(person.team_ids)), _unless_confidential(person))


def sees_handed_over(person: User) -> Any:
    """`sees` for what the own teams escalated and no longer have: the same rows."""
    ours = sa.select(Handover.ticket_id).where(Handover.kind == "escalation",
                                               Handover.from_team_id.in_(person.team_ids))
    return sa.and_(Ticket.id.in_(ours), Ticket.team_id.not_in(person.team_ids), _unless_confidential(person))


def _unless_confidential(person: User) -> Any:
    eyes = _Eyes.of(person)
    return sa.or_(~Ticket.is_confidential, _own(eyes), _named(eyes))


def reads_as_staff(person: Any) -> Any:
    """The condition for tickets whose notes this person reads: `policy.reads_notes`, asked of many at once."""
    if not person.is_authenticated:
        return sa.false()
    eyes = _Eyes.of(person)
    by_office = sa.true() if eyes.is_administrator else _of_teams(eyes.team_ids) if eyes.team_ids else sa.false()
    named = sa.or_(Ticket.assignee_id == eyes.id, _named(eyes))
    return sa.and_(Ticket.requester_id != eyes.id,
                   sa.or_(sa.and_(~Ticket.is_confidential, sa.or_(by_office, Ticket.assignee_id == eyes.id)),
                          sa.and_(Ticket.is_confidential, named)))


def asked_by(person: User) -> Any:
    """What a person asked for or watches, whoever works on it."""
    asked = sa.select(Ticket.id).where(Ticket.requester_id == person.id)
    watched = sa.select(Watch.ticket_id).where(Watch.user_id == person.id)
    return Ticket.id.in_(sa.union_all(asked, watched))


def shows_tags(person_id: int) -> Any:
    """In a list of the staff's work a search by tag must not tell what own requests are tagged with."""
    return Ticket.requester_id != person_id


def is_active() -> Any:
    """Somebody still has to do something. Spelled with literals: the index of queues holds only such tickets, and
    SQLite proves that from the text of the statement alone."""
    return Ticket.status.in_([sa.literal_column(f"'{status}'") for status in ACTIVE])


def is_under_way() -> Any:
    """The same tickets as `is_active`. What is said so can be looked up by no index but that of all queues, in whose
    order such a list is read; SQLite would otherwise find the tickets of each status and sort them."""
    return Ticket.status.not_in([sa.literal_column(f"'{status}'") for status in ENDED])


def by_number(person: Any, number: int) -> Ticket:
    """The ticket to change, if this person may see it. Raises NotFound for what is not there or not theirs.

    Locks the row on PostgreSQL, so that verbs on one ticket come one after another; SQLite's write lock does that.
    """
    return _found(_locked(_Eyes.of(person)), number)


def for_page(person: Any, number: int) -> Ticket:
    """The same for reading, with what the ticket page shows.

    Most tickets have no hops, tags or watchers: the statement says whether there are any, and only what is there is
    read, in one query each.
    """
    found = db.session.execute(_paged(_Eyes.of(person)), {"number": _known(number)}).first()
    if found is None:
        raise NotFound()
    for (name, _column), is_there in zip(_HANGING, found[1:], strict=True):
        if not is_there:
            set_committed_value(found[0], name, [])
    return found[0]


_NUMBER = sa.bindparam("number", type_=BigId)


@lru_cache(maxsize=2048)
def _locked(eyes: _Eyes) -> sa.Select:
    return sa.select(Ticket).where(_sees(eyes), Ticket.id == _NUMBER).with_for_update(of=Ticket)


@lru_cache(maxsize=2048)
def _paged(eyes: _Eyes) -> sa.Select:
    hanging = (sa.exists().where(column == Ticket.id).correlate(Ticket) for _name, column in _HANGING)
    return sa.select(Ticket, *hanging).where(_sees(eyes), Ticket.id == _NUMBER).options(*_page_options())


def is_seen(person: Any, number: int) -> bool:
    """Whether this person (still) sees the ticket."""
    return db.session.scalar(visible_to(person).where(Ticket.id == number).with_only_columns(Ticket.id)) is not None


def _known(number: int) -> int:
    if number >= 2**63:
        raise NotFound()
    return number


_HANGING = (("handovers", Handover.ticket_id), ("tags", ticket_tags.c.ticket_id), ("watches", Watch.ticket_id),
            ("known_issues", KnownIssue.ticket_id))


def _found(statement: sa.Select, number: int) -> Ticket:
    ticket = db.session.scalar(statement, {"number": _known(number)})
    if ticket is None:
        raise NotFound()
    return ticket


def _name(relation: Any) -> Any:
    """A person of whom only the name is shown: the teams stay unread."""
    return joinedload(relation).options(lazyload(User.memberships))


def _page_options() -> tuple[Any, ...]:
    return (
        _name(Ticket.requester), _name(Ticket.filed_by), _name(Ticket.assignee),
        joinedload(Ticket.department), joinedload(Ticket.request_type), joinedload(Ticket.team),
        defaultload(Ticket.handovers).options(joinedload(Handover.from_team), joinedload(Handover.to_team)),
        defaultload(Ticket.watches).options(_name(Watch.user)),
    )


@dataclass(frozen=True)
class Conversation:
    """The newest messages, oldest of them first; `before` is the mark of those left out."""

    messages: list[Message]
    before: int | None


CONVERSATION_SIZE = 100
PRINTED_SIZE = 2000


def whole_conversation(ticket: Ticket, notes: bool) -> Conversation:
    """The same for paper: all of it, or the newest two thousand messages."""
    return conversation(ticket, notes, size=PRINTED_SIZE)


def conversation(ticket: Ticket, notes: bool, before: int | None = None,
                 size: int = CONVERSATION_SIZE) -> Conversation:
    """What was said on a ticket and on what was merged into it; without notes unless asked for."""
    statement = sa.select(Message, _HAS_FILES).where(_said_on(ticket, notes))
    if before is not None:
        moment = sa.select(Message.created_at).where(Message.id == before).scalar_subquery()
        statement = statement.where(sa.tuple_(Message.created_at, Message.id) < sa.tuple_(moment, before))
    newest = statement.order_by(Message.created_at.desc(), Message.id.desc()).limit(size + 1)
    found = db.session.execute(newest.options(_name(Message.author), _name(Message.entered_by))).all()
    shown = [message for message, _files in found[:size]]
    _hang_files(shown, [message.id for message, has_files in found if has_files])
    _hang_mails(shown)
    return Conversation(shown[::-1], shown[-1].id if len(found) > size else None)


_HAS_FILES = sa.exists().where(Attachment.message_id == Message.id).correlate(Message)


def _hang_files(messages: list[Message], with_files: list[int]) -> None:
    """Read the files of the messages that have any, in one query, or in none."""
    files: dict[int, list[Attachment]] = {message.id: [] for message in messages}
    if with_files:
        statement = sa.select(Attachment).where(Attachment.message_id.in_(with_files)).order_by(Attachment.id)
        for attachment in db.session.scalars(statement):
            files.setdefault(attachment.message_id, []).append(attachment)
    for message in messages:
        set_committed_value(message, "attachments", files[message.id])


def _hang_mails(messages: list[Message]) -> None:
    """Read how the messages looked that came by mail, if any did, in one query."""
    came = [message.id for message in messages if message.channel == "email"]
    mails: dict[int, Mailed] = {}
    if came:
        statement = sa.select(Mailed).where(Mailed.message_id.in_(came)).options(*_MAIL)
        mails = {mailed.message_id: mailed for mailed in db.session.scalars(statement)}
    for message in messages:
        set_committed_value(message, "mailed", mails.get(message.id))


_MAIL = (joinedload(Mailed.mail).joinedload(InboundMail.mailbox).lazyload(Mailbox.team),)


def by_mail(person: Any, number: int, message_id: int) -> tuple[Ticket, Message]:
    """A message of a ticket's conversation that came by mail, for the staff, and the ticket. Raises NotFound."""
    ticket = for_page(person, number)
    if not policy.reads_notes(person, ticket):
        raise NotFound()
    found = db.session.scalar(
        sa.select(Message).join(Message.mailed).where(_said_on(ticket, notes=True), Message.id == _known(message_id))
        .options(_name(Message.author), contains_eager(Message.mailed).options(*_MAIL)))
    if found is None:
        raise NotFound()
    return ticket, found


def _said_on(ticket: Ticket, notes: bool) -> Any:
    if not notes:
        return sa.and_(sa.or_(Message.ticket_id == ticket.id, Message.via_id == ticket.id), Message.kind != "note")
    merged = sa.select(Ticket.id).where(Ticket.merged_into_id == ticket.id)
    tickets = sa.union_all(sa.select(sa.literal(ticket.id)), merged)
    return sa.or_(Message.ticket_id.in_(tickets), Message.via_id == ticket.id)


def said_since(ticket: Ticket, seen_id: int, submission: str | None, notes: bool) -> list[Message]:
    """Messages newer than the last one somebody saw, and the one that this very form made already, if it did."""
    statement = (
        sa.select(Message)
        .where(Message.ticket_id == ticket.id, sa.or_(Message.id > seen_id, Message.submission == submission))
        .order_by(Message.id)
        .options(_name(Message.author))
    )
    return [message for message in db.session.scalars(statement) if notes or message.is_public]


def said_by_form(person: User, submission: str | None) -> Message | None:
    """What this person said with a form that may have been sent twice."""
    if submission is None:
        return None
    return db.session.scalar(sa.select(Message).where(Message.submission == submission, Message.author_id == person.id))


def filed_by_form(person: User, submission: str | None) -> int | None:
    """The ticket this person filed with a form that may have been sent twice."""
    if submission is None:
        return None
    filer = sa.func.coalesce(Ticket.filed_by_id, Ticket.requester_id)
    return db.session.scalar(sa.select(Ticket.id).where(Ticket.submission == submission, filer == person.id))


def hold(ticket: Ticket) -> Hold | None:
    """For what a ticket waits now."""
    return db.session.scalar(sa.select(Hold).where(Hold.ticket_id == ticket.id, Hold.ended_at.is_(None))
                             .options(joinedload(Hold.why)))


def links(person: Any, ticket: Ticket) -> list[tuple[TicketLink, Ticket]]:
    """The links of a ticket with the tickets at their other ends, as far as this person may see those."""
    either = sa.or_(TicketLink.ticket_id == ticket.id, TicketLink.other_id == ticket.id)
    held = list(db.session.scalars(sa.select(TicketLink).where(either).order_by(TicketLink.id)))
    if not held:
        return []
    ends = [link.other_id if link.ticket_id == ticket.id else link.ticket_id for link in held]
    seen = {other.id: other for other in db.session.scalars(visible_to(person).where(Ticket.id.in_(ends)))}
    return [(link, seen[end]) for link, end in zip(held, ends, strict=True) if end in seen]


def link(person: Any, ticket: Ticket, link_id: int) -> TicketLink:
    """One link of this ticket to another that the person sees too. Raises NotFound for any other."""
    for held, _other in links(person, ticket):
        if held.id == link_id:
            return held
    raise NotFound()


def attachment(person: Any, attachment_id: int) -> Attachment:
    """A file, if this person may read the message it hangs on. Raises NotFound otherwise."""
    statement = (sa.select(Attachment).join(Attachment.message).where(Attachment.id == _known(attachment_id))
                 .options(contains_eager(Attachment.message)))
    found = db.session.scalar(statement)
    if found is None or not any(_shows(person, ticket, found.message) for ticket in _places(person, found.message)):
        raise NotFound()
    return found


def _places(person: Any, message: Message) -> list[Ticket]:
    """The tickets this person sees whose conversation may hold the message."""
    original = sa.select(Ticket.merged_into_id).where(Ticket.id == message.ticket_id).scalar_subquery()
    places = Ticket.id.in_([message.ticket_id, message.via_id, original])
    return list(db.session.scalars(visible_to(person).where(places)))


def _shows(person: Any, ticket: Ticket, message: Message) -> bool:
    """Whether `conversation` holds the message for this person: what was merged into a ticket is for its staff."""
    if message.is_public and ticket.id in (message.ticket_id, message.via_id):
        return True
    return policy.reads_notes(person, ticket)


def pending_reasons() -> list[PendingReason]:
    """Why a ticket may wait, in the administrator's order."""
    statement = sa.select(PendingReason).where(PendingReason.is_active).order_by(PendingReason.position)
    return list(db.session.scalars(statement))


def teams(*conditions: Any) -> list[Team]:
    """Active teams, by level."""
    return list(db.session.scalars(sa.select(Team).where(Team.is_active, *conditions).order_by(Team.level, Team.id)))


def members(team_id: int) -> list[User]:
    """Active people of a team, by name."""
    statement = (sa.select(User).join(Membership).where(Membership.team_id == team_id, User.is_active)
                 .order_by(User.name, User.id).options(lazyload(User.memberships)))
    return list(db.session.scalars(statement))
