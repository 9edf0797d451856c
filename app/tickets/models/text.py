"""The words of a ticket, as the database's own full text looks for them."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base

Vector = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")


class TicketText(Base):
    """That the words of a ticket are held: on PostgreSQL here, on SQLite in `fts_tickets`, whose row goes with this
    one. `public` is what everybody reads who sees the ticket, `internal` what only its staff reads.

    Made from the ticket (texts.py), so no back-up holds it.
    """

    __tablename__ = "ticket_texts"
    __table_args__ = (
        # On SQLite both columns are empty.
        sa.Index("ix_ticket_texts_public", "public", postgresql_using="gin"),
        sa.Index("ix_ticket_texts_internal", "internal", postgresql_using="gin"),
        {"info": {"made_anew": True}},
    )

    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    public: Mapped[str | None] = mapped_column(Vector)
    internal: Mapped[str | None] = mapped_column(Vector)


fts = sa.table("fts_tickets", sa.column("rowid", sa.Integer), sa.column("public"), sa.column("internal"))
"""The words on SQLite; the row's number is the ticket's."""
