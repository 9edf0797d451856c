"""Rows as JSON lines: what of a value JSON cannot say is told by a tag of its column."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.core.db import db
from app.core.schema import UNMODELLED

from . import Refused

KEPT_BY_PROCESSES = frozenset({"leases", "alembic_version"})
"""Tables that say what processes and the schema do now; they are not part of a back-up."""

TAGS: list[tuple[type[Any], str]] = [
    (sa.DateTime, "moment"), (sa.Date, "day"), (sa.LargeBinary, "bytes"), (sa.Boolean, "truth"),
    (sa.JSON, "json"), (sa.Numeric, "number"),
]
WRITERS: dict[str, Callable[[Any], Any]] = {
    "moment": datetime.isoformat, "day": date.isoformat, "bytes": lambda value: base64.b64encode(value).decode(),
    "number": lambda value: str(value) if isinstance(value, Decimal) else value,
}


def tables() -> list[sa.Table]:
    """Every table of which a back-up keeps the rows, parents first. Raises Refused when the database holds one the
    code does not know."""
    known = [table for table in db.metadata.sorted_tables if table.name not in KEPT_BY_PROCESSES]
    there = {name for name in sa.inspect(db.engine).get_table_names() if not name.startswith(UNMODELLED)}
    strange = (there - KEPT_BY_PROCESSES).symmetric_difference(table.name for table in known)
    if strange:
        raise Refused(f"The database and this version of the desk disagree about: {', '.join(sorted(strange))}.")
    return [table for table in known if not table.info.get("made_anew")]


def made_anew() -> list[sa.Table]:
    """Tables whose rows are made from others, such as the words of a search: never kept, emptied by a restore, filled
    again by the desk itself. Their models say so: `{"info": {"made_anew": True}}`."""
    return [table for table in db.metadata.sorted_tables if table.info.get("made_anew")]


def tags(table: sa.Table) -> dict[str, str]:
    """Column name -> tag."""
    return {column.name: _tag(column.type) for column in table.columns}


def _tag(kind: Any) -> str:
    plain = kind.impl if isinstance(kind, sa.types.TypeDecorator) else kind
    return next((tag for base, tag in TAGS if isinstance(plain, base)), "plain")


def write(connection: sa.Connection, table: sa.Table, path: Path) -> dict[str, Any]:
    """All rows of a table into a file; returns what the manifest says of it."""
    tagged, digest, count = tags(table), hashlib.sha256(), 0
    writers = [WRITERS.get(tag) for tag in tagged.values()]
    statement = sa.select(table).order_by(*table.primary_key.columns)
    with open(path, "xb") as file:
        for row in connection.execution_options(yield_per=1000).execute(statement):
            line = _line(row, writers)
            digest.update(line)
            file.write(line)
            count += 1
    return {"rows": count, "sha256": digest.hexdigest(), "columns": tagged}


def _line(row: Iterable[Any], writers: list[Callable[[Any], Any] | None]) -> bytes:
    values = [write(value) if write and value is not None else value
              for value, write in zip(row, writers, strict=True)]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_for_sqlite(path: Path, tagged: dict[str, str]) -> Iterator[list[Any]]:
    """The rows of a file as SQLite's driver stores them."""
    readers = [READERS.get(tag) for tag in tagged.values()]
    with open(path, "rb") as file:
        for line in file:
            yield [read(value) if read and value is not None else value
                   for value, read in zip(json.loads(line), readers, strict=True)]


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


READERS: dict[str, Callable[[Any], Any]] = {
    "moment": _moment, "bytes": base64.b64decode, "truth": int, "number": float,
    "json": lambda value: json.dumps(value, ensure_ascii=False),
}
