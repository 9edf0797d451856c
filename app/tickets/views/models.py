"""A view of a list saved under a name, and how somebody likes lists laid out."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Team, User
from app.core.db import Base, Json, UtcDateTime

COMFORTABLE, COMPACT = "comfortable", "compact"
DENSITIES = (COMFORTABLE, COMPACT)
SCOPES = ("all", "mine", "escalated")
"""Of which tickets a list is: all of one's teams', what is assigned to oneself, what one's teams escalated."""


class SavedView(Base):
    """A filter, an order and columns under a name: somebody's own, or a team's. It shows each reader what they may
    see, and `me` in it is who looks."""

    __tablename__ = "saved_views"
    __table_args__ = (
        sa.CheckConstraint("scope IN ('all', 'mine', 'escalated')", name="scope"),
        sa.CheckConstraint("density IN ('comfortable', 'compact')", name="density"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1, server_default=sa.text("1"))
    name: Mapped[str] = mapped_column(sa.String(60))
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    """With whom it is shared; none: nobody."""
    scope: Mapped[str] = mapped_column(sa.String(12))
    args: Mapped[dict[str, str | list[str]]] = mapped_column(Json)
    """The filter and its order, as they stand in an address."""
    columns: Mapped[list[str]] = mapped_column(Json)
    density: Mapped[str] = mapped_column(sa.String(12), default=COMFORTABLE)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __mapper_args__ = {"version_id_col": version}

    owner: Mapped[User] = relationship()
    team: Mapped[Team | None] = relationship()


class ListLayout(Base):
    """How somebody likes lists that are no saved views, and the view with which their queues begin."""

    __tablename__ = "list_layouts"
    __table_args__ = (sa.CheckConstraint("density IN ('comfortable', 'compact')", name="density"),)

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    columns: Mapped[list[str]] = mapped_column(Json)
    density: Mapped[str] = mapped_column(sa.String(12), default=COMFORTABLE)
    view_id: Mapped[int | None] = mapped_column(sa.ForeignKey("saved_views.id", ondelete="SET NULL"), index=True)
