"""Restoring: everything is proved on a scratch database first, then the desk's own content is swapped in one go."""

import logging
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from app.core import schema
from app.core.db import db, is_sqlite, reading

from . import Refused, folder, rows
from .take import KEYS

log = logging.getLogger(__name__)
TRIES = 5
CHUNK_ROWS = 1000


@dataclass
class Restored:
    """What came back."""

    rows: int
    files: int
    keys_changed: bool
    """Whether running processes still hold other keys: then they must be started again."""


def restore(source: Path, scratch: Flask, replace: bool = False) -> Restored:
    """Make this desk what the back-up is. `scratch` is an app of an empty SQLite instance, used up here.

    Nothing is touched before every hash, row and reference was looked at. Raises Refused.
    """
    manifest = folder.read_manifest(source)
    schema.bring_up_to_date()
    if not replace and _has_content():
        raise Refused("This desk has content. --replace puts the back-up in its place.")
    _check_hashes(source, manifest)
    with scratch.app_context():
        _load(source, manifest)
    _check_files(source, scratch)
    files = _copy_files(source)
    drafts = _draft_keys(source)
    count = _swap(scratch)
    return Restored(count, files, _publish_keys(drafts))


def _has_content() -> bool:
    """Whether anybody has an account here."""
    with reading(), db.engine.connect() as connection:
        return connection.execute(sa.text("SELECT 1 FROM users LIMIT 1")).first() is not None


def _check_hashes(source: Path, manifest: dict[str, Any]) -> None:
    expected = {f"tables/{name}.jsonl": about["sha256"] for name, about in manifest["tables"].items()}
    expected |= {f"keys/{name}": manifest["keys"][name] for name in KEYS}
    for path, sha256 in expected.items():
        if folder.hash_of(source / path) != sha256:
            raise Refused(f"{source / path} is missing or was changed since the back-up was made.")
    if manifest["schema"] not in schema.known():
        raise Refused(f"The back-up was made by a newer version of the desk (schema {manifest['schema']}).")


def _load(source: Path, manifest: dict[str, Any]) -> None:
    """Fill the scratch database at the schema of the back-up, look whether all references hold, bring it to today."""
    upgrade(directory=str(schema.FOLDER), revision=manifest["schema"])
    connection = sqlite3.connect(db.engine.url.database, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        for name, about in manifest["tables"].items():
            _load_table(connection, source / "tables" / f"{name}.jsonl", name, about)
        connection.execute("COMMIT")
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        connection.close()
    if broken:
        raise Refused(f"The back-up holds rows without their parent: {broken[:3]}")
    schema.bring_up_to_date()


def _load_table(connection: sqlite3.Connection, path: Path, name: str, about: dict[str, Any]) -> None:
    """What the migrations themselves put into a table gives way to the back-up."""
    columns = ", ".join(f'"{column}"' for column in about["columns"])
    places = ", ".join("?" for _ in about["columns"])
    connection.execute(f'DELETE FROM "{name}"')  # noqa: S608 - names of our own tables, under a checked hash
    connection.executemany(f'INSERT INTO "{name}" ({columns}) VALUES ({places})',  # noqa: S608
                           rows.read_for_sqlite(path, about["columns"]))


def _check_files(source: Path, scratch: Flask) -> None:
    damaged = set(folder.read_manifest(source)["damaged"])
    with scratch.app_context(), db.engine.connect() as connection:
        stored = connection.execute(sa.text("SELECT storage_name, sha256 FROM files")).all()
    for name, sha256 in stored:
        path = source / "files" / name[:2] / name
        if name not in damaged and folder.hash_of(path) != sha256:
            raise Refused(f"{path} is missing or was changed since the back-up was made.")


def _copy_files(source: Path) -> int:
    """Beside those that are there: names are random and never used again; what has no row goes after a day."""
    target, count = Path(current_app.config["FILES_FOLDER"]), 0
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in sorted((source / "files").glob("*/*")):
        inside = path.relative_to(source / "files")
        if folder.hash_of(target / inside) is None:
            draft = (target / inside).with_suffix(".part")
            folder.copy(path, draft)
            os.replace(draft, target / inside)
        count += 1
    folder.sync(target)
    return count


def _draft_keys(source: Path) -> dict[Path, Path]:
    instance = Path(current_app.config["INSTANCE"])
    drafts = {instance / f".{name}.restored": instance / name for name in KEYS}
    for draft, key in drafts.items():
        folder.copy(source / "keys" / key.name, draft)
    return drafts


def _publish_keys(drafts: dict[Path, Path]) -> bool:
    changed = any(draft.read_bytes() != key.read_bytes() for draft, key in drafts.items())
    for draft, key in drafts.items():
        os.replace(draft, key)
    folder.sync_entry(Path(current_app.config["INSTANCE"]))
    return changed


def _swap(scratch: Flask) -> int:
    """Put the scratch rows in the place of the desk's in one transaction; somebody who was faster is waited for."""
    with scratch.app_context():
        from_engine = db.engine
    tables, swap = rows.tables(), _swap_sqlite if is_sqlite() else _swap_postgresql
    for attempt in range(1, TRIES + 1):
        try:
            with from_engine.connect() as source:
                return swap(source, tables)
        except OperationalError as error:
            if attempt == TRIES:
                raise Refused(f"The desk is too busy to restore now; nothing was changed. {error.orig}") from error
            log.warning("restore waits for the desk: %s", error.orig)
            time.sleep(attempt)
    raise AssertionError("unreachable")


def _swap_sqlite(source: sa.Connection, tables: list[sa.Table]) -> int:
    """References were proved on the scratch database, so they need not be followed row by row here."""
    with db.engine.connect() as target:
        raw = target.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with target.begin():
                for table in reversed([*tables, *rows.made_anew()]):
                    target.execute(sa.delete(table))
                return _copy_rows(source, target, tables)
        finally:
            raw.execute("PRAGMA foreign_keys=ON")


def _swap_postgresql(source: sa.Connection, tables: list[sa.Table]) -> int:
    with db.engine.begin() as target:
        names = ", ".join(f'"{table.name}"' for table in [*tables, *rows.made_anew()])
        target.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
        with _without_foreign_keys(target):
            target.exec_driver_sql(f"TRUNCATE {names}")
            count = _copy_rows(source, target, tables)
        for table in tables:
            _set_sequence(target, table)
        return count


@contextmanager
def _without_foreign_keys(target: sa.Connection) -> Iterator[None]:
    """Tables point at each other in circles; the constraints come back, and are checked, in the same transaction."""
    found = target.exec_driver_sql(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
    ).all()
    for table, name, _definition in found:
        target.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    yield
    for table, name, definition in found:
        target.exec_driver_sql(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def _copy_rows(source: sa.Connection, target: sa.Connection, tables: list[sa.Table]) -> int:
    count = 0
    for table in tables:
        found = source.execution_options(yield_per=CHUNK_ROWS).execute(sa.select(table)).mappings()
        for chunk in found.partitions():
            target.execute(sa.insert(table), [dict(row) for row in chunk])
            count += len(chunk)
    return count


def _set_sequence(target: sa.Connection, table: sa.Table) -> None:
    """Numbers go on after the highest that came back."""
    key = table.primary_key.columns.values()
    if len(key) == 1 and key[0].autoincrement is not False and isinstance(key[0].type, sa.Integer):
        name = target.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, key[0].name)))
        if name:
            newest = target.scalar(sa.select(sa.func.max(key[0]))) or 0
            target.execute(sa.select(sa.func.setval(name, newest + 1, False)))
