"""What is kept of a message that came by mail, and what a mail asks of an agent."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.channels.email.models import InboundMail
from app.core.db import Base, BigId, UtcDateTime

from .message import Message


class Mailed(Base):
    """How a message looked as a mail. The message's own body is the new words as plain text (`format` is text).

    `proof`: proven (the trusted hop vouches for the sender), failed (it says the sender is false), '' (nobody says).
    `is_unsent`: an agent's mail that was not proven to be the agent's: a note that may still be sent as a reply.
    """

    __tablename__ = "mailed_messages"
    __table_args__ = (sa.CheckConstraint("proof IN ('', 'proven', 'failed')", name="proof"),)

    message_id: Mapped[int] = mapped_column(sa.ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    mail_id: Mapped[int] = mapped_column(sa.ForeignKey("inbound_mails.id"), index=True)
    html: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    folded: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    folded_html: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    automatic: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")
    proof: Mapped[str] = mapped_column(sa.String(10), default="", server_default="")
    is_unsent: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    message: Mapped[Message] = relationship(back_populates="mailed")
    mail: Mapped[InboundMail] = relationship()


class TicketCc(Base):
    """Somebody whom a mail named beside the desk: gets nothing and sees nothing until an agent says so."""

    __tablename__ = "ticket_ccs"
    __table_args__ = (
        sa.UniqueConstraint("ticket_id", "address"),
        sa.CheckConstraint("state IN ('waiting', 'approved', 'refused')", name="state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(sa.String(254))
    name: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    mail_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inbound_mails.id"))
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting", server_default="waiting")
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))

    decided_by: Mapped[User | None] = relationship()


class Proposal(Base):
    """That a ticket filed by mail may belong to another one: a number in the subject, or an answer to a stored mail.
    Only an agent's word joins them."""

    __tablename__ = "ticket_proposals"

    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(20))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
