"""The schema: migrations, brought up to date under a lock by whoever starts first."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_migrate import Migrate, upgrade

from .db import UtcDateTime, db, is_sqlite

FOLDER = Path(__file__).parent.parent.parent / "migrations"
LOCK_NUMBER = 7_302_114
FULL_TEXT = "fts_"
"""Tables of SQLite's full text begin so: a migration makes them, the engine keeps them, no model knows them."""
UNMODELLED = (FULL_TEXT, "presences")
"""And who is where now, which is asked for in plain SQL and kept by nobody."""


class Refused(Exception):
    """The schema cannot be brought up to date; the message says what to do."""


def render(kind: str, item: Any, context: AutogenContext) -> Any:
    """How our own column types are written into a migration, which must not import the models."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, sa.JSON):
        context.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')"
    if isinstance(item, sa.BigInteger) and item._variant_mapping:
        return "sa.BigInteger().with_variant(sa.Integer(), 'sqlite')"
    return False


def is_modelled(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether a model ought to speak of what was found in the database."""
    return kind != "table" or not str(name).startswith(UNMODELLED)


def init(app: Flask) -> None:
    Migrate(app, db, directory=str(FOLDER), render_as_batch=True, render_item=render, compare_type=True,
            include_name=is_modelled)


def head() -> str:
    """The newest revision the code knows."""
    return _scripts().get_current_head()


def known() -> list[str]:
    """Every revision the code knows."""
    return [script.revision for script in _scripts().walk_revisions()]


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return ScriptDirectory.from_config(config)


def current(connection: Any = None) -> str | None:
    """The revision the database stands at; a page asks on the connection it has."""
    if connection is not None:
        return MigrationContext.configure(connection).get_current_revision()
    with db.engine.connect() as fresh:
        return current(fresh)


def bring_up_to_date() -> bool:
    """Upgrade if the database is behind, one process at a time; true if something was done. Raises Refused.

    A start that was killed half-way left the last complete revision: each migration is one transaction.
    """
    if not _is_behind():
        return False
    with one_at_a_time():
        behind = _is_behind()
        if behind:
            upgrade(directory=str(FOLDER))
    return behind


def _is_behind() -> bool:
    stands_at = current()
    if stands_at not in (None, *known()):
        raise Refused(f"this database was made by a newer Jardam (schema {stands_at}). Start that version, "
                      "or restore a backup that was made before the upgrade.")
    return stands_at != head()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """A file lock beside SQLite, an advisory lock on PostgreSQL; both vanish with their process."""
    if is_sqlite():
        with _file_lock(Path(current_app.config["INSTANCE"]) / "schema.lock"):
            yield
    else:
        with db.engine.connect() as connection:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK_NUMBER)))
            yield


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


