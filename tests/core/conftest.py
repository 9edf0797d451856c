"""What the tests of core share: a subject, an outbox that writes down what it was given, and databases of one's own
for what only shows with several connections or processes."""

import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from app import create_app
from app.core import schema
from app.core.db import db
from app.core.events import KINDS, Kind
from app.core.registries import HANDLERS
from tests import people
from tests.conftest import ENGINE

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def printer(monkeypatch):
    """A thing to which something can happen; the kind "printer.jammed" is in the catalogue."""
    monkeypatch.setitem(KINDS, "printer.jammed", Kind("%(actor)s jammed it"))
    return SimpleNamespace(id=7, event_subject="printer")


@pytest.fixture
def delivered(monkeypatch):
    """Numbers of the payloads in the order in which the handler "note" was given them."""
    given = []
    monkeypatch.setitem(HANDLERS, "note", lambda row, now: given.append(row.payload["number"]))
    return given


@pytest.fixture
def client(client):
    """A browser at a desk that is set up already."""
    people.user("keeper", administrator=True)
    return client


class Servers:
    """PostgreSQL databases, made and dropped."""

    def __init__(self) -> None:
        self._url = make_url(os.environ["TEST_POSTGRES_URL"]).set(drivername="postgresql+psycopg")

    def make(self, name: str, template: str = "template1") -> str:
        self.say(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.say(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self._url.set(database=name).render_as_string(hide_password=False)

    def say(self, statement: str) -> None:
        engine = sa.create_engine(self._url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@pytest.fixture
def empty(tmp_path):
    """The environment of a desk whose database is still empty."""
    environ = {"JARDAM_INSTANCE": str(tmp_path / "instance")}
    if ENGINE == "sqlite":
        yield environ
        return
    name = f"jardam_core_{os.getpid()}_empty"
    yield environ | {"DATABASE_URL": Servers().make(name)}
    Servers().say(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def mould(tmp_path_factory):
    """A database from which others are copied: a file, or the name of a PostgreSQL database. It has the schema, and
    an administrator, so that no page asks for the first set-up."""
    folder, name = tmp_path_factory.mktemp("mould"), f"jardam_core_{os.getpid()}_mould"
    environ = {"JARDAM_INSTANCE": str(folder)}
    if ENGINE != "sqlite":
        environ["DATABASE_URL"] = Servers().make(name)
    app = create_app(environ)
    with app.app_context():
        schema.bring_up_to_date()
        people.user("keeper", administrator=True)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    yield folder / "jardam.sqlite3" if ENGINE == "sqlite" else name
    if ENGINE != "sqlite":
        Servers().say(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def own_environ(mould, tmp_path):
    """The environment of a desk with a migrated database of its own."""
    instance = tmp_path / "instance"
    instance.mkdir()
    environ = {"JARDAM_INSTANCE": str(instance)}
    if ENGINE == "sqlite":
        shutil.copy(mould, instance / "jardam.sqlite3")
        yield environ
        return
    name = f"jardam_core_{os.getpid()}_own"
    yield environ | {"DATABASE_URL": Servers().make(name, mould)}
    Servers().say(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def own(own_environ):
    """An app on a database of its own, where a commit is a commit and every thread has its own connection."""
    app = create_app(own_environ, WTF_CSRF_ENABLED=False)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def inside(own):
    """The same, with an application context pushed."""
    with own.app_context():
        yield own
        db.session.rollback()


def at_once(app, *works):
    """Call each in a thread of its own, all let go at the same moment; returns their results."""
    gate = threading.Barrier(len(works))

    def go(work):
        with app.app_context():
            gate.wait(5)
            return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(20) for future in [pool.submit(go, work) for work in works]]


def process(program: str, environ: dict[str, str] | None = None) -> subprocess.Popen:
    """Another Python with this code, its standard output to be read."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JARDAM_", "DATABASE_URL"))}
    return subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=kept | (environ or {}), text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def race(prepare: str, run: str, environ: dict[str, str] | None = None, count: int = 3) -> list[str]:
    """What each of several processes printed: all prepare, then all run at the same moment and end well."""
    runners = [process(f"{prepare}\nprint('ready', flush=True)\ninput()\n{run}", environ) for _ in range(count)]
    assert {one.stdout.readline() for one in runners} == {"ready\n"}
    for one in runners:
        one.stdin.write("\n")
        one.stdin.flush()
    answers = [one.communicate(timeout=30) for one in runners]
    assert [error for one, (_said, error) in zip(runners, answers, strict=True) if one.returncode] == []
    return [answer.strip() for answer, _error in answers]
