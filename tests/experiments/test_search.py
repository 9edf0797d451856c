"""E13, E14: the index is deleted, emptied, filled with rubbish, locked away, its writer killed; searches answer all
the while, and soon it is right again."""

import os
import random
import shutil
import subprocess
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.conftest import ENGINE

from . import articles
from .articles import Writers, await_right, fill, not_found, search, stop
from .browser import Person

RIGHT_SECONDS = 60
FINDABLE_SECONDS = 3


def with_articles(desk, count):
    """The desk runs, and all of its articles are in the index."""
    desk.words = fill(desk, count)
    desk.start()
    await_right(desk, RIGHT_SECONDS)
    return desk


def index_of(desk) -> Path:
    return desk.instance / "index"


def delete(desk):
    shutil.rmtree(index_of(desk))


def empty(desk):
    for path in index_of(desk).glob("*/*"):
        path.unlink()


def spoil(desk):
    for path in index_of(desk).glob("*/*"):
        path.write_bytes(os.urandom(500))


def spoil_inside(desk):
    """The files keep their sizes; a part of each is another."""
    for path in index_of(desk).glob("*/*.seg"):
        with open(path, "r+b") as file:
            file.seek(path.stat().st_size // 3)
            file.write(os.urandom(2000))


def delete_at_restart(desk):
    desk.stop()
    delete(desk)
    desk.start()


def spoil_at_restart(desk):
    desk.kill()
    spoil_inside(desk)
    desk.start()


DAMAGES = (delete, empty, spoil, spoil_inside, delete_at_restart, spoil_at_restart)


@pytest.mark.parametrize("count", [
    pytest.param(220, marks=pytest.mark.real), pytest.param(2000, marks=pytest.mark.long),
])
def test_e13_a_lost_index_is_built_anew_while_searches_go_on(own_desk, sqlite_only, count):
    desk = with_articles(own_desk, count)
    searchers = search(desk, desk.words)
    for damage in DAMAGES:
        damage(desk)
        assert Person(desk, "employee3").sign_in().file("Life goes on").number
        took = await_right(desk, RIGHT_SECONDS)
        assert not_found(desk, desk.words) == []
        print(f"{damage.__name__}: {count} articles right again after {took:.1f} s")
    stop(searchers)
    assert [searcher.odd + searcher.missed for searcher in searchers] == [[], []]
    assert min(searcher.count for searcher in searchers) > len(DAMAGES)


@pytest.mark.parametrize("count", [
    pytest.param(220, marks=pytest.mark.real), pytest.param(2000, marks=pytest.mark.long),
])
def test_e13_lost_tables_are_built_anew_while_searches_go_on(own_desk, count):
    if ENGINE == "sqlite":
        pytest.skip("about PostgreSQL")
    desk = with_articles(own_desk, count)
    searchers = search(desk, desk.words)
    for lost in (["index_state"], ["index_state", "index_documents", "index_postings", "index_words"],
                 ["index_documents"], ["index_postings"]):
        with desk.inside() as session:
            for table in lost:
                session.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608 - names of our own
            session.commit()
        print(f"{lost}: right again after {await_right(desk, RIGHT_SECONDS):.1f} s")
        assert not_found(desk, desk.words) == []
    stop(searchers)
    assert [searcher.odd + searcher.missed for searcher in searchers] == [[], []]


@pytest.mark.parametrize(("count", "each"), [
    pytest.param(4, 40, marks=pytest.mark.real), pytest.param(4, 500, marks=pytest.mark.long),
])
def test_e14_four_processes_write_while_others_search(own_desk, count, each):
    words = fill(own_desk, 20)
    own_desk.start()
    await_right(own_desk, RIGHT_SECONDS)
    searchers = search(own_desk, words, people=4)
    written = Writers(own_desk, count, each).finish()
    took = await_right(own_desk, RIGHT_SECONDS)
    stop(searchers)
    assert len(written) == count * each
    assert [searcher.odd + searcher.missed for searcher in searchers] == [[]] * 4
    assert not_found(own_desk, words + written) == []
    print(f"index = database {took:.1f} s after the last of {len(written)} articles")


@pytest.mark.parametrize(("kills", "each"), [
    pytest.param(3, 60, marks=pytest.mark.real), pytest.param(20, 500, marks=pytest.mark.long),
])
def test_killed_while_it_takes_articles_in(own_desk, kills, each):
    words = fill(own_desk, 20)
    own_desk.start()
    writers, chance = Writers(own_desk, 2, each), random.Random(kills)
    for round_number in range(1, kills + 1):
        while len(writers.written) < 2 * each * round_number / (kills + 1):
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 1.2))
        own_desk.kill()
        own_desk.start()
    written = writers.finish()
    await_right(own_desk, RIGHT_SECONDS)
    assert len(written) == 2 * each
    assert not_found(own_desk, words + written) == []


