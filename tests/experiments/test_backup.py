"""E16: a back-up taken while people write, restored elsewhere and in place."""

import io
import json
import os
import re
import time

import pytest
import sqlalchemy as sa

from app.core import files
from app.core.files import StoredFile
from app.tickets import actions
from app.tickets.models import Ticket

from . import audit, writers
from .browser import Person
from .desk import Desk, database


@pytest.fixture
def busy_desk(own_desk):
    """People file requests with files, all the time."""
    own_desk.start()
    people = [Person(own_desk, f"employee{n}").sign_in() for n in range(3)]
    own_desk.busy = writers.start(people, attach=os.urandom(5000))
    while writers.acknowledged(own_desk.busy) < 30:
        time.sleep(0.01)
    yield own_desk
    writers.stop(own_desk.busy)


def attachment_of(person: Person, number: int) -> bytes:
    page = person.get(f"/tickets/{number}")
    return person.get(re.search(r"/attachments/\d+", page.text)[0]).body


@pytest.mark.real
def test_e16_a_backup_under_load_comes_back_elsewhere(busy_desk, tmp_path, engine_url):
    before = {number: subject for writer in busy_desk.busy for number, subject in writer.filed.items()}
    done = busy_desk.flask("backup", str(tmp_path / "kept"))
    assert done.returncode == 0, done.stderr
    (tmp_path / "elsewhere").mkdir()
    with database(os.environ["TEST_POSTGRES_URL"] if engine_url else None) as url:
        other = Desk(tmp_path / "elsewhere", url)
        try:
            done = other.flask("restore", str(tmp_path / "kept"))
            assert done.returncode == 0, done.stderr
            assert audit.complaints(other, before) == []
            other.start()
            employee = Person(other, "employee0").sign_in()
            number = next(number for number, subject in before.items() if subject.startswith(employee.email))
            assert attachment_of(employee, number) == busy_desk.busy[0].attach
            assert employee.file("Life goes on").number > max(before)
        finally:
            other.close()


@pytest.mark.real
def test_e16_a_running_desk_goes_back_to_what_was_kept(busy_desk, tmp_path):
    assert busy_desk.flask("backup", str(tmp_path / "kept")).returncode == 0
    kept = json.loads((tmp_path / "kept" / "manifest.json").read_text())["tables"]["tickets"]["rows"]
    writers.stop(busy_desk.busy)
    employee = Person(busy_desk, "employee0").sign_in()
    employee.file("Too late")
    done = busy_desk.flask("restore", "--replace", str(tmp_path / "kept"))
    assert done.returncode == 0, done.stderr
    with busy_desk.inside() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Ticket)) == kept
    again = Person(busy_desk, "employee0").sign_in()
    assert again.file("Life goes on").number
    assert audit.complaints(busy_desk, {}) == []


@pytest.fixture
def kept(own_desk, tmp_path):
    """A back-up of a desk that nobody uses: two tickets, one with a file."""
    number, _other = own_desk.file_many(2)
    with own_desk.inside() as session:
        ticket = session.get(Ticket, number)
        actions.attach(ticket.messages[0], [files.store(io.BytesIO(b"proof"), "proof.txt")])
        session.commit()
    assert own_desk.flask("backup", str(tmp_path / "kept")).returncode == 0
    return tmp_path / "kept"


def newest(desk: Desk) -> int:
    with desk.inside() as session:
        return session.scalar(sa.select(sa.func.max(Ticket.id)))


@pytest.mark.real
def test_a_backup_is_private_whole_and_new(own_desk, kept):
    assert oct(kept.stat().st_mode)[-3:] == "700"
    assert oct((kept / "keys" / "secrets.key").stat().st_mode)[-3:] == "600"
    assert [path.name for path in kept.parent.glob(".kept*")] == []
    again = own_desk.flask("backup", str(kept))
    assert again.returncode == 1
    assert "not an empty folder" in again.stderr


@pytest.mark.real
def test_a_desk_with_content_is_not_replaced_unasked(own_desk, kept):
    done = own_desk.flask("restore", str(kept))
    assert done.returncode == 1
    assert "--replace" in done.stderr


@pytest.mark.real
@pytest.mark.parametrize("where", ["tables/messages.jsonl", "files/*/*", "keys/session.key"])
def test_a_damaged_backup_touches_nothing(own_desk, kept, where):
    (last,) = own_desk.file_many(1)
    damaged = next(kept.glob(where))
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    done = own_desk.flask("restore", "--replace", str(kept))
    assert done.returncode == 1
    assert damaged.name in done.stderr
    assert newest(own_desk) == last


@pytest.mark.real
def test_a_file_lost_in_the_desk_is_named_and_the_rest_is_kept(own_desk, kept, tmp_path):
    with own_desk.inside() as session:
        lost = session.scalars(sa.select(StoredFile)).one()
        name = lost.storage_name
        lost.path.unlink()
    done = own_desk.flask("backup", str(tmp_path / "second"))
    assert done.returncode == 1
    assert name in done.stderr
    assert own_desk.flask("restore", "--replace", str(tmp_path / "second")).returncode == 0


@pytest.mark.real
def test_what_is_kept_of_one_engine_comes_back_on_the_other(own_desk, tmp_path, engine_url):
    if engine_url is None and "TEST_POSTGRES_URL" not in os.environ:
        pytest.skip("one engine alone")
    numbers = own_desk.file_many(20)
    assert own_desk.flask("backup", str(tmp_path / "kept")).returncode == 0
    (tmp_path / "elsewhere").mkdir()
    with database(None if engine_url else os.environ["TEST_POSTGRES_URL"]) as url:
        other = Desk(tmp_path / "elsewhere", url)
        try:
            done = other.flask("restore", str(tmp_path / "kept"))
            assert done.returncode == 0, done.stderr
            assert audit.complaints(other, {number: f"Printer {n}" for n, number in enumerate(numbers)}) == []
            other.start()
            assert Person(other, "employee0").sign_in().file("Life goes on").number == max(numbers) + 1
        finally:
            other.close()


@pytest.mark.long
def test_e16_ten_thousand_tickets_in_a_minute(own_desk, tmp_path):
    own_desk.file_many(10_000)
    for command in (("backup", str(tmp_path / "kept")), ("restore", "--replace", str(tmp_path / "kept"))):
        began = time.monotonic()
        assert own_desk.flask(*command).returncode == 0
        assert time.monotonic() - began < 60
