"""What may be asked about replies that are going out, or that came back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, lazyload, selectinload

from app.accounts.models import User
from app.core.db import db
from app.core.errors import NotFound

from ..models import OutgoingReply, ReplyChecklistItem, Ticket


@dataclass(frozen=True)
class Leaving:
    """What stands about a ticket's next reply."""

    waiting: list[OutgoingReply]
    back: OutgoingReply | None
    """The viewer's own newest that came back."""
    has_points: bool
    """Whether the team has a checklist of its own."""


def leaving(ticket: Ticket, person: Any) -> Leaving:
    """One query; one or two more where something is going out, or came back."""
    open_ones = sa.exists().where(OutgoingReply.ticket_id == ticket.id, OutgoingReply.state.in_(("waiting", "back")))
    points = sa.exists().where(ReplyChecklistItem.team_id == ticket.team_id)
    has_rows, has_points = db.session.execute(sa.select(open_ones, points)).one()
    rows = _rows(ticket, person) if has_rows else []
    back = [row for row in rows if row.state == "back"]
    return Leaving([row for row in rows if row.state == "waiting"], back[-1] if back else None, bool(has_points))


def _rows(ticket: Ticket, person: Any) -> list[OutgoingReply]:
    mine_or_waiting = sa.or_(OutgoingReply.state == "waiting",
                             sa.and_(OutgoingReply.state == "back", OutgoingReply.author_id == person.id))
    return list(db.session.scalars(
        sa.select(OutgoingReply).where(OutgoingReply.ticket_id == ticket.id, mine_or_waiting)
        .options(joinedload(OutgoingReply.author).options(lazyload(User.memberships)),
                 selectinload(OutgoingReply.files))
        .order_by(OutgoingReply.id)))


def own(person: Any, number: int, reply_id: int) -> OutgoingReply:
    """A reply of this person, whatever became of it. Raises NotFound for anybody else's."""
    found = db.session.get(OutgoingReply, reply_id) if reply_id < 2**62 else None
    if found is None or found.author_id != person.id or found.ticket_id != number:
        raise NotFound()
    return found


def returned(person: Any, ticket: Ticket, reply_id: int | None) -> OutgoingReply | None:
    """A reply of this person to this ticket that came back and is sent once more."""
    if reply_id is None:
        return None
    return db.session.scalar(sa.select(OutgoingReply).where(
        OutgoingReply.id == reply_id, OutgoingReply.author_id == person.id, OutgoingReply.ticket_id == ticket.id,
        OutgoingReply.state == "back"))


def kept_by_form(person: Any, submission: str | None) -> OutgoingReply | None:
    """What this person sent with a form that may have been sent twice."""
    if submission is None:
        return None
    return db.session.scalar(sa.select(OutgoingReply).where(
        OutgoingReply.submission == submission, OutgoingReply.author_id == person.id))


def unsent(person: Any) -> list[OutgoingReply]:
    """Everything of this person that came back, the newest first, whether the ticket can still be seen or not."""
    return list(db.session.scalars(
        sa.select(OutgoingReply).where(OutgoingReply.author_id == person.id, OutgoingReply.state == "back")
        .order_by(OutgoingReply.id.desc()).limit(50)))


def due(now: datetime) -> list[int]:
    """What should leave now, in the order in which it was sent."""
    statement = sa.select(OutgoingReply.id).where(OutgoingReply.state == "waiting", OutgoingReply.send_at <= now)
    return list(db.session.scalars(statement.order_by(OutgoingReply.id).limit(200)))
