"""A desk of its own for an experiment: an instance, a database, a server in a process group, and people who use it."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from app import create_app
from app.accounts import sign_in
from app.accounts.models import User
from app.calendars.standard import LONG_AGO
from app.core import schema
from app.core.db import db
from app.sla.actions import set_rules
from tests import factories, people
from tests.sla.conftest import calendar, policy, rule

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery"
AGENTS, EMPLOYEES = 8, 4
START_SECONDS = 20


def promise() -> None:
    """A policy round the clock for every ticket."""
    whole_week = {str(day): [["00:00", "24:00"]] for day in range(7)}
    made = policy("standard", calendar(slug="always", week=whole_week, country=None))
    set_rules([rule(made)], None, LONG_AGO, LONG_AGO)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Desk:
    """Starts, kills and stops a real server on an instance of its own."""

    def __init__(self, folder: Path, database_url: str | None = None, **environ: str) -> None:
        self.instance = folder / "instance"
        self.port = free_port()
        self.log = folder / "server.log"
        self.settings = {"JARDAM_INSTANCE": str(self.instance), "JARDAM_PORT": str(self.port), **environ}
        if database_url:
            self.settings["DATABASE_URL"] = database_url
        self.process: subprocess.Popen | None = None
        self._app = None

    @property
    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("JARDAM_")}
        return kept | self.settings

    @property
    def app(self):
        """An app on the same database in this process, to look and to prepare."""
        if self._app is None:
            self._app = create_app(self.settings)
        return self._app

    @contextmanager
    def inside(self):
        with self.app.app_context():
            yield db.session

    def populate(self) -> "Desk":
        """The schema, a team with its agents, employees, and a request type; everybody has the same password."""
        with self.inside() as session:
            schema.bring_up_to_date()
            team, second, office = people.team("service-desk"), people.team("network", 2), people.department("office")
            secret = sign_in.hasher.hash(PASSWORD)
            made = [people.user(f"agent{n}", department=office, member=(team,)) for n in range(AGENTS)]
            made += [people.user(f"employee{n}", department=office) for n in range(EMPLOYEES)]
            made += [people.user("admin", administrator=True)]
            for user in made:
                user.password_hash = secret
                user.undo_seconds = 0
            factories.request_type("printer", team, level2_team=second)
            promise()
            session.commit()
        return self

    def file_many(self, count: int, at: datetime | None = None) -> list[int]:
        """Tickets filed directly, by the first employee; `at` is when, now if not given."""
        from app.catalogue.models import RequestType

        with self.inside() as session:
            requester = session.scalar(sa.select(User).where(User.email == "employee0@jardam.example"))
            kind = session.scalar(sa.select(RequestType))
            made = [factories.ticket(requester, kind, f"Printer {n}", at=at).id for n in range(count)]
            session.commit()
        return made

    def start(self, *arguments: str, wait: bool = True) -> "Desk":
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "wsgi.py"), *arguments], env=self.environ, cwd=self.instance.parent,
                stdout=log, stderr=log, start_new_session=True,
            )
        if wait:
            self.await_health()
        return self

    def await_health(self, seconds: float = START_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not self.is_healthy():
            assert self.process is None or self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, f"not healthy after {seconds} s: {self.said()}"
            time.sleep(0.05)

    def is_healthy(self) -> bool:
        status, _text = ask(self.port, "/healthz")
        return status == 200

    def health(self) -> dict:
        return json.loads(ask(self.port, "/healthz")[1])

    def said(self) -> str:
        return self.log.read_text()[-3000:] if self.log.exists() else ""

    def kill(self) -> None:
        """The whole group at once, as a power cut does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self, sig: int = signal.SIGTERM) -> float:
        """Ask the server to end; returns how many seconds that took."""
        asked = time.monotonic()
        self.process.send_signal(sig)
        self.process.wait(timeout=30)
        return time.monotonic() - asked

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()
        if self._app is not None:
            with self.inside():
                db.engine.dispose()

    def flask(self, *arguments: str, **about) -> subprocess.CompletedProcess:
        return subprocess.run([sys.executable, "-m", "flask", *arguments], cwd=ROOT, env=self.environ, text=True,
                              capture_output=True, **about)

    def integrity(self) -> str:
        """What SQLite says of its own file; PostgreSQL has no such question."""
        with self.inside() as session:
            if db.engine.dialect.name != "sqlite":
                return "ok"
            return session.execute(sa.text("PRAGMA integrity_check")).scalar()


def ask(port: int, path: str) -> tuple[int, str]:
    """One plain GET; status 0 when nobody answers."""
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        connection.close()


def children(pid: int) -> list[int]:
    """The processes a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def database(url: str | None):
    """A database of its own on the PostgreSQL server at `url`, dropped afterwards; None stays None (SQLite)."""
    if url is None:
        yield None
        return
    server = make_url(url).set(drivername="postgresql+psycopg")
    name = f"jardam_experiment_{os.getpid()}_{secrets.token_hex(3)}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()
