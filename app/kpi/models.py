"""Facts (one per thing that is counted or measured), their monthly sums, and how far the events have been read.

All of it can be thrown away and computed again from events and clocks, with the same result.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, UtcDateTime

ALL_TEAMS = 0
STILL = "9999-12"


class Fact(Base):
    """One ticket's part in one number. `value` is seconds, or 1 and 0 for yes and no; counts have 1.

    `month` is the calendar month, in the zone of the ticket's working calendar, in which the fact counts;
    a stay in a team's backlog also has the month in which it ended.
    """

    __tablename__ = "kpi_facts"
    __table_args__ = (
        sa.Index("ix_kpi_facts_number", "measure", "month", "team_id", "value"),
        sa.Index("ix_kpi_facts_stay", "measure", "until_month", "month", "team_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    measure: Mapped[str] = mapped_column(sa.String(24))
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id"))
    month: Mapped[str] = mapped_column(sa.String(7))
    until_month: Mapped[str | None] = mapped_column(sa.String(7))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    value: Mapped[int] = mapped_column(sa.BigInteger)


class Month(Base):
    """One number of one month and team (or of all teams together, as team 0)."""

    __tablename__ = "kpi_months"

    measure: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    month: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    team_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column()
    total: Mapped[int] = mapped_column(sa.BigInteger)
    median: Mapped[int] = mapped_column(sa.BigInteger)
    p90: Mapped[int] = mapped_column(sa.BigInteger)


class Cursor(Base):
    """The last event whose ticket's facts are in."""

    __tablename__ = "kpi_cursor"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    refreshed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    yardstick: Mapped[str | None] = mapped_column(sa.String(16))
    """By what the pauses were audited; when it changes, all events are read again."""
