"""Fetching from folders of this machine: a Maildir, and files that end in .eml."""

import os
import shutil

import pytest

from app.channels.email import keep as keeping
from app.channels.email.fetching import folder_round
from app.channels.email.models import InboundMail
from app.core import files
from app.core.db import db

from .conftest import NOW, ask, mail, set_up, subjects

OLD = NOW.timestamp() - 60


@pytest.fixture
def place(tmp_path):
    return tmp_path / "mail"


@pytest.fixture
def maildir(place):
    for name in ("new", "cur", "tmp"):
        (place / name).mkdir(parents=True)
    return place


def box(place):
    place.mkdir(exist_ok=True)
    return set_up(way="folder", folder=str(place))


def write(path, raw, at=OLD):
    path.write_bytes(raw)
    os.utime(path, (at, at))


def names(folder):
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def test_maildir_from_new_to_cur(desk, maildir):
    write(maildir / "new" / "1.a.host", mail("one"), NOW.timestamp())
    write(maildir / "new" / "2.b.host", mail("two"), NOW.timestamp())
    tally, wrong = ask(box(maildir))
    assert (tally.new, wrong, subjects()) == (2, "", ["one", "two"])
    assert (names(maildir / "new"), names(maildir / "cur")) == ([], ["1.a.host:2,S", "2.b.host:2,S"])


def test_files_are_put_aside(desk, place):
    made = box(place)
    write(place / "a.eml", mail("one"))
    write(place / "B.EML", mail("two"))
    write(place / "notes.txt", b"no mail")
    assert ask(made)[0].new == 2
    assert (names(place), names(place / "taken")) == (["notes.txt"], ["B.EML", "a.eml"])


def test_nothing_put_aside_before_is_written_over(desk, place):
    made = box(place)
    for body in ("one", "two", "three"):
        write(place / "mail.eml", mail(body))
        ask(made)
    assert names(place / "taken") == ["mail.1.eml", "mail.2.eml", "mail.eml"]
    assert (place / "taken" / "mail.eml").read_bytes() == mail("one")


def test_a_double_is_put_aside_too(desk, place):
    made = box(place)
    write(place / "a.eml", mail("one"))
    write(place / "b.eml", mail("one"))
    tally, _wrong = ask(made)
    assert (tally.new, tally.known, names(place)) == (1, 1, [])


def test_a_file_still_being_written_waits(desk, place):
    made = box(place)
    write(place / "young.eml", mail("young"), NOW.timestamp() - 1)
    write(place / "old.eml", mail("old"))
    assert ask(made)[0].new == 1
    assert names(place) == ["young.eml"]


def test_a_file_that_grows_while_it_is_read_waits_and_leaves_nothing(desk, place, monkeypatch):
    made = box(place)
    write(place / "a.eml", mail("one"))

    def grown(*about, **more):
        found = keeping.keep(*about, **more)
        with open(place / "a.eml", "ab") as file:
            file.write(b"more")
        return found

    monkeypatch.setattr(folder_round, "keep", grown)
    before = len(list(files.root().glob("??/*")))
    assert (ask(made)[0].new, subjects(), names(place)) == (0, [], ["a.eml"])
    assert len(list(files.root().glob("??/*"))) == before


def test_of_a_monster_the_beginning_is_taken(desk, place, monkeypatch):
    made = box(place)
    for module in (keeping, folder_round):
        monkeypatch.setattr(module, "MOST_KEPT_BYTES", 50_000)
    monkeypatch.setattr(folder_round, "BEGINNING_BYTES", 2500)
    write(place / "a.eml", mail("monster", "x" * 60_000))
    assert ask(made)[0].new == 1
    kept = db.session.query(InboundMail).one()
    assert (kept.size_bytes, "beginning" in kept.said) == (2500, True)


def test_links_and_folders_are_no_mail(desk, place, tmp_path):
    made = box(place)
    write(tmp_path / "secret.eml", mail("secret"))
    (place / "link.eml").symlink_to(tmp_path / "secret.eml")
    (place / "folder.eml").mkdir()
    assert ask(made) and subjects() == []


def test_a_folder_that_is_gone_is_said(desk, place):
    made = box(place)
    shutil.rmtree(place)
    assert "no folder" in ask(made)[1]
    assert made.failures == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_cannot_be_read_holds_up_nobody(desk, place):
    made = box(place)
    write(place / "a.eml", mail("closed"))
    (place / "a.eml").chmod(0)
    write(place / "b.eml", mail("open"))
    assert "may not" in ask(made)[1]
    assert subjects() == ["open"]
