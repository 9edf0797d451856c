"""What became of an absent person's tickets meanwhile, and taking them back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, lazyload, selectinload

from app.accounts.absence_models import Absence
from app.accounts.models import User
from app.core.db import db
from app.core.errors import Conflict
from app.core.events import KINDS, Event
from app.core.policy import may
from app.tickets import policy, queries, timeline
from app.tickets.models import AbsenceTicket, Ticket

MOST_SHOWN = 200


@dataclass(frozen=True)
class Line:
    """One ticket: how much happened to it during the absence, and the last of it."""

    ticket: Ticket
    count: int
    sentence: str
    at: datetime | None
    can_be_taken_back: bool


@dataclass(frozen=True)
class Summary:
    lines: list[Line]
    is_cut: bool

    @property
    def to_take_back(self) -> int:
        return sum(line.can_be_taken_back for line in self.lines)


def of(absence: Absence, viewer: User, now: datetime) -> Summary:
    """The tickets that were the person's when the absence began and those that came since, as far as the viewer sees
    them: what can be taken back first, then what is still under way. A fixed number of queries."""
    found = list(db.session.scalars(_concerned(absence, viewer)))
    tickets = found[:MOST_SHOWN]
    news = _news(absence, tickets, viewer)
    told = timeline.sentences([event for _count, event in news.values()])
    passed = set(_held(absence)) if absence.is_over(now) else set()
    lines = [_line(ticket, news.get(ticket.id), told,
                   ticket.id in passed and _can_be_taken_back(ticket, absence, viewer)) for ticket in tickets]
    return Summary(sorted(lines, key=_order), len(found) > MOST_SHOWN)


def _concerned(absence: Absence, viewer: User) -> sa.Select:
    held = sa.select(AbsenceTicket.ticket_id).where(AbsenceTicket.absence_id == absence.id)
    came = sa.and_(Ticket.assignee_id == absence.user_id, queries.is_active(), Ticket.updated_at >= absence.starts_at)
    statement = queries.visible_to(viewer).where(sa.or_(Ticket.id.in_(held), came))
    return statement.order_by(Ticket.queue_at, Ticket.id).limit(MOST_SHOWN + 1).options(
        joinedload(Ticket.assignee).options(lazyload(User.memberships)), selectinload(Ticket.accesses),
        selectinload(Ticket.handovers))


def _news(absence: Absence, tickets: list[Ticket], viewer: User) -> dict[int, tuple[int, Event]]:
    """Ticket -> how much happened to it during the absence and the last of it; who is not staff is told the public."""
    public = [name for name, kind in KINDS.items() if kind.public]
    staff = [ticket.id for ticket in tickets if policy.reads_notes(viewer, ticket)]
    tells = sa.or_(Event.subject_id.in_(staff), Event.kind.in_(public))
    counted = (sa.select(Event.subject_id, sa.func.count(), sa.func.max(Event.id))
               .where(Event.subject_type == "ticket", Event.subject_id.in_([ticket.id for ticket in tickets]), tells,
                      Event.occurred_at >= absence.starts_at, Event.occurred_at < absence.ends_at)
               .group_by(Event.subject_id))
    rows = db.session.execute(counted).all()
    last = {event.id: event for event in db.session.scalars(
        sa.select(Event).where(Event.id.in_([event_id for _id, _count, event_id in rows])))}
    return {ticket_id: (count, last[event_id]) for ticket_id, count, event_id in rows}


def _line(ticket: Ticket, news: tuple[int, Event] | None, told: dict[int, str], can_be_taken_back: bool) -> Line:
    if news is None:
        return Line(ticket, 0, "", None, can_be_taken_back)
    count, event = news
    return Line(ticket, count, told[event.id], event.occurred_at, can_be_taken_back)


def _order(line: Line) -> tuple[Any, ...]:
    return not line.can_be_taken_back, not line.ticket.is_active, line.ticket.queue_at, line.ticket.id


def _held(absence: Absence) -> dict[int, AbsenceTicket]:
    """What went to a deputy and was not taken back yet."""
    rows = db.session.scalars(sa.select(AbsenceTicket).where(
        AbsenceTicket.absence_id == absence.id, AbsenceTicket.deputy_id.is_not(None),
        AbsenceTicket.taken_back_at.is_(None)))
    return {row.ticket_id: row for row in rows}


def _can_be_taken_back(ticket: Ticket, absence: Absence, by: User) -> bool:
    """Still under way, with somebody else or nobody, in a team where the person works; and `by` may assign it."""
    return (ticket.is_active and ticket.assignee_id != absence.user_id
            and ticket.team_id in absence.user.team_ids and may(by, "ticket.assign", ticket))


def take_back(absence: Absence, by: User, now: datetime, number: int | None = None) -> int:
    """All that went to the deputy, or one ticket of it, comes back to the person; returns how many came. What ended or
    went elsewhere meanwhile stays there. Raises Conflict while the person is still away."""
    if not absence.is_over(now):
        raise Conflict(_("%(name)s is still absent; first say that the absence is over.", name=absence.user.name))
    held = _held(absence)
    wanted = [ticket_id for ticket_id in held if number in (None, ticket_id)]
    statement = queries.visible_to(by).where(Ticket.id.in_(wanted)).order_by(Ticket.id).with_for_update(of=Ticket)
    back = [ticket for ticket in db.session.scalars(statement) if _can_be_taken_back(ticket, absence, by)]
    for ticket in back:
        ticket.assign(absence.user, by, now, absence_id=absence.id)
        held[ticket.id].taken_back_at = now
    return len(back)


def waiting(person: User, absence_id: int) -> int:
    """How many tickets of an absence wait to be taken back."""
    statement = (sa.select(sa.func.count()).select_from(AbsenceTicket).join(Ticket)
                 .where(AbsenceTicket.absence_id == absence_id, AbsenceTicket.deputy_id.is_not(None),
                        AbsenceTicket.taken_back_at.is_(None), queries.is_active(), queries.sees(person),
                        Ticket.team_id.in_(person.team_ids),
                        sa.or_(Ticket.assignee_id.is_(None), Ticket.assignee_id != person.id)))
    return db.session.scalar(statement) or 0
