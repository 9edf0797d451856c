"""E1: the whole desk is killed again and again while people file. E1b: nothing is acknowledged before it is synced."""

import random
import re
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ENGINE

from . import audit, writers
from .browser import Person
from .desk import Desk, children
from .postgres import Cluster

RESTART_SECONDS = 10


def kill_and_start(desk: Desk) -> None:
    desk.kill()
    began = time.monotonic()
    desk.start()
    assert time.monotonic() - began < RESTART_SECONDS


@pytest.mark.parametrize(("kills", "creations"), [
    pytest.param(4, 120, marks=pytest.mark.real), pytest.param(50, 2000, marks=pytest.mark.long),
])
def test_e1_nothing_acknowledged_is_lost_when_everything_is_killed(own_desk, kills, creations):
    own_desk.start()
    chance = random.Random(kills)
    busy = writers.start([Person(own_desk, f"employee{n}").sign_in() for n in range(4)])
    for round_number in range(1, kills + 1):
        while writers.acknowledged(busy) < creations * round_number / kills:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.2))
        kill_and_start(own_desk)
    filed = writers.stop(busy)
    assert len(filed) >= creations
    assert [writer.odd for writer in busy] == [[]] * 4
    assert audit.complaints(own_desk, filed) == []


@pytest.fixture
def cluster():
    """A PostgreSQL server whose processes may be looked into; None for SQLite."""
    made = Cluster() if ENGINE == "postgresql" else None
    try:
        if made:
            made.start()
        yield made
    finally:
        if made:
            made.remove()


@contextmanager
def traced(pid: int, trace: Path):
    """Every sync of a process, its threads and children, also those to come, goes into a file with its moment."""
    command = ["strace", "-f", "-ttt", "-e", "trace=fsync,fdatasync", "-o", str(trace)]
    command += [part for each in (pid, *children(pid)) for part in ("-p", str(each))]
    tracer = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    time.sleep(2)
    if tracer.poll() is not None:
        pytest.skip("strace may not look into processes here")
    try:
        yield
    finally:
        tracer.terminate()
        tracer.wait()


@pytest.mark.long
def test_e1b_each_filing_is_synced_before_it_is_answered(tmp_path, cluster):
    if not shutil.which("strace"):
        pytest.skip("no strace here")
    desk = Desk(tmp_path, cluster.url if cluster else None, JARDAM_WORKERS="1").populate()
    trace, spells = tmp_path / "trace", []
    try:
        desk.start()
        with traced(cluster.pid() if cluster else desk.process.pid, trace):
            employee = Person(desk, "employee0").sign_in()
            for n in range(100):
                began = time.time()
                assert employee.file(f"Printer {n}").number
                spells.append((began, time.time()))
    finally:
        desk.close()
    synced = [float(found[1]) for found in re.finditer(r"^\d+ +([\d.]+) f(?:data)?sync", trace.read_text(), re.M)]
    assert [spell for spell in spells if not any(spell[0] <= moment <= spell[1] for moment in synced)] == []
