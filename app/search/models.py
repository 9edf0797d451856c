"""What the index has still to take in, the words that mean the same, and the log of searches."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, Json, UtcDateTime


class IndexChange(Base):
    """A document that changed, written in the transaction that changed it; the leader takes it into the index and
    removes the row. Doing it twice does no harm."""

    __tablename__ = "index_changes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(BigId)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SynonymGroup(Base):
    """Words and phrases that mean the same to the people of this desk, in whatever languages."""

    __tablename__ = "synonym_groups"
    event_subject = "synonym_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[list[str]] = mapped_column(Json, default=list)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __mapper_args__ = {"version_id_col": version}


class SearchEntry(Base):
    """One search: what was asked, what was shown, what came of it. After a set time it forgets whose it was.

    `token` is random and names the search in the addresses of its results; `visitor` is a random mark of the browser
    session, `follows` the token of the search that this one reworded.
    """

    __tablename__ = "searches"
    __table_args__ = (
        sa.Index("ix_searches_at", "at"),
        sa.Index("ix_searches_visitor", "visitor", "at", sqlite_where=sa.text("visitor IS NOT NULL"),
                 postgresql_where=sa.text("visitor IS NOT NULL")),
        sa.Index("ix_searches_person_id", "person_id", "at", sqlite_where=sa.text("person_id IS NOT NULL"),
                 postgresql_where=sa.text("person_id IS NOT NULL")),
        sa.Index("ix_searches_clicked_id", "clicked_id", "at"),
        sa.Index("ix_searches_ticket_id", "ticket_id"),
        sa.CheckConstraint("place IN ('page', 'typing', 'filing', 'ticket')", name="place"),
    )

    token: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(sa.String(10))
    words: Mapped[str] = mapped_column(sa.String(300))
    folded: Mapped[str] = mapped_column(sa.String(300), default="")
    """The stems of the words, sorted: searches that ask the same."""
    language: Mapped[str] = mapped_column(sa.String(2))
    shown_for: Mapped[str | None] = mapped_column(sa.String(300))
    """What was searched instead, where a word was repaired."""
    found: Mapped[int] = mapped_column(default=0)
    shown: Mapped[list[int]] = mapped_column(Json, default=list)
    visitor: Mapped[str | None] = mapped_column(sa.String(32))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    is_staff: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    follows: Mapped[str | None] = mapped_column(sa.String(32))
    clicked_id: Mapped[int | None] = mapped_column(BigId)
    clicked_place: Mapped[int | None] = mapped_column()
    clicked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    solved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ticket_id: Mapped[int | None] = mapped_column(BigId)
    """The ticket that the same person filed within half an hour."""


