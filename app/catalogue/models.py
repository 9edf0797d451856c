"""Request types and intake rules."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Named, Team, User
from app.core.db import Base, Json
from app.core.i18n import localized

KINDS = ("incident", "service_request", "question", "problem")
SCALE = ("low", "medium", "high")


class RequestType(Named, Base):
    """A service: its own fields, where it lands, what level 2 needs, who alone may see it."""

    __tablename__ = "request_types"
    event_subject = "request_type"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    descriptions: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    kind: Mapped[str] = mapped_column(sa.String(20), default="service_request")
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("teams.id"))
    level2_team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("teams.id"))
    impact: Mapped[str] = mapped_column(sa.String(6), default="low", server_default="low")
    urgency: Mapped[str] = mapped_column(sa.String(6), default="medium", server_default="medium")
    is_confidential: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    fields: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    """[{key, labels, help, type: text|textarea|choice|date|number|checkbox, required, choices: [{value, labels}]}]"""
    handover_fields: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    """What level 2 needs: [{key, labels, required}]"""
    authority: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    """What level 1 may grant without asking, in each language."""
    position: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())

    team: Mapped[Team | None] = relationship(foreign_keys=[team_id])
    level2_team: Mapped[Team | None] = relationship(foreign_keys=[level2_team_id])
    named: Mapped[list["RequestTypeAccess"]] = relationship(cascade="all, delete-orphan")

    @property
    def description(self) -> str:
        return localized(self.descriptions)


class RequestTypeAccess(Base):
    """Who alone sees tickets of a confidential request type: a team or a person."""

    __tablename__ = "request_type_access"
    __table_args__ = (sa.CheckConstraint("(team_id IS NULL) <> (user_id IS NULL)", name="one_of"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_type_id: Mapped[int] = mapped_column(sa.ForeignKey("request_types.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("teams.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))

    team: Mapped[Team | None] = relationship()
    user: Mapped[User | None] = relationship()


class IntakeRule(Base):
    """Where a new request lands: the first rule that matches, in order; an empty condition matches all."""

    __tablename__ = "intake_rules"
    event_subject = "intake_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    request_type_id: Mapped[int | None] = mapped_column(sa.ForeignKey("request_types.id", ondelete="CASCADE"))
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("departments.id", ondelete="CASCADE"))
    channel: Mapped[str | None] = mapped_column(sa.String(20))
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id"))

    team: Mapped[Team] = relationship()
    request_type: Mapped[RequestType | None] = relationship()
