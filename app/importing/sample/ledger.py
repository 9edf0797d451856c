"""What the sample made, row by row, so that one command can take it away again."""

from datetime import datetime

import sqlalchemy as sa

from app.core.db import Base, db
from app.importing.models import SampleLoad, SampleRow

ORIGIN = "sample"
"""The origin of the sample's tickets; they need no ledger."""
SETTINGS = {"desk.name": "Öner Jolu", "desk.time_zone": "Asia/Bishkek"}
"""What the sample sets on a desk of its own, where it differs from the default."""


class Refused(Exception):
    """The sample cannot be loaded here; the message says why and what to do."""


def remember(*rows: Base) -> None:
    """Write down rows that have just been flushed."""
    db.session.add_all(SampleRow(table_name=row.__tablename__, row_key=str(_key(row))) for row in rows)


def _key(row: Base) -> object:
    """Every table the sample fills has a key of one column."""
    return sa.inspect(row).identity[0]


def keys(table: str) -> list[str]:
    """Keys of the rows of a table that the sample made."""
    statement = sa.select(SampleRow.row_key).where(SampleRow.table_name == table)
    return sorted(db.session.scalars(statement), key=lambda key: (len(key), key))


def is_loaded() -> bool:
    """Whether the sample stands on this desk."""
    return bool(db.session.scalar(sa.select(sa.exists().select_from(SampleLoad))))


def has_leftovers() -> bool:
    """Whether rows of a removed sample are still here, because something real uses them."""
    return bool(db.session.scalar(sa.select(sa.exists().select_from(SampleRow))))


def stamp(now: datetime) -> None:
    db.session.add(SampleLoad(loaded_at=now))
