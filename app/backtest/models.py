"""Drafts that are tried on the past, what came out, and the tickets for which it would have been otherwise."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Base, BigId, Json, UtcDateTime
from app.core.i18n import localized


class Backtest(Base):
    """One draft, the period on which it is tried, and the result."""

    __tablename__ = "backtests"
    __table_args__ = (
        sa.Index("ix_backtests_state", "state", "id"),
        sa.CheckConstraint("kind IN ('policy', 'calendar', 'rules', 'team')", name="kind"),
        sa.CheckConstraint(
            "state IN ('draft', 'waiting', 'running', 'done', 'cancelled', 'failed', 'activated')", name="state"),
    )
    event_subject = "backtest"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    subject_id: Mapped[int | None] = mapped_column()
    """The policy, calendar or team that is drafted; none for the rules, of which there is one list."""
    names: Mapped[dict[str, str]] = mapped_column(Json, default=dict, server_default=sa.text("'{}'"))
    """What it was called when it was drafted."""
    content: Mapped[Any] = mapped_column(Json)
    """The facts that its next version would hold."""
    seen: Mapped[str] = mapped_column(sa.String(32), default="", server_default="")
    """The fingerprint of what was stored when it was drafted."""
    state: Mapped[str] = mapped_column(sa.String(10), default="draft", server_default="draft")
    from_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    to_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Tickets filed in [from_at, to_at) are replayed."""
    done: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))
    total: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))
    """Tickets replayed, and to be replayed."""
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)
    problem: Mapped[str | None] = mapped_column(sa.String(200))
    """Why it failed."""
    runner: Mapped[str | None] = mapped_column(sa.String(80))
    """The process that works on it."""
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When that process was last heard of."""
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    by: Mapped[User | None] = relationship(lazy="selectin")

    @property
    def name(self) -> str:
        """What is drafted, in the reader's language; empty for the rules."""
        return localized(self.names)

    @property
    def is_busy(self) -> bool:
        return self.state in ("waiting", "running")

    @property
    def is_open(self) -> bool:
        """It may still be run, changed and activated."""
        return self.state in ("draft", "done", "cancelled", "failed")


class Flip(Base):
    """A clock that was missed and would not have been, or the other way round; or a ticket that somebody else would
    have got."""

    __tablename__ = "backtest_flips"
    __table_args__ = (sa.Index("ix_backtest_flips_backtest", "backtest_id", "is_worse", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    backtest_id: Mapped[int] = mapped_column(sa.ForeignKey("backtests.id", ondelete="CASCADE"))
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    is_worse: Mapped[bool] = mapped_column(default=False)
    """Missed only by the draft; false where only the draft keeps it, and where the assignment differs."""
    target: Mapped[str] = mapped_column(sa.String(20))
    cycle: Mapped[int] = mapped_column(default=1)
    level: Mapped[int | None] = mapped_column()
    before: Mapped[str] = mapped_column(sa.String(10), default="")
    after: Mapped[str] = mapped_column(sa.String(10), default="")
    """met, missed, open (still running), none (ended without a result), absent (nothing was promised)."""
    due_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_after: Mapped[datetime | None] = mapped_column(UtcDateTime)
    before_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    after_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    """Of an assignment: who got it, and who would have."""
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Of an assignment: when it came to the team."""
