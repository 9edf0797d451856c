"""The planted desk, built once; each visit happens in a savepoint of its own and leaves nothing behind."""

import pytest
import sqlalchemy as sa

from app.core import answers
from app.core.db import db
from app.core.live import hub
from app.core.pace import Pace
from tests.conftest import rolled_back

from .door import Door, drawn_once
from .plants import plant

READS = ("SELECT", "WITH", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "PRAGMA", "SHOW")


@pytest.fixture(scope="package")
def door(app):
    """Lets anybody of the planted desk knock at any address. The process is ending, so no stream stays open; and nobody
    is asked to wait a minute: who knocks at every door would hear nothing else."""
    app.config["WTF_CSRF_ENABLED"], hub.stopping = False, True
    with rolled_back(app) as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pace, "spend", lambda _pace, _key: None)
        plants = plant()
        db.session.commit()
        written: list[str] = []
        sa.event.listen(connection, "before_cursor_execute", lambda *about: _note(written, about[2]))
        yield Door(app, connection, plants, written)
    app.config["WTF_CSRF_ENABLED"], hub.stopping = True, False


@pytest.fixture
def errors_drawn_once(monkeypatch):
    """For who knocks at a thousand doors and is mostly refused: the shell of a page is most of the time."""
    monkeypatch.setattr(answers, "render_template", drawn_once(answers.render_template))


def _note(written: list[str], statement: str) -> None:
    if not statement.lstrip(" (\n").upper().startswith(READS):
        written.append(statement)
