"""The log of searches in a served desk: written soon, lost by no orderly end, held up by no lock."""

import sqlite3
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import quote

import pytest

from tests.conftest import ENGINE
from tests.experiments.desk import Desk

pytestmark = [pytest.mark.real, pytest.mark.slow,
              pytest.mark.skipif(ENGINE != "sqlite", reason="looks into the file, and locks it")]
PATIENCE_SECONDS = 20


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("log")).populate()
    desk.start(wait=False)
    desk.await_health(90)
    yield desk
    desk.close()


@contextmanager
def database(desk):
    connection = sqlite3.connect(desk.instance / "jardam.sqlite3", isolation_level=None, timeout=30)
    try:
        yield connection
    finally:
        connection.close()


def kept(desk, words):
    with database(desk) as connection:
        return connection.execute("SELECT count(*) FROM searches WHERE words = ?", (words,)).fetchone()[0]


def await_kept(desk, words):
    until = time.monotonic() + PATIENCE_SECONDS
    while not kept(desk, words) and time.monotonic() < until:
        time.sleep(0.05)
    return kept(desk, words)


def search(desk, words):
    """As somebody at a browser; returns the status and how long it took."""
    began = time.monotonic()
    connection = HTTPConnection("127.0.0.1", desk.port, timeout=30)
    connection.request("GET", f"/kb/search?q={quote(words)}", headers={"User-Agent": "Mozilla/5.0"})
    status = connection.getresponse().status
    connection.close()
    return status, time.monotonic() - began


def test_a_search_is_answered_while_the_database_is_locked_and_written_afterwards(served):
    search(served, "warming up")
    assert await_kept(served, "warming up") == 1
    with database(served) as lock:
        lock.execute("BEGIN IMMEDIATE")
        status, seconds = search(served, "during the lock")
        assert (status, kept(served, "during the lock")) == (200, 0)
        assert seconds < 5, "it would have waited for the lock for 10 s"
        lock.execute("COMMIT")
    assert await_kept(served, "during the lock") == 1


def test_what_was_searched_last_is_written_before_the_desk_ends(served):
    search(served, "just before the end")
    served.stop()
    assert kept(served, "just before the end") == 1
