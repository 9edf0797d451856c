"""Absences: who is away from when to when, and who stands in for which part of the work. Never deleted."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, UtcDateTime

from .models import User

DEPUTY_KINDS = {"tickets": _l("Tickets"), "approvals": _l("Approvals"), "escalations": _l("Escalations")}
REASONS = {"leave": _l("Leave"), "illness": _l("Illness"), "business_trip": _l("Business trip"), "other": _l("Other")}


class Absence(Base):
    """One stretch of days. What holds is [starts_at, ends_at); the dates are how people write it down, in the zone
    of the person when it was saved, both of them days away. An early return moves the end to that moment."""

    __tablename__ = "absences"
    __table_args__ = (
        sa.Index("ix_absences_user", "user_id", "starts_at"),
        sa.Index("ix_absences_ends_at", "ends_at"),
        sa.CheckConstraint("starts_at < ends_at", name="order"),
        sa.CheckConstraint("reason IN ('leave', 'illness', 'business_trip', 'other')", name="reason"),
    )
    event_subject = "absence"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    starts_on: Mapped[date] = mapped_column(sa.Date)
    ends_on: Mapped[date] = mapped_column(sa.Date)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(sa.String(20))
    order_number: Mapped[str] = mapped_column(sa.String(60), default="", server_default="")
    """Of the order by which the powers pass to the deputies."""
    note: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    passes_tickets: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    """Whether active tickets go to the deputy when the absence begins; otherwise they stay with the person."""
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the desk passed the tickets on: once, claimed."""
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the desk said welcome back: once, claimed."""

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    by: Mapped[User | None] = relationship(foreign_keys=[by_id])
    deputies: Mapped[list["Deputy"]] = relationship(
        back_populates="absence", cascade="all, delete-orphan", lazy="selectin", order_by="Deputy.kind")

    def deputy_id(self, kind: str) -> int | None:
        """Whom the absence names for a kind of work; who that is at a given moment says `absences.deputy_of`."""
        return next((named.deputy_id for named in self.deputies if named.kind == kind), None)

    def is_over(self, now: datetime) -> bool:
        return self.cancelled_at is not None or self.ends_at <= now

    def is_running(self, now: datetime) -> bool:
        return self.cancelled_at is None and self.starts_at <= now < self.ends_at


class Deputy(Base):
    """Who stands in for one kind of work during an absence."""

    __tablename__ = "deputies"
    __table_args__ = (sa.CheckConstraint("kind IN ('tickets', 'approvals', 'escalations')", name="kind"),)

    absence_id: Mapped[int] = mapped_column(sa.ForeignKey("absences.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    deputy_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)

    absence: Mapped[Absence] = relationship(back_populates="deputies")
    deputy: Mapped[User] = relationship(lazy="joined")
