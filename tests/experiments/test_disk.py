"""E15: the disk is full, of the database or of the files. E25: the desk is killed while people upload."""

import os
import subprocess
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import clock, files
from app.core.files import StoredFile

from . import audit, writers
from .browser import Person
from .desk import Desk


@contextmanager
def small_disk(folder: Path, megabytes: int):
    """A file system of its own at this folder; only root can make one."""
    if os.geteuid() != 0:
        pytest.skip("a small disk needs root")
    folder.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "jardam", str(folder)],
                             capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"no small disk here: {mounted.stderr}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def filled(folder: Path):
    """Not a byte is free meanwhile."""
    ballast = folder / "ballast"
    with open(ballast, "wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    try:
        yield
    finally:
        ballast.unlink()


@pytest.mark.real
def test_e15_a_full_disk_refuses_writes_and_goes_on_reading(tmp_path, sqlite_only):
    with small_disk(tmp_path / "instance", 96):
        desk = Desk(tmp_path).populate().start()
        try:
            employee = Person(desk, "employee0").sign_in()
            filed = {employee.file(f"Before {n}").number: f"Before {n}" for n in range(20)}
            number = max(filed)
            with filled(desk.instance):
                answers = [employee.file(f"Meanwhile {n}") for n in range(30)]
                filed |= {answer.number: f"Meanwhile {n}" for n, answer in enumerate(answers) if answer.number}
                assert {answer.status for answer in answers} <= {303, 503, 507}
                assert answers[-1].status in (503, 507)
                assert "disk" in answers[-1].text
                assert employee.get(f"/tickets/{number}").status == 200
                assert employee.get("/tickets").status == 200
                assert not desk.is_healthy()
            filed[employee.file("After").number] = "After"
            assert None not in filed
            assert audit.complaints(desk, filed) == []
        finally:
            desk.close()


@pytest.mark.real
def test_e15_a_full_folder_of_files_refuses_files_alone(tmp_path, engine_url):
    with small_disk(tmp_path / "instance" / "files", 8):
        desk = Desk(tmp_path, engine_url).populate().start()
        try:
            employee = Person(desk, "employee0").sign_in()
            photo = [("photo.bin", os.urandom(3 << 20))]
            filed = {employee.file("First", files=photo).number: "First"}
            with filled(desk.instance / "files"):
                refused = employee.file("Refused", files=photo)
                assert refused.status == 507
                assert "disk" in refused.text
                filed[employee.file("Without").number] = "Without"
            filed[employee.file("Second", files=photo).number] = "Second"
            assert None not in filed
            assert audit.complaints(desk, filed) == []
            assert len(kept_files(desk)) == 2
        finally:
            desk.close()


def kept_files(desk: Desk) -> set[str]:
    return {path.name for path in (desk.instance / "files").glob("??/*")}


@pytest.mark.parametrize(("kills", "uploads"), [
    pytest.param(3, 40, marks=pytest.mark.real), pytest.param(20, 200, marks=pytest.mark.long),
])
def test_e25_no_message_points_to_a_missing_file(own_desk, kills, uploads):
    own_desk.start()
    people = [Person(own_desk, f"employee{n}").sign_in() for n in range(4)]
    busy = writers.start(people, attach=os.urandom(400_000))
    for round_number in range(1, kills + 1):
        while writers.acknowledged(busy) < uploads * round_number / kills:
            time.sleep(0.01)
        own_desk.kill()
        own_desk.start()
    filed = writers.stop(busy)
    assert len(filed) >= uploads
    assert audit.complaints(own_desk, filed) == []
    with own_desk.inside() as session:
        files.remove_orphans(clock.now() + timedelta(days=1, minutes=1))
        assert kept_files(own_desk) == set(session.scalars(sa.select(StoredFile.storage_name)))
