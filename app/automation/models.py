"""What the desk remembers of the tickets it may have to take back."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, UtcDateTime

_WATCHED = sa.text("unown_at IS NOT NULL")


class Trust(Base):
    """To whom a ticket was last given by somebody else, or who let go of it; one row per ticket at most.

    While `unown_at` is set it is watched: begun by then, or back to the queue. Without, the person has let go of the
    ticket (or it was taken back), and the desk does not give it to the same one again while it stays with the team.
    """

    __tablename__ = "trusts"
    __table_args__ = (sa.Index("ix_trusts_unown_at", "unown_at", sqlite_where=_WATCHED, postgresql_where=_WATCHED),)

    ticket_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    unown_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
