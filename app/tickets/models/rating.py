"""What a requester thought of a closure: one question per resolution, asked once, never pre-filled."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Base, BigId, UtcDateTime

_OPEN = sa.text("is_low AND followed_up_at IS NULL")


class Rating(Base):
    """The question about one resolution and, once given, its answer: a score of 1 to 5 and a comment."""

    __tablename__ = "ratings"
    __table_args__ = (
        sa.CheckConstraint("score IS NULL OR score BETWEEN 1 AND 5", name="score"),
        sa.CheckConstraint("given_by IN ('', 'mail', 'portal')", name="given_by"),
        sa.Index("ix_ratings_answered", "answered_at"),
        sa.Index("ix_ratings_asked", "asked_at"),
        sa.Index("ix_ratings_open", "team_id", "answered_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    resolution_id: Mapped[int] = mapped_column(sa.ForeignKey("resolutions.id", ondelete="CASCADE"), unique=True)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id"), index=True)
    """Of the ticket when it was resolved, and so is the agent: what is rated is that closure."""
    agent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    score: Mapped[int | None] = mapped_column()
    comment: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    given_by: Mapped[str] = mapped_column(sa.String(10), default="", server_default="")
    is_low: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """That the score, when it was given, opened a follow-up for the lead; what follows says how that ended."""
    followed_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    followed_up_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    follow_up: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    """What was done about it, in the lead's words; for the staff only."""

    agent: Mapped[User | None] = relationship(foreign_keys=[agent_id])
    followed_up_by: Mapped[User | None] = relationship(foreign_keys=[followed_up_by_id])
