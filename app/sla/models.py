"""Policies, the rules that choose them, clocks, what clocks announced, and the spans of a ticket's life."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Named, User
from app.calendars.models import WorkCalendar
from app.core.db import Base, BigId, Json, UtcDateTime


class SlaPolicy(Named, Base):
    """A promise under its name; what it promises stands in its versions."""

    __tablename__ = "sla_policies"
    event_subject = "sla_policy"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)

    versions: Mapped[list["SlaPolicyVersion"]] = relationship(
        back_populates="policy", order_by="SlaPolicyVersion.valid_from, SlaPolicyVersion.id",
        cascade="all, delete-orphan",
    )


class SlaPolicyVersion(Base):
    """What a policy promises from a moment on, until its next version. Never changed once it is stored."""

    __tablename__ = "sla_policy_versions"
    __table_args__ = (sa.UniqueConstraint("policy_id", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[int] = mapped_column(sa.ForeignKey("sla_policies.id", ondelete="CASCADE"))
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    calendar_id: Mapped[int] = mapped_column(sa.ForeignKey("work_calendars.id"), index=True)
    targets: Mapped[dict[str, dict[str, int]]] = mapped_column(Json)
    """{"P1": {"first_response": seconds, "next_response": …, "resolution": …, "pickup:1": …, "handover:2": …}, …}
    of business time; pickup and handover (the OLA) with the level. What is left out is not promised."""
    reopen_floor_percent: Mapped[int] = mapped_column(default=25, server_default=sa.text("25"))
    actions: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list, server_default=sa.text("'[]'"))
    """[{"target": "resolution", "share": 75, "action": "notify_assignee"}]; share in percent of the target."""
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    policy: Mapped[SlaPolicy] = relationship(back_populates="versions")
    calendar: Mapped[WorkCalendar] = relationship()
    by: Mapped[User | None] = relationship(lazy="joined")


class SlaRuleList(Base):
    """The ordered rules that hold from a moment on, until the next list. Never changed once it is stored."""

    __tablename__ = "sla_rule_lists"
    event_subject = "sla_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime, unique=True)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    rules: Mapped[list["SlaRule"]] = relationship(order_by="SlaRule.position", cascade="all, delete-orphan")
    by: Mapped[User | None] = relationship()


class SlaRule(Named, Base):
    """Chooses a policy for the tickets that meet all of its conditions."""

    __tablename__ = "sla_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(sa.ForeignKey("sla_rule_lists.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column()
    conditions: Mapped[dict[str, list[Any]]] = mapped_column(Json, default=dict, server_default=sa.text("'{}'"))
    """{"priority": ["P1"], "request_type_id": [3, 4]}: each fact must be one of its list; none: every ticket."""
    policy_id: Mapped[int] = mapped_column(sa.ForeignKey("sla_policies.id"), index=True)
    is_floor: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Set by law: holds beside whatever else is chosen, wherever it is stricter."""

    policy: Mapped[SlaPolicy] = relationship()


class SlaClock(Base):
    """One target of one ticket in one cycle. All moments are whole seconds, all lengths seconds of business time.

    While it runs, `elapsed(started_at, due_at) - paused_seconds == allowed_seconds`.
    """

    __tablename__ = "sla_clocks"
    __table_args__ = (
        sa.UniqueConstraint("ticket_id", "target", "cycle"),
        sa.Index("ix_sla_clocks_next", "next_at", "id", sqlite_where=sa.text("next_at IS NOT NULL"),
                 postgresql_where=sa.text("next_at IS NOT NULL")),
        sa.CheckConstraint("target IN ('first_response', 'next_response', 'resolution', 'pickup', 'handover')",
                           name="target"),
        sa.CheckConstraint("outcome IN ('met', 'missed')", name="outcome"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"))
    target: Mapped[str] = mapped_column(sa.String(20))
    cycle: Mapped[int] = mapped_column(default=1)
    """Which one of its target: the cycle of a resolution, the count of a next response, the visit of an OLA."""
    level: Mapped[int | None] = mapped_column()
    """Of a pick-up or hand-over: the level that is measured."""
    policy_version_id: Mapped[int] = mapped_column(sa.ForeignKey("sla_policy_versions.id"))
    calendar_version_id: Mapped[int] = mapped_column(sa.ForeignKey("calendar_versions.id"))
    rule_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sla_rules.id"))
    """The rule that chose the policy; none where an import named the policy itself."""
    allowed_seconds: Mapped[int] = mapped_column()
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    terms_since: Mapped[datetime] = mapped_column(UtcDateTime)
    """Since when these terms hold: the start, or the last change of priority or policy."""
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The deadline; none while it is paused. Once reached it stands, whatever pauses follow."""
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_seconds: Mapped[int] = mapped_column(default=0)
    """Paused before the deadline: what moved it."""
    late_paused_seconds: Mapped[int] = mapped_column(default=0)
    """Paused after the deadline: moves nothing, but is not counted as used."""
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_seconds: Mapped[int | None] = mapped_column()
    """Business time from start to stop without pauses; none while it goes on."""
    outcome: Mapped[str | None] = mapped_column(sa.String(6))
    """met or missed; none while it goes on, and where it ended without a meaning (cancelled, merged)."""
    breached_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_silent: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Of an imported ticket: it measures and announces nothing."""
    announced_share: Mapped[int] = mapped_column(default=0)
    """The highest share of the target that has been announced, in percent."""
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the sweep must look again."""


class SlaFiring(Base):
    """The ledger: each share of each clock at most once, however many processes sweep."""

    __tablename__ = "sla_firings"
    __table_args__ = (
        sa.UniqueConstraint("clock_id", "share"),
        sa.CheckConstraint("state IN ('fired', 'superseded')", name="state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    clock_id: Mapped[int] = mapped_column(sa.ForeignKey("sla_clocks.id", ondelete="CASCADE"))
    share: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(sa.String(10))
    """fired; or superseded: a later share, or the end of the clock, had overtaken it."""
    reached_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fired_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_late: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class Span(Base):
    """A stretch of an active ticket's life in which status, team, level and assignee stayed the same.

    The spans of a ticket follow each other without gap or overlap from filing to its end, and again from each
    reopening. A visit (to a level and team) goes on through the spans that share its number.
    """

    __tablename__ = "spans"
    __table_args__ = (sa.Index("ix_spans_ticket", "ticket_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"))
    cycle: Mapped[int] = mapped_column(default=1)
    visit: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str | None] = mapped_column(sa.String(40))
    """Why it waits, while it is pending."""
    pauses: Mapped[bool] = mapped_column(default=False)
    """Whether the resolution clock stands still meanwhile."""
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id"))
    level: Mapped[int] = mapped_column()
    assignee_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
