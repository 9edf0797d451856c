"""Which index this desk uses: tables of its own where it runs on PostgreSQL, else Whoosh in a folder."""

import threading
from pathlib import Path

from flask import current_app

from app.core.db import is_sqlite

from . import folders
from .backend import Backend
from .whoosh_index import WhooshIndex

_open: dict[Path, WhooshIndex] = {}
_lock = threading.Lock()


def backend() -> Backend:
    """The index in use. Raises Unusable while there is none."""
    if not is_sqlite():
        from .postgres_index import PostgresIndex

        return PostgresIndex()
    return _opened(folders.current(root()))


def root() -> Path:
    """The folder of the Whoosh indexes."""
    return Path(current_app.config["INSTANCE"]) / "index"


def _opened(folder: Path) -> WhooshIndex:
    """One object per folder and process; of the folders that are no longer in use only the last is kept."""
    with _lock:
        if folder not in _open:
            for other in [known for known in _open if known.parent == folder.parent]:
                _open.pop(other).close()
            _open[folder] = WhooshIndex(folder)
        return _open[folder]
