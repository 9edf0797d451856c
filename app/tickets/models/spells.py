"""Stretches of a ticket's life that somebody began and somebody ended; kept after they end."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Team, User
from app.core.db import Base, BigId, Json, UtcDateTime

from .related import PendingReason


class Handover(Base):
    """One hop between teams: an escalation upwards or a return with a reason."""

    __tablename__ = "handovers"
    __table_args__ = (sa.CheckConstraint("kind IN ('escalation', 'return', 'move')", name="kind"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    from_team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id"), index=True)
    to_team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id"))
    reason: Mapped[str] = mapped_column(sa.Text)
    answers: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """Handover field -> what level 1 answered."""
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    from_team: Mapped[Team] = relationship(foreign_keys=[from_team_id])
    to_team: Mapped[Team] = relationship(foreign_keys=[to_team_id])
    by: Mapped[User | None] = relationship()


class Hold(Base):
    """A time of waiting, and for what."""

    __tablename__ = "holds"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(sa.ForeignKey("pending_reasons.slug"))
    pauses: Mapped[bool] = mapped_column()
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    why: Mapped[PendingReason] = relationship()


class Resolution(Base):
    """That the ticket was solved, by whom, in which team; ended when it was reopened."""

    __tablename__ = "resolutions"
    __table_args__ = (sa.Index("ix_resolutions_at", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
