"""Reply templates and macros. Each belongs to one person, to a team, or to the whole desk."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.accounts.models import Named, Team, User
from app.core import clock
from app.core.db import Base, Json, UtcDateTime

LONGEST_KEYWORD = 30
_OWN, _TEAMS = "owner_id IS NOT NULL", "team_id IS NOT NULL"
_DESKS = "owner_id IS NULL AND team_id IS NULL"


class Scoped(Named):
    """Something a person keeps for themselves, for a team, or for everybody at the desk."""

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    request_types: Mapped[list[str]] = mapped_column(Json, default=list, server_default=sa.text("'[]'"))
    """Short names of the request types it fits; none: all of them."""
    position: Mapped[int] = mapped_column(default=100, server_default=sa.text("100"))
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    used_count: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    @declared_attr
    def owner(cls) -> Mapped[User | None]:
        return relationship(User)

    @declared_attr
    def team(cls) -> Mapped[Team | None]:
        return relationship(Team)

    @property
    def reach(self) -> str:
        """own, team or desk."""
        return "own" if self.owner_id else "team" if self.team_id else "desk"


def _one_keyword(name: str, condition: str, *columns: str) -> sa.Index:
    where = sa.text(f"is_active AND {condition}")
    return sa.Index(name, *columns, "keyword", unique=True, sqlite_where=where, postgresql_where=where)


class ReplyTemplate(Scoped, Base):
    """Words to begin an answer with, in several languages, found by the keyword that is typed after ::."""

    __tablename__ = "reply_templates"
    __table_args__ = (
        _one_keyword("ix_reply_templates_own", _OWN, "owner_id"),
        _one_keyword("ix_reply_templates_team", _TEAMS, "team_id"),
        _one_keyword("ix_reply_templates_desk", _DESKS),
        sa.CheckConstraint("owner_id IS NULL OR team_id IS NULL", name="one_reach"),
    )
    event_subject = "reply_template"

    keyword: Mapped[str] = mapped_column(sa.String(LONGEST_KEYWORD))
    bodies: Mapped[dict[str, str]] = mapped_column(Json, default=dict, server_default=sa.text("'{}'"))


class Macro(Scoped, Base):
    """Several things done to a ticket at once: something said, facts changed, on to the next one.

    What is said are words of its own or those of a reply template; `steps` holds what else is done, by names of a fixed
    list (steps.STEPS).
    """

    __tablename__ = "macros"
    __table_args__ = (
        sa.CheckConstraint("owner_id IS NULL OR team_id IS NULL", name="one_reach"),
        sa.CheckConstraint("says IN ('', 'reply', 'note')", name="says"),
    )
    event_subject = "macro"

    says: Mapped[str] = mapped_column(sa.String(5), default="", server_default="")
    bodies: Mapped[dict[str, str]] = mapped_column(Json, default=dict, server_default=sa.text("'{}'"))
    template_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reply_templates.id", ondelete="SET NULL"),
                                                    index=True)
    steps: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default=sa.text("'{}'"))
    goes_on: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """To the next ticket afterwards."""

    template: Mapped[ReplyTemplate | None] = relationship()
