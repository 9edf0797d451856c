"""Notifications."""

from datetime import datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Base, BigId, Json, UtcDateTime
from app.core.events import Event
from app.tickets.models import Ticket


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


class Choice(Base):
    """How a person wants to be told of one topic in one way, where it is not the default of the topic.

    `way`: now, digest (gathered until a moment of the person's own), never.
    """

    __tablename__ = "notification_choices"
    __table_args__ = (
        sa.CheckConstraint("channel IN ('app', 'mail')", name="channel"),
        sa.CheckConstraint("way IN ('now', 'digest', 'never')", name="way"),
    )

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(sa.String(30), primary_key=True)
    channel: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    way: Mapped[str] = mapped_column(sa.String(10))


class Rhythm(Base):
    """When a person reads digests, and in which hours anything may come by mail at all; in the person's own zone.

    `digest_at` are times of the day, '09:00'; `days` are weekdays, 0 for Monday. `quiet_from` and `quiet_to` bound
    the night; both none: no night.
    """

    __tablename__ = "notification_rhythms"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    digest_at: Mapped[list[str]] = mapped_column(Json, default=list, server_default=sa.text("'[]'"))
    days: Mapped[list[int]] = mapped_column(Json, default=list, server_default=sa.text("'[]'"))
    quiet_from: Mapped[time | None] = mapped_column(sa.Time)
    quiet_to: Mapped[time | None] = mapped_column(sa.Time)


class Mute(Base):
    """That a person wants to hear nothing more of one ticket, but of topics that pass or are one's own work."""

    __tablename__ = "notification_mutes"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True,
                                           index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class Wording(Base):
    """The administrator's own words for one message in one language, over those that come with the desk.

    Subject and text hold placeholders of a fixed list; the text is Markdown, from which the HTML is made.
    """

    __tablename__ = "wordings"
    event_subject = "wording"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40))
    language: Mapped[str] = mapped_column(sa.String(5))
    subject: Mapped[str] = mapped_column(sa.String(300))
    body: Mapped[str] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column(default=1, server_default=sa.text("1"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (sa.UniqueConstraint("name", "language"),)
    __mapper_args__ = {"version_id_col": version}
