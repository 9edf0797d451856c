"""What was said on a ticket: one table, three kinds; notes are never read through the requester's relation."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Base, BigId, UtcDateTime
from app.core.files import StoredFile


class Message(Base):
    """Something the requester said (incoming), the staff answered (reply), or agents told each other (note)."""

    __tablename__ = "messages"
    __table_args__ = (
        sa.Index("ix_messages_ticket", "ticket_id", "created_at", "id"),
        sa.Index("ix_messages_via_id", "via_id", sqlite_where=sa.text("via_id IS NOT NULL"),
                 postgresql_where=sa.text("via_id IS NOT NULL")),
        sa.CheckConstraint("kind IN ('incoming', 'reply', 'note')", name="kind"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"))
    via_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tickets.id"))
    """The merged duplicate through which it came."""
    kind: Mapped[str] = mapped_column(sa.String(10))
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    """The agent who wrote it down for the author (a phone call, a walk-in)."""
    channel: Mapped[str] = mapped_column(sa.String(20), default="web")
    body: Mapped[str] = mapped_column(sa.Text)
    format: Mapped[str] = mapped_column(sa.String(10), default="markdown", server_default="markdown")
    """How the body is written: markdown, or text, in which nothing is mark-up (what came by mail). No
    constraint says so: adding one would rewrite the largest table of the desk."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submission: Mapped[str | None] = mapped_column(sa.String(64), unique=True)

    author: Mapped[User | None] = relationship(foreign_keys=[author_id])
    entered_by: Mapped[User | None] = relationship(foreign_keys=[entered_by_id])
    mailed: Mapped["Mailed | None"] = relationship(back_populates="message", cascade="all, delete-orphan")  # noqa: F821
    attachments: Mapped[list["Attachment"]] = relationship(
        back_populates="message", cascade="all, delete-orphan", order_by="Attachment.id"
    )

    @property
    def is_note(self) -> bool:
        return self.kind == "note"

    @property
    def is_public(self) -> bool:
        return self.kind != "note"


class Attachment(Base):
    """A file on a message; whoever may read the message may read the file."""

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("files.id"), index=True)
    content_id: Mapped[str] = mapped_column(sa.String(255), default="", server_default="")
    """By which the HTML of a mail names this picture; '' for an ordinary attachment."""

    message: Mapped[Message] = relationship(back_populates="attachments")
    file: Mapped[StoredFile] = relationship(lazy="joined")
