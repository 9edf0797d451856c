"""What helps people to ask: the words by which a kind of request is known, and troubles announced to everybody."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Base, BigId, Json, UtcDateTime
from app.core.i18n import localized


class TypeWord(Base):
    """In how many subjects of a request type a stem stood. Nothing of who wrote it, and only what several wrote."""

    __tablename__ = "type_words"

    term: Mapped[str] = mapped_column(sa.String(48), primary_key=True)
    request_type_id: Mapped[int] = mapped_column(sa.ForeignKey("request_types.id", ondelete="CASCADE"),
                                                 primary_key=True, index=True)
    tickets: Mapped[int] = mapped_column()


class KnownIssue(Base):
    """A trouble that many have, told to everybody who may ask: in the staff's own words, nothing of the ticket's."""

    __tablename__ = "known_issues"
    __table_args__ = (
        sa.Index("ix_known_issues_standing", "ticket_id", unique=True, sqlite_where=sa.text("ended_at IS NULL"),
                 postgresql_where=sa.text("ended_at IS NULL")),
    )
    event_subject = "known_issue"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    titles: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    texts: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    is_for_customers: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    expected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the staff expects it to be over."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))

    affected: Mapped[list["Affected"]] = relationship(cascade="all, delete-orphan")

    @property
    def title(self) -> str:
        return localized(self.titles)

    @property
    def text(self) -> str:
        return localized(self.texts)


class Affected(Base):
    """That somebody has this trouble too, and wants to hear of its end."""

    __tablename__ = "affected"

    known_issue_id: Mapped[int] = mapped_column(sa.ForeignKey("known_issues.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()
