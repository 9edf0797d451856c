"""The ticket's columns and predicates; its verbs stand beside, one file per adjective."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.models import Department, Team, User
from app.catalogue.models import RequestType
from app.core.db import Base, BigId, Json, UtcDateTime, db

from ..vocabulary import ACTIVE, ENDED
from .asked import KnownIssue
from .assignable import Assignable
from .conversable import Conversable
from .deputised import Deputised
from .escalatable import Escalatable
from .message import Message
from .recorded import Recorded
from .related import Tag, TicketAccess, Watch, ticket_tags
from .resolvable import Resolvable
from .restorable import Restorable
from .spells import Handover, Hold, Resolution
from .spoken import Spoken

FAR_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)
AGES = timedelta(days=365_000)
_ACTIVE_SQL = sa.text("status IN ('new', 'open', 'pending')")
_UNDER_WAY_SQL = sa.text("status NOT IN ('resolved', 'closed', 'cancelled')")
"""The same tickets, said so that no planner looks them up by their status first (queries.is_under_way)."""


class Ticket(Recorded, Deputised, Conversable, Spoken, Assignable, Escalatable, Resolvable, Restorable, Base):
    """One request on its way. Its number is its id. What happened to it is in its events.

    `due_at` (next deadline) and `start_by_at` (last moment to start) are kept by the clocks, outside the version;
    `queue_at` follows from them (`place_in_queue`), so that the order of a queue is one index.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        sa.Index("ix_tickets_queue", "team_id", "queue_at", "id",
                 sqlite_where=_ACTIVE_SQL, postgresql_where=_ACTIVE_SQL),
        sa.Index("ix_tickets_queues", "queue_at", "id", "team_id",
                 sqlite_where=_UNDER_WAY_SQL, postgresql_where=_UNDER_WAY_SQL),
        sa.Index("ix_tickets_assignee", "assignee_id", "queue_at", "id",
                 sqlite_where=_ACTIVE_SQL, postgresql_where=_ACTIVE_SQL),
        sa.Index("ix_tickets_requester", "requester_id", "id"),
        sa.Index("ix_tickets_assigned", "assignee_id", "id"),
        sa.Index("ix_tickets_department", "department_id", "id"),
        sa.Index("ix_tickets_status", "status", "updated_at"),
        # Few tickets are merged: an index of nothing but NULL would tell SQLite's planner that it is useless.
        sa.Index("ix_tickets_merged_into_id", "merged_into_id", sqlite_where=sa.text("merged_into_id IS NOT NULL"),
                 postgresql_where=sa.text("merged_into_id IS NOT NULL")),
        sa.CheckConstraint("status IN ('new', 'open', 'pending', 'resolved', 'closed', 'cancelled')", name="status"),
        sa.CheckConstraint("priority IN ('P1', 'P2', 'P3', 'P4')", name="priority"),
        sa.CheckConstraint("impact IN ('low', 'medium', 'high')", name="impact"),
        sa.CheckConstraint("urgency IN ('low', 'medium', 'high')", name="urgency"),
    )
    event_subject = "ticket"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(sa.String(20))
    subject: Mapped[str] = mapped_column(sa.String(200))
    requester_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    filed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("departments.id"))
    is_from_customer: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """What the requester was when it was filed: a promise does not move because a person's account is changed."""
    channel: Mapped[str] = mapped_column(sa.String(20), default="web")
    request_type_id: Mapped[int] = mapped_column(sa.ForeignKey("request_types.id"), index=True)
    impact: Mapped[str] = mapped_column(sa.String(6))
    urgency: Mapped[str] = mapped_column(sa.String(6))
    priority: Mapped[str] = mapped_column(sa.String(2))
    status: Mapped[str] = mapped_column(sa.String(10), default="new")
    level: Mapped[int] = mapped_column(default=1)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id"), index=True)
    assignee_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    fields: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    is_confidential: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tickets.id"))
    origin: Mapped[str] = mapped_column(sa.String(60), default="live", server_default="live", index=True)
    """live, sample, or the name of the import it came from."""
    source_ref: Mapped[str | None] = mapped_column(sa.String(120))
    submission: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    start_by_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    queue_at: Mapped[datetime] = mapped_column(UtcDateTime, default=FAR_FUTURE)
    awaits: Mapped[str | None] = mapped_column(sa.String(10))
    """Whose turn it is to speak: us or requester; nobody's once it has ended."""
    awaits_since: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __mapper_args__ = {"version_id_col": version}

    requester: Mapped[User] = relationship(foreign_keys=[requester_id])
    filed_by: Mapped[User | None] = relationship(foreign_keys=[filed_by_id])
    assignee: Mapped[User | None] = relationship(foreign_keys=[assignee_id])
    department: Mapped[Department | None] = relationship()
    request_type: Mapped[RequestType] = relationship()
    team: Mapped[Team] = relationship()
    merged_into: Mapped["Ticket | None"] = relationship(remote_side=[id])
    messages: Mapped[list[Message]] = relationship(
        order_by="Message.created_at, Message.id", foreign_keys="Message.ticket_id", cascade="all, delete-orphan"
    )
    public_messages: Mapped[list[Message]] = relationship(
        primaryjoin="and_(Message.ticket_id == Ticket.id, Message.kind != 'note')",
        order_by="Message.created_at, Message.id", viewonly=True,
    )
    handovers: Mapped[list[Handover]] = relationship(order_by="Handover.id", cascade="all, delete-orphan")
    holds: Mapped[list[Hold]] = relationship(order_by="Hold.id", cascade="all, delete-orphan")
    resolutions: Mapped[list[Resolution]] = relationship(order_by="Resolution.id", cascade="all, delete-orphan")
    watches: Mapped[list[Watch]] = relationship(cascade="all, delete-orphan")
    accesses: Mapped[list[TicketAccess]] = relationship(cascade="all, delete-orphan")
    known_issues: Mapped[list[KnownIssue]] = relationship(order_by=KnownIssue.id, cascade="all, delete-orphan")
    tags: Mapped[list[Tag]] = relationship(secondary=ticket_tags, order_by=Tag.name)

    @property
    def number(self) -> int:
        return self.id

    @property
    def is_active(self) -> bool:
        """Somebody still has to do something: new, open or pending."""
        return self.status in ACTIVE

    @property
    def is_ended(self) -> bool:
        return self.status in ENDED

    @property
    def is_pending(self) -> bool:
        return self.status == "pending"

    @property
    def is_merged(self) -> bool:
        return self.merged_into_id is not None

    def set_due(self, due_at: datetime | None, start_by_at: datetime | None = None, is_overdue: bool = False) -> None:
        """The clocks' word on what breaches next; not a change of the ticket, so its version stays.

        Written past the session's unit of work, which would count the version up and refuse a sweep that comes
        while somebody saves the ticket.
        """
        facts = {"due_at": due_at, "start_by_at": start_by_at,
                 "queue_at": place_in_queue(due_at, start_by_at, is_overdue)}
        if all(getattr(self, name) == value for name, value in facts.items()):
            return
        db.session.execute(sa.update(Ticket.__table__).where(Ticket.__table__.c.id == self.id).values(facts))
        for name, value in facts.items():
            set_committed_value(self, name, value)


def place_in_queue(due_at: datetime | None, start_by_at: datetime | None, is_overdue: bool) -> datetime:
    """Not a moment of the calendar but a place: what is overdue comes first, by its deadline, as if it had been due
    ages ago; then by the last moment to start, where it is known, else by the deadline; then what is never due."""
    if due_at is None:
        return FAR_FUTURE
    return due_at - AGES if is_overdue else start_by_at or due_at
