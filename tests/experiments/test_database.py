"""E17: PostgreSQL is restarted under the desk. E18: somebody else holds SQLite's write lock."""

import sqlite3
import subprocess
import sys
import time

import pytest

from tests.conftest import ENGINE

from . import audit, writers
from .browser import Person
from .desk import ROOT, Desk
from .postgres import Cluster

RECOVERY_SECONDS = 15


@pytest.fixture
def cluster():
    if ENGINE != "postgresql":
        pytest.skip("about PostgreSQL")
    made = Cluster()
    try:
        made.start()
        yield made
    finally:
        made.remove()


@pytest.mark.parametrize(("restarts", "creations"), [
    pytest.param(2, 60, marks=pytest.mark.real), pytest.param(10, 500, marks=pytest.mark.long),
])
def test_e17_a_database_that_falls_over_takes_nothing_along(cluster, tmp_path, restarts, creations):
    desk = Desk(tmp_path, cluster.url).populate().start()
    try:
        busy = writers.start([Person(desk, f"employee{n}").sign_in() for n in range(4)])
        for round_number in range(1, restarts + 1):
            while writers.acknowledged(busy) < creations * round_number / restarts:
                time.sleep(0.01)
            cluster.stop("immediate")
            time.sleep(1)
            cluster.start()
            await_another(busy)
        filed = writers.stop(busy)
        assert [writer.odd for writer in busy] == [[]] * 4
        assert sum(writer.later for writer in busy) > 0
        assert "Traceback" not in desk.said()
        desk.await_health(RECOVERY_SECONDS)
        with desk.inside():
            from app.core.db import db

            db.engine.dispose()
        assert audit.complaints(desk, filed) == []
    finally:
        desk.close()


def await_another(busy: list[writers.Writer]) -> None:
    """Every writer gets something filed again, without anybody starting the desk anew."""
    before, began = [len(writer.filed) for writer in busy], time.monotonic()
    while not all(len(writer.filed) > count for writer, count in zip(busy, before, strict=True)):
        assert time.monotonic() - began < RECOVERY_SECONDS
        time.sleep(0.02)


@pytest.mark.real
@pytest.mark.parametrize("setting", ["fsync=off", "synchronous_commit=off"])
def test_a_forgetful_database_is_refused(cluster, tmp_path, setting):
    cluster.stop()
    cluster.start(setting)
    desk = Desk(tmp_path, cluster.url)
    done = subprocess.run([sys.executable, str(ROOT / "wsgi.py")], env=desk.environ, capture_output=True, text=True)
    assert done.returncode == 2
    assert setting in done.stderr


@pytest.mark.parametrize("seconds", [pytest.param(3, marks=pytest.mark.real), pytest.param(12, marks=pytest.mark.long)])
def test_e18_a_held_lock_delays_writes_and_no_reading(own_desk, sqlite_only, seconds):
    own_desk.start()
    people = [Person(own_desk, f"employee{n}").sign_in() for n in range(4)]
    number = people[0].file("Before").number
    other = sqlite3.connect(own_desk.instance / "jardam.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    busy = writers.start(people)
    slowest, until = 0.0, time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        assert people[0].get(f"/tickets/{number}").status == 200
        assert people[0].get("/tickets").status == 200
        slowest = max(slowest, time.monotonic() - began)
    assert writers.acknowledged(busy) == 0
    other.execute("COMMIT")
    other.close()
    while not all(writer.filed for writer in busy):
        time.sleep(0.05)
    filed = writers.stop(busy) | {number: "Before"}
    assert slowest < 2
    assert [writer.odd for writer in busy] == [[]] * 4
    assert all(writer.later > 0 for writer in busy) == (seconds > 10)
    assert audit.complaints(own_desk, filed) == []


@pytest.mark.long
def test_e18_who_waited_in_vain_is_told_when_to_come_back(own_desk, sqlite_only):
    own_desk.start()
    employee = Person(own_desk, "employee0").sign_in()
    other = sqlite3.connect(own_desk.instance / "jardam.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = employee.file("Printer")
    other.execute("ROLLBACK")
    assert answer.status == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "Nothing was lost" in answer.text
