"""What stands beside a ticket: tags, watchers, links, named access, reasons to wait."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Named, Team, User
from app.core.db import Base, BigId, UtcDateTime
from app.kb.models import Article

ticket_tags = sa.Table(
    "ticket_tags",
    Base.metadata,
    sa.Column("ticket_id", sa.ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Tag(Base):
    """A word agents sort by; lower case."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40), unique=True)


class Watch(Base):
    """That somebody follows the ticket and may see it."""

    __tablename__ = "watches"

    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()


class TicketAccess(Base):
    """Who is named on a confidential ticket: a team or a person."""

    __tablename__ = "ticket_access"
    __table_args__ = (
        sa.Index("ix_ticket_access_user_id", "user_id", sqlite_where=sa.text("user_id IS NOT NULL"),
                 postgresql_where=sa.text("user_id IS NOT NULL")),
        sa.CheckConstraint("(team_id IS NULL) <> (user_id IS NULL)", name="one_of"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("teams.id"))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))

    team: Mapped[Team | None] = relationship()
    user: Mapped[User | None] = relationship()


class TicketLink(Base):
    """How one ticket stands to another."""

    __tablename__ = "ticket_links"
    __table_args__ = (sa.UniqueConstraint("ticket_id", "other_id", "kind"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))


class PendingReason(Named, Base):
    """Why a ticket may wait, whether the resolution clock pauses then, and whom it waits for."""

    __tablename__ = "pending_reasons"
    event_subject = "pending_reason"

    slug: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    pauses: Mapped[bool] = mapped_column(default=True)
    waits_for_requester: Mapped[bool] = mapped_column(default=False)
    needs_date: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())


class TicketArticle(Base):
    """An article that came up on a ticket: sent in a reply, linked by an agent, written from it, or named as the
    solution."""

    __tablename__ = "ticket_articles"
    __table_args__ = (sa.CheckConstraint("way IN ('linked', 'sent', 'written', 'solved')", name="way"),)

    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True,
                                            index=True)
    way: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    article: Mapped[Article] = relationship()
