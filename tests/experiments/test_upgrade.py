"""E19: the desk is killed while it upgrades the schema of many tickets; the next start finishes and nothing is gone."""

import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import schema
from app.tickets.models import Message, Ticket

from . import audit
from .desk import ROOT, Desk

SLOW = '''
    """A rebuild of the tickets and a change of every row: what an upgrade of years may do at worst."""
    import os
    import signal

    import sqlalchemy as sa
    from alembic import op

    revision = "9000_slow"
    down_revision = "{head}"


    def reach(step):
        """The power fails here, if this is where the experiment wants it."""
        if os.environ.get("KILL_AT") == str(step):
            os.killpg(0, signal.SIGKILL)


    def upgrade():
        reach(0)
        recreate = "always" if op.get_bind().dialect.name == "sqlite" else "auto"
        with op.batch_alter_table("tickets", recreate=recreate) as batch:
            batch.add_column(sa.Column("proof", sa.Text(), server_default="", nullable=False))
        reach(1)
        for n in range(2, 7):
            op.execute(f"UPDATE tickets SET proof = proof || subject || '{n}'")
            reach(n)


    def downgrade():
        with op.batch_alter_table("tickets") as batch:
            batch.drop_column("proof")
'''

START = "import sys; from pathlib import Path; from app.core import schema; schema.FOLDER = Path(sys.argv.pop(1)); " \
        "from app.server import main; main(sys.argv[1:])"


@pytest.fixture
def migrations(tmp_path) -> Path:
    """The migrations of a next version, one of them slow."""
    folder = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", folder, ignore=shutil.ignore_patterns("__pycache__"))
    text = textwrap.dedent(SLOW).replace("{head}", schema.head())
    (folder / "versions" / "9000_slow.py").write_text(text)
    return folder


def start_next_version(desk: Desk, migrations: Path, **environ: str) -> None:
    with open(desk.log, "ab") as log:
        desk.process = subprocess.Popen([sys.executable, "-c", START, str(migrations)], cwd=ROOT,
                                        env=desk.environ | environ, stdout=log, stderr=log, start_new_session=True)


def revision(desk: Desk) -> str:
    with desk.inside() as session:
        return session.scalar(sa.text("SELECT version_num FROM alembic_version"))


@pytest.mark.parametrize(("tickets", "steps"), [
    pytest.param(500, (0, 1, 4), marks=pytest.mark.real), pytest.param(20_000, range(7), marks=pytest.mark.long),
])
def test_e19_an_upgrade_that_is_killed_is_finished_by_the_next_start(own_desk, migrations, tickets, steps):
    numbers = own_desk.file_many(tickets)
    before = revision(own_desk)
    for step in steps:
        start_next_version(own_desk, migrations, KILL_AT=str(step))
        assert own_desk.process.wait(timeout=120) == -signal.SIGKILL
        assert revision(own_desk) == before
    start_next_version(own_desk, migrations)
    own_desk.await_health(120)
    assert revision(own_desk) == "9000_slow"
    with own_desk.inside() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Message)) == tickets
        assert session.scalar(sa.text("SELECT count(*) FROM tickets WHERE proof = ''")) == 0
        assert session.scalars(sa.select(Ticket.id).order_by(Ticket.id)).all() == numbers
    assert audit.complaints(own_desk, {number: f"Printer {n}" for n, number in enumerate(numbers)}) == []
