"""What somebody did to several tickets at once, and what each of them was before: so that it can be taken back."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Base, BigId, Json, UtcDateTime

UNDO = timedelta(minutes=10)
"""How long a deed can be taken back."""


class BulkDeed(Base):
    """One act of one person. `missing` counts the numbers that were nothing of theirs; which they were is not kept."""

    __tablename__ = "bulk_deeds"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    verb: Mapped[str] = mapped_column(sa.String(20))
    submission: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    missing: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    by: Mapped[User] = relationship()
    items: Mapped[list["BulkItem"]] = relationship(order_by="BulkItem.ticket_id", cascade="all, delete-orphan",
                                                   lazy="selectin")

    def can_be_undone(self, now: datetime) -> bool:
        return self.undone_at is None and now <= self.done_at + UNDO and any(i.state == "done" for i in self.items)

    def of(self, state: str) -> list["BulkItem"]:
        return [item for item in self.items if item.state == state]


class BulkItem(Base):
    """What became of one ticket: done, refused, or as wanted already (same); after an undo put back (undone) or left
    alone (kept). `why` says so in the language of who did it; `event_id` is the newest event right after the deed."""

    __tablename__ = "bulk_items"
    __table_args__ = (sa.CheckConstraint("state IN ('done', 'same', 'refused', 'undone', 'kept')", name="state"),)

    deed_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("bulk_deeds.id", ondelete="CASCADE"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True,
                                           index=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    why: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    before: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default=sa.text("'{}'"))
    event_id: Mapped[int | None] = mapped_column(BigId)
