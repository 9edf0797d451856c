"""Taking a back-up: one snapshot of all tables, then the files its rows speak of, then the keys."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.core import clock, schema
from app.core.db import db, is_sqlite, reading
from app.core.files import StoredFile

from . import Refused, folder, rows

KEYS = ("session.key", "secrets.key")


@dataclass
class Taken:
    """What a back-up holds."""

    rows: int = 0
    files: int = 0
    damaged: list[str] = field(default_factory=list)
    """Storage names of files that were missing or not what their row says: in the desk, not because of the copy."""


def take(target: Path) -> Taken:
    """Write a back-up into a new folder while the desk goes on. Raises Refused, or OSError when the disk is full."""
    if schema.current() != schema.head():
        raise Refused("The schema is not current. Start the desk once, then back it up.")
    with folder.new(target) as draft:
        taken = Taken()
        with reading(), _snapshot() as connection:
            tables = _write_tables(connection, draft, taken)
            stored = connection.execute(sa.select(StoredFile.storage_name, StoredFile.sha256)).all()
        _copy_files(stored, draft / "files", taken)
        _write_manifest(draft, tables, taken)
    return taken


def _snapshot() -> sa.Connection:
    """On SQLite a read transaction is a snapshot by itself."""
    options = {} if is_sqlite() else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return db.engine.connect().execution_options(**options)


def _write_tables(connection: sa.Connection, draft: Path, taken: Taken) -> dict[str, Any]:
    (draft / "tables").mkdir(mode=0o700)
    written = {table.name: rows.write(connection, table, draft / "tables" / f"{table.name}.jsonl")
               for table in rows.tables()}
    taken.rows = sum(about["rows"] for about in written.values())
    return written


def _copy_files(stored: list[Any], target: Path, taken: Taken) -> None:
    """Files are on the disk before their row commits and never change: what a row of the snapshot names is there."""
    target.mkdir(mode=0o700)
    source = Path(current_app.config["FILES_FOLDER"])
    for name, sha256 in stored:
        inside = Path(name[:2]) / name
        try:
            whole = folder.copy(source / inside, target / inside) == sha256
        except FileNotFoundError:
            whole = False
        taken.files += whole
        if not whole:
            taken.damaged.append(name)


def _write_manifest(draft: Path, tables: dict[str, Any], taken: Taken) -> None:
    instance = Path(current_app.config["INSTANCE"])
    folder.write_manifest(draft, {
        "format": 1,
        "made_at": clock.now().isoformat(),
        "schema": schema.head(),
        "engine": db.engine.dialect.name,
        "tables": tables,
        "files": taken.files,
        "damaged": taken.damaged,
        "keys": {name: folder.copy(instance / name, draft / "keys" / name) for name in KEYS},
    })
