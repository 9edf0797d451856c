"""Attached files: whole or not at all, under names nobody can guess, shown under names that do no harm."""

import hashlib
import io
import os
import stat
import unicodedata
from datetime import timedelta

import pytest
from flask import send_file
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock, files
from app.core.db import db
from app.core.files import clean_name, remove_orphans, store, write

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


@pytest.fixture
def folder(desk, tmp_path, monkeypatch):
    monkeypatch.setitem(desk.config, "FILES_FOLDER", tmp_path / "files")
    return tmp_path / "files"


def everything_in(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


class Cut(io.BytesIO):
    """A stream whose sender goes away after the first bytes."""

    def read(self, size=-1):
        if self.tell():
            raise ConnectionResetError
        return super().read(10)


@pytest.mark.parametrize("body", [b"", b"x", b"\0" * (files.CHUNK * 2 + 1)])
def test_file_is_stored_whole_with_its_fingerprint(folder, body):
    row = store(io.BytesIO(body), "letter.bin")
    db.session.flush()
    assert row.path.read_bytes() == body
    assert (row.size_bytes, row.sha256) == (len(body), hashlib.sha256(body).hexdigest())


def test_name_on_the_disk_says_nothing_and_is_never_the_same(folder):
    one, two = write(io.BytesIO(b"x"), "../../secret plan.pdf"), write(io.BytesIO(b"x"), "../../secret plan.pdf")
    assert one.storage_name != two.storage_name and len(one.storage_name) == 64
    assert everything_in(folder) == sorted([one.path, two.path])
    assert stat.S_IMODE(one.path.parent.stat().st_mode) == 0o700


def test_cut_connection_leaves_nothing(folder):
    with pytest.raises(ConnectionResetError):
        write(Cut(b"x" * 100), "letter.txt")
    assert everything_in(folder) == []


def test_full_disk_leaves_nothing(folder, monkeypatch):
    def refuse(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        write(io.BytesIO(b"x" * 100), "letter.txt")
    assert everything_in(folder) == []


def test_bytes_and_folders_are_synced_before_the_row_exists(folder, monkeypatch):
    synced, real = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (synced.append(os.readlink(f"/proc/self/fd/{fd}")), real(fd)))
    row = write(io.BytesIO(b"x"), "letter.txt")
    assert synced == [str(folder), str(row.path.with_suffix(".part")), str(row.path.parent)]


def test_discarded_file_is_gone_and_may_be_discarded_twice(folder):
    row = write(io.BytesIO(b"x"), "letter.txt")
    files.discard(row)
    files.discard(row)
    assert everything_in(folder) == []


@pytest.mark.parametrize(("body", "kind"), [
    (PNG, "image/png"), (b"%PDF-1.7", "application/pdf"), (b"", "application/octet-stream"),
    (b"<html><script>alert(1)</script>", "application/octet-stream"),
    (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", "application/octet-stream"),
])
def test_kind_is_judged_by_the_bytes_alone(folder, body, kind):
    assert write(io.BytesIO(body), "picture.png").content_type == kind


@pytest.mark.parametrize(("given", "shown"), [
    ("../../etc/passwd", "passwd"), ("C:\\Users\\Aigul\\смета.xlsx", "смета.xlsx"), ("..", "file"), ("", "file"),
    (None, "file"), ("a/", "file"), (".htaccess", "htaccess"), ("report.pdf. .", "report.pdf"),
    ("photo\u202egpj.exe", "photogpj.exe"), ("a\r\nContent-Type: text/html.txt", "html.txt"), ("a\0.txt", "a.txt"),
    ("\ud800x.txt", "x.txt"), ("и\u0306.txt", "й.txt"), ("\u2028\u2069", "file"),
])
def test_shown_name_does_no_harm(given, shown):
    assert clean_name(given) == shown


@given(st.text(max_size=400) | st.text(alphabet="Ж./\\ \u202e🖨", min_size=250, max_size=600))
def test_every_name_becomes_one_that_can_be_shown_and_saved(given):
    name = clean_name(given)
    assert 0 < len(name.encode()) <= 255
    assert not set(name) & set("/\\\0\n\r") and name not in (".", "..")
    assert not {unicodedata.category(c) for c in name} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize("stem", ["a" * 400, "Ж" * 200, "🖨" * 100])
def test_long_name_keeps_its_ending(stem):
    name = clean_name(f"{stem}.docx")
    assert name.endswith(".docx") and 250 < len(name.encode()) <= 255


def aged(path, days):
    moment = (clock.now() - timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))
    return path


def test_what_has_no_row_goes_after_a_day(folder):
    kept, crashed = store(io.BytesIO(b"x"), "kept.txt"), write(io.BytesIO(b"x"), "crashed.txt")
    young = write(io.BytesIO(b"x"), "young.txt").path
    half = crashed.path.with_suffix(".part")
    half.write_bytes(b"x")
    db.session.commit()
    for path in (kept.path, crashed.path, half):
        aged(path, days=1.1)
    assert remove_orphans(clock.now()) == 2
    assert everything_in(folder) == sorted([kept.path, young])


def test_orphans_are_looked_for_where_there_are_no_files_yet(folder):
    assert remove_orphans(clock.now()) == 0


def test_file_that_is_downloaded_stays_in_no_cache(client, folder):
    """`send_file` would let every proxy on the way keep it."""
    row = write(io.BytesIO(PNG), "x.png")
    with client.application.test_request_context("/attachments/1"):
        response = client.application.process_response(send_file(row.path, mimetype="image/png"))
        assert response.headers["Cache-Control"] == "private, no-store"
        response.close()
