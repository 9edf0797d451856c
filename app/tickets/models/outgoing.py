"""A reply between the press of the button and the moment it leaves, and what a team wants in a good one."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Base, BigId, Json, UtcDateTime
from app.core.files import StoredFile

outgoing_files = sa.Table(
    "outgoing_files", Base.metadata,
    sa.Column("reply_id", sa.ForeignKey("outgoing_replies.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("file_id", sa.ForeignKey("files.id"), primary_key=True, index=True),
)
_WAITING = sa.text("state = 'waiting'")


class OutgoingReply(Base):
    """What an agent sent and can still take back. No message yet: nobody but the staff knows of it.

    waiting → sent, once, by whoever claims it; waiting → back, taken back by its author or refused at the last moment
    (`why` says so, in the author's language): then it stands in the author's composer. back → done: sent as another
    one, or thrown away.
    """

    __tablename__ = "outgoing_replies"
    __table_args__ = (
        sa.Index("ix_outgoing_replies_due", "send_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'back', 'done')", name="state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    body: Mapped[str] = mapped_column(sa.Text)
    then: Mapped[str] = mapped_column(sa.String(10), default="stay")
    reason: Mapped[str | None] = mapped_column(sa.String(40))
    """For what the ticket is to wait, and until when."""
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submission: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    seen_message_id: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    send_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting", server_default="waiting")
    why: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    author: Mapped[User] = relationship()
    files: Mapped[list[StoredFile]] = relationship(secondary=outgoing_files, order_by=StoredFile.id)


class ReplyChecklistItem(Base):
    """One point of what an excellent reply of a team contains."""

    __tablename__ = "reply_checklist_items"
    __table_args__ = (sa.Index("ix_reply_checklist_items_team", "team_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column()
    texts: Mapped[dict[str, str]] = mapped_column(Json)
