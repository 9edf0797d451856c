"""Whether the database can keep what the desk promises: that an answer of "saved" outlives a power cut."""

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import DBAPIError

from .db import db, is_sqlite

SAFE_COMMITS = frozenset({"on", "local", "remote_write", "remote_apply"})


class Refused(Exception):
    """The desk will not start on this database; the message says why and what to do."""


def check() -> None:
    """Raises Refused when the database does not answer or may forget what it has confirmed."""
    try:
        with db.engine.connect() as connection:
            promised = {} if is_sqlite() else _promises(connection)
    except DBAPIError as error:
        said = str(error.orig).strip().splitlines()[0]
        raise Refused(f"{_where()}: the database does not answer: {said}") from error
    if promised.get("fsync", "on") != "on":
        raise Refused("DATABASE_URL: this PostgreSQL runs with fsync=off and would lose tickets in a power cut. "
                      "Set fsync=on in its configuration.")
    if promised.get("synchronous_commit", "on") not in SAFE_COMMITS:
        raise Refused("DATABASE_URL: this PostgreSQL has synchronous_commit=off and may lose the last seconds. "
                      "Set synchronous_commit=on, if need be for this role: ALTER ROLE … SET synchronous_commit = on.")


def _promises(connection: sa.Connection) -> dict[str, str]:
    names = ("fsync", "synchronous_commit")
    return {name: connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names}


def _where() -> str:
    """The setting that says where the database is."""
    return "DATABASE_URL" if current_app.config["DATABASE_URL"] else "JARDAM_INSTANCE"
