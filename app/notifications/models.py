"""Notifications."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Base, BigId, UtcDateTime
from app.core.events import Event
from app.tickets.models import Ticket

CHANNELS = ("app", "mail")


class Notification(Base):
    """That somebody is told of an event in one way: once, however often the outbox asks."""

    __tablename__ = "notifications"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "user_id", "channel"),
        sa.Index("ix_notifications_list", "user_id", "channel", "id"),
        sa.Index("ix_notifications_unread", "user_id", "ticket_id",
                 sqlite_where=sa.text("read_at IS NULL AND channel = 'app'"),
                 postgresql_where=sa.text("read_at IS NULL AND channel = 'app'")),
        sa.Index("ix_notifications_bundle", "bundle_id", sqlite_where=sa.text("bundle_id IS NOT NULL"),
                 postgresql_where=sa.text("bundle_id IS NOT NULL")),
        sa.CheckConstraint("channel IN ('app', 'mail')", name="channel"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(sa.String(10))
    ticket_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    """The ticket as this person sees it: the own duplicate, where the event is of the original."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bundle_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outbox.id", ondelete="SET NULL"))
    """The row of the outbox that gathers it, where it does not go as a mail of its own; forgotten with that row."""

    event: Mapped[Event] = relationship()
    user: Mapped[User] = relationship()
    ticket: Mapped[Ticket | None] = relationship()

    @property
    def is_read(self) -> bool:
        return self.read_at is not None