@pytest.mark.real
def test_an_article_is_findable_at_once(own_desk):
    own_desk.start()
    await_right(own_desk, RIGHT_SECONDS)
    employee, longest = Person(own_desk, "employee0").sign_in(), 0.0
    for n in range(5):
        word = articles.word_of("new", n)
        with own_desk.inside() as session:
            articles.publish(word)
            session.commit()
        began = time.monotonic()
        while not_found(own_desk, [word]):
            assert time.monotonic() - began < FINDABLE_SECONDS
            time.sleep(0.05)
        longest = max(longest, time.monotonic() - began)
        assert f"/kb/printer-{word}" in employee.get(f"/kb/search?q={word}").text
    print(f"findable after at most {longest:.1f} s")


@pytest.fixture
def read_only(own_desk, sqlite_only):
    """Mount and unmount the folder of the index over itself, so that nobody, root neither, may write there."""
    folder = index_of(own_desk)

    def forbid():
        subprocess.run(["mount", "--bind", folder, folder], check=True)
        subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)

    def allow():
        subprocess.run(["umount", "-l", folder], check=False, capture_output=True)

    yield forbid, allow
    allow()


def mounts_here() -> bool:
    probe = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
    return os.geteuid() == 0 and probe.returncode == 0


@pytest.mark.real
def test_a_folder_that_cannot_be_written_stops_nobody(own_desk, read_only):
    if not mounts_here():
        pytest.skip("folders cannot be mounted here")
    forbid, allow = read_only
    words = fill(own_desk, 220)
    own_desk.start()
    await_right(own_desk, RIGHT_SECONDS)
    try:
        forbid()
    except subprocess.CalledProcessError:
        pytest.skip("folders cannot be mounted here")
    searchers = search(own_desk, words)
    written = Writers(own_desk, 2, 20).finish()
    deadline = time.monotonic() + 20
    while "cannot take in" not in own_desk.said():
        assert time.monotonic() < deadline, own_desk.said()
        time.sleep(0.1)
    assert Person(own_desk, "employee2").sign_in().file("Life goes on").number
    allow()
    await_right(own_desk, RIGHT_SECONDS)
    stop(searchers)
    assert [searcher.odd + searcher.missed for searcher in searchers] == [[], []]
    assert not_found(own_desk, words + written) == []


@pytest.mark.long
def test_ten_thousand_are_built_anew_while_people_search(own_desk):
    words = fill(own_desk, 10_000)
    own_desk.start()
    await_right(own_desk, 120)
    searchers = search(own_desk, words)
    began = time.monotonic()
    done = own_desk.flask("search", "rebuild")
    took = time.monotonic() - began
    stop(searchers)
    assert done.returncode == 0, done.stderr
    assert "10000 documents" in done.stdout
    assert took < 120
    assert [searcher.odd + searcher.missed for searcher in searchers] == [[], []]
    print(f"{done.stdout.strip()}; {sum(each.count for each in searchers)} searches meanwhile, the longest "
          f"{max(each.longest_seconds for each in searchers):.2f} s")
