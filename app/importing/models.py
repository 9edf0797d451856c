"""The ledgers: which cases of which source are tickets here, what each import came to, what the sample made."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Json, UtcDateTime


class Import(Base):
    """One run of an import; `result` is its reconciliation, kept so that a page can show it later."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(sa.String(60), index=True)
    file_name: Mapped[str] = mapped_column(sa.String(255))
    file_sha256: Mapped[str] = mapped_column(sa.String(64))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None while it runs, and for ever if it was killed."""
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)


class ImportedCase(Base):
    """That a case of a source is a ticket here: the unique key is what makes an import safe to run again."""

    __tablename__ = "imported_cases"
    __table_args__ = (sa.UniqueConstraint("source", "case_ref"),)

    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True,
                                           autoincrement=False)
    source: Mapped[str] = mapped_column(sa.String(60))
    case_ref: Mapped[str] = mapped_column(sa.String(120))
    rows: Mapped[int] = mapped_column()
    """How many lines of the log it came from."""
    digest: Mapped[str] = mapped_column(sa.String(64))
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("imports.id"), index=True)


class SampleRow(Base):
    """One row that the sample organisation made, so that one command can remove it again."""

    __tablename__ = "sample_rows"

    table_name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    row_key: Mapped[str] = mapped_column(sa.String(120), primary_key=True)


class SampleLoad(Base):
    """When the sample was loaded and as of when; at most one row."""

    __tablename__ = "sample_loads"

    id: Mapped[int] = mapped_column(primary_key=True)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
