"""Working calendars, as dated versions that are never overwritten."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Named, User
from app.core.db import Base, Json, UtcDateTime

from .built import working_hours
from .working_hours import WorkingHours


class WorkCalendar(Named, Base):
    """A calendar under its name; what it says stands in its versions."""

    __tablename__ = "work_calendars"
    event_subject = "calendar"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)

    versions: Mapped[list["CalendarVersion"]] = relationship(
        back_populates="calendar", order_by="CalendarVersion.valid_from, CalendarVersion.id",
        cascade="all, delete-orphan",
    )


class CalendarVersion(Base):
    """What a calendar says from a moment on, until its next version. Never changed once it is stored."""

    __tablename__ = "calendar_versions"
    __table_args__ = (sa.UniqueConstraint("calendar_id", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(sa.ForeignKey("work_calendars.id", ondelete="CASCADE"))
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    zone: Mapped[str] = mapped_column(sa.String(60))
    week: Mapped[dict[str, Any]] = mapped_column(Json)
    """{"0": [["09:00", "18:00"]], …} from Monday; see WorkingHours.build."""
    country: Mapped[str | None] = mapped_column(sa.String(10))
    overrides: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default=sa.text("'{}'"))
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    calendar: Mapped[WorkCalendar] = relationship(back_populates="versions")
    by: Mapped[User | None] = relationship(lazy="joined")

    @property
    def hours(self) -> WorkingHours:
        """The version as business time."""
        return working_hours(self.zone, self.week, self.country, self.overrides)
