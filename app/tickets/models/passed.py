"""What an absent person had when the absence began, and to whom it went; so that it can be handed back."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.absence_models import Absence
from app.accounts.models import User
from app.core.db import Base, BigId, UtcDateTime


class AbsenceTicket(Base):
    """One active ticket of a person who went away."""

    __tablename__ = "absence_tickets"

    absence_id: Mapped[int] = mapped_column(sa.ForeignKey("absences.id", ondelete="CASCADE"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True,
                                           index=True)
    deputy_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    """Who got it; none where it stayed with the absent person."""
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    absence: Mapped[Absence] = relationship()
    deputy: Mapped[User | None] = relationship()
