"""The desk as a process: it starts, says what is wrong in one line, ends soon, and outlives the death of a part."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from tests.experiments.browser import Person
from tests.experiments.desk import ROOT, Desk, children, free_port

pytestmark = pytest.mark.real


def is_gone(pid: int) -> bool:
    try:
        return open(f"/proc/{pid}/stat").read().split()[2] == "Z"
    except FileNotFoundError:
        return True


def eventually(true, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False


def open_stream(person: Person, topic: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", person.desk.port, timeout=10)
    cookies = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    connection.request("GET", f"/live?topic={topic}", headers={"Cookie": cookies})
    answer = connection.getresponse()
    answer.kept_open = connection
    return answer


def refusal(desk: Desk, *arguments: str, **environ: str) -> tuple[int, list[str]]:
    done = subprocess.run([sys.executable, str(ROOT / "wsgi.py"), *arguments], env=desk.environ | environ,
                          capture_output=True, text=True, timeout=30)
    return done.returncode, done.stderr.splitlines()


def test_an_empty_instance_becomes_a_desk(tmp_path, engine_url):
    desk = Desk(tmp_path, engine_url)
    try:
        desk.start()
        assert desk.health()["schema"] == "current"
        assert oct((desk.instance / "session.key").stat().st_mode)[-3:] == "600"
        assert f"http://127.0.0.1:{desk.port}" in desk.said()
    finally:
        desk.close()


def test_two_first_starts_at_once_make_one_schema(tmp_path, engine_url):
    desks = [Desk(tmp_path, engine_url), Desk(tmp_path, engine_url)]
    try:
        for desk in desks:
            desk.start(wait=False)
        for desk in desks:
            desk.await_health()
    finally:
        for desk in desks:
            desk.close()


@pytest.mark.parametrize("sig", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_within_five_seconds_with_streams_open(own_desk, sig):
    own_desk.start()
    person = Person(own_desk, "employee0").sign_in()
    number = person.file("Printer").number
    streams = [open_stream(person, f"request:{number}") for _ in range(20)]
    assert [stream.status for stream in streams] == [200] * 20
    assert own_desk.stop(sig) < 5
    assert own_desk.process.returncode == 0


def test_workers_end_when_their_parent_is_killed_and_the_next_start_works(own_desk):
    own_desk.start()
    person = Person(own_desk, "employee0").sign_in()
    stream = open_stream(person, f"request:{person.file('Printer').number}")
    workers = children(own_desk.process.pid)
    os.kill(own_desk.process.pid, signal.SIGKILL)
    own_desk.process.wait()
    assert stream.status == 200
    assert eventually(lambda: all(map(is_gone, workers)), 8)
    own_desk.start()


def test_a_killed_worker_is_replaced_and_the_lease_finds_a_holder(own_desk):
    own_desk.start()
    with own_desk.inside():
        from app.core import lease

        holder = int(lease.holder("scheduler").owner.split(":")[1])
    os.kill(holder, signal.SIGKILL)

    def has_a_living_holder():
        with own_desk.inside():
            now = int((lease.holder("scheduler").owner or "0:0").split(":")[1])
        return now != holder and now in children(own_desk.process.pid)

    assert eventually(has_a_living_holder, 25)
    assert len(children(own_desk.process.pid)) == 2


def test_a_page_host_leaves_the_jobs_to_a_worker(tmp_path, engine_url):
    desk = Desk(tmp_path, engine_url, JARDAM_ROLE="web").populate()
    worker = None
    try:
        desk.start()
        assert desk.health()["scheduler"] == "nobody holds the lease"
        worker = subprocess.Popen([sys.executable, "-m", "flask", "worker"], cwd=ROOT, env=desk.environ)
        assert eventually(lambda: desk.health()["scheduler"] == "runs", 15)
        worker.terminate()
        assert worker.wait(timeout=5) == 0
    finally:
        if worker and worker.poll() is None:
            worker.kill()
        desk.close()


def test_an_unknown_setting_stops_the_start_by_name(tmp_path):
    code, said = refusal(Desk(tmp_path), JARDAM_PROT="8000")
    assert code == 2
    assert len(said) == 1
    assert "JARDAM_PROT" in said[0]


@pytest.mark.parametrize(("setting", "value"), [
    ("JARDAM_PORT", "eighty"), ("JARDAM_WORKERS", "0"), ("JARDAM_ROLE", "both"), ("DATABASE_URL", "mysql://x/y"),
    ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none"), ("JARDAM_INSTANCE", "/proc/nowhere"),
])
def test_a_malformed_setting_stops_the_start_by_name(tmp_path, setting, value):
    code, said = refusal(Desk(tmp_path), **{setting: value})
    assert code == 2
    assert len(said) == 1
    assert setting in said[0]


def test_a_taken_port_is_said_plainly(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, said = refusal(Desk(tmp_path), "--port", str(port))
    assert code == 2
    assert len(said) == 1
    assert f"127.0.0.1:{port}" in said[0]


def test_a_database_of_a_newer_version_is_left_alone(own_desk):
    import sqlalchemy as sa

    with own_desk.inside() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999_future'"))
        session.commit()
    code, said = refusal(own_desk, "--port", str(free_port()))
    assert code == 2
    assert "9999_future" in said[0]


def test_a_port_given_on_the_command_line_wins(tmp_path):
    desk = Desk(tmp_path)
    desk.port = free_port()
    try:
        desk.start("--port", str(desk.port))
        assert desk.is_healthy()
    finally:
        desk.close()
