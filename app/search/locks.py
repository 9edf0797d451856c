"""Who alone may write the index, and who alone builds it anew: a lock that goes with its process, however it ends.

In the database where the index is there, else on a file beside the index.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from app.core.db import db, is_sqlite

WRITING, REBUILDING = "writing", "rebuilding"
KEYS = {WRITING: 0x4A53_0001, REBUILDING: 0x4A53_0002}
"""Numbers by which PostgreSQL knows the locks."""


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether this process holds the lock within; nobody is waited for. Raises OSError where no file can be made."""
    with (_on_file(name) if is_sqlite() else _in_database(name)) as is_ours:
        yield is_ours


def is_held(name: str) -> bool:
    """Whether anybody holds the lock at this moment."""
    with alone(name) as is_ours:
        return not is_ours


@contextmanager
def _on_file(name: str) -> Iterator[bool]:
    descriptor = os.open(_path(name), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_ours = True
    except BlockingIOError:
        is_ours = False
    try:
        yield is_ours
    finally:
        os.close(descriptor)


def _path(name: str) -> Path:
    return Path(current_app.config["INSTANCE"]) / f".search-{name}.lock"


@contextmanager
def _in_database(name: str) -> Iterator[bool]:
    """On a connection of its own: the lock goes when that is given back."""
    with db.engine.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_ours = connection.scalar(sa.select(sa.func.pg_try_advisory_lock(KEYS[name])))
        try:
            yield is_ours
        finally:
            if is_ours:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(KEYS[name])))
