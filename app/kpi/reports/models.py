"""What the reports on knowledge are read from. All but which article a gap led to can be computed again."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, BigId, Json, UtcDateTime
from app.kb.models import Article

REASONS = ("nothing", "unopened", "filed", "unwritten", "unhelpful")


class Gap(Base):
    """A cluster of questions without a good answer. `leader` is the question that leads it; `handling_seconds` the
    median business time of its `handled` tickets, None for too few. When its article was first seen published,
    `before_count` questions had come in the `before_days` before."""

    __tablename__ = "gaps"

    key: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    leader: Mapped[str] = mapped_column(sa.String(300))
    handling_seconds: Mapped[int | None] = mapped_column(sa.BigInteger)
    handled: Mapped[int] = mapped_column(default=0)
    article_id: Mapped[int | None] = mapped_column(sa.ForeignKey("articles.id", ondelete="SET NULL"), index=True)
    drafted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    drafted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    before_count: Mapped[int | None] = mapped_column()
    before_days: Mapped[int | None] = mapped_column()

    article: Mapped[Article | None] = relationship()


class GapItem(Base):
    """One search or ticket of a cluster, and why it is a gap; once for each reason. `asker` tells people apart, and
    is as forgetful as the log of searches."""

    __tablename__ = "gap_items"
    __table_args__ = (
        sa.Index("ix_gap_items_reason", "reason", "at", "gap_key"),
        sa.Index("ix_gap_items_gap", "gap_key", "reason", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    gap_key: Mapped[str] = mapped_column(sa.ForeignKey("gaps.key", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(sa.String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    asker: Mapped[str] = mapped_column(sa.String(40))
    token: Mapped[str | None] = mapped_column(sa.String(32))
    ticket_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(sa.String(300), default="")
    language: Mapped[str] = mapped_column(sa.String(2))
    shown: Mapped[list[int]] = mapped_column(Json, default=list)
    """The articles that a search offered."""


class ArticleOutcome(Base):
    """What became of the searches that led to an article in the last so many days."""

    __tablename__ = "article_outcomes"

    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    opened: Mapped[int] = mapped_column()
    solved: Mapped[int] = mapped_column()
    filed: Mapped[int] = mapped_column()
    unhelpful: Mapped[int] = mapped_column()

    article: Mapped[Article] = relationship()


class KnowledgeState(Base):
    """One row: when the reports were made, and what a ticket takes at this desk."""

    __tablename__ = "knowledge_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handling_seconds: Mapped[int | None] = mapped_column(sa.BigInteger)
    is_cut: Mapped[bool] = mapped_column()
    """There was more than one making reads: the oldest was left out."""
