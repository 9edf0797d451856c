"""The planted desk, built once; each visit happens in a savepoint of its own and leaves nothing behind."""

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.core.live import hub
from tests.conftest import rolled_back

from .door import Door
from .plants import plant

READS = ("SELECT", "WITH", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "PRAGMA", "SHOW")


@pytest.fixture(scope="module")
def door(app):
    """Lets anybody of the planted desk knock at any address. The process is ending, so no stream stays open."""
    app.config["WTF_CSRF_ENABLED"], hub.stopping = False, True
    with rolled_back(app) as connection:
        plants = plant()
        db.session.commit()
        written: list[str] = []
        sa.event.listen(connection, "before_cursor_execute", lambda *about: _note(written, about[2]))
        yield Door(app, connection, plants, written)
    app.config["WTF_CSRF_ENABLED"], hub.stopping = True, False


def _note(written: list[str], statement: str) -> None:
    if not statement.lstrip(" (").upper().startswith(READS):
        written.append(statement)
