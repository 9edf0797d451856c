"""`bin/bench tickets-search [size]`: searching tickets, in milliseconds by kind of question and by who asks.

The words come into the full text by the job that takes in old tickets, which is timed too. Absolute times say something
about this machine only; the last column is the ratio to a page of the queue in the same run.
"""

import os
import statistics
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

from app import create_app
from app.accounts import sign_in
from app.accounts.models import User
from app.core import clock, schema
from app.core.db import db
from app.tickets import housekeeping
from tests import people

from . import data, desk

SIZE = 100_000
ROUNDS = 40
LIMIT_MS = 300
QUESTIONS = {
    "one ticket": "printer 77777", "rare words": "room 317 silent", "a phrase": '"room 317"', "half a word": "room 31",
    "common words": "silent printers", "nothing": "elephant", "some words": "elephant room 317 zebra printer",
    "without a word": "room 317 -hall", "a filter": "is:open team:network",
    "words and filters": "printer is:open due:<2h",
    "a person": "from:employee17 printer", "priority alone": "priority:P1", "nobody's": "is:unassigned printer",
}


def main(sizes: list[int]) -> int:
    """Print the table; 1 if a median is over the limit."""
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("BENCH_DATABASE_URL")
        app = create_app({"JARDAM_INSTANCE": folder} | ({"DATABASE_URL": url} if url else {}), WTF_CSRF_ENABLED=False)
        with app.app_context():
            schema.bring_up_to_date()
            desk._people()
            data.fill(1, (sizes or [SIZE])[0])
            _take_in(Path(folder))
            askers = _askers()
        return int(_measure(app, askers))


def _take_in(folder: Path) -> None:
    begun, before = time.perf_counter(), _bytes(folder)
    count = housekeeping.index_texts(clock.now())
    db.session.execute(sa.text("ANALYZE"))
    db.session.commit()
    print(f"{count} tickets taken in, {time.perf_counter() - begun:.0f} s, {(_bytes(folder) - before) / 1e6:.0f} MB")


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("jardam.sqlite3*"))


def _askers() -> dict[str, str]:
    """An agent, the administrator, who asked for a few tickets, and an agent of a team without any."""
    found = {name: db.session.scalar(sa.select(User).where(User.name == name))
             for name in ("Agent0", "Admin", "Employee17")}
    found["Newcomer"] = people.user("newcomer", member=(people.team("empty"),))
    tokens = {name: sign_in.begin(person, clock.now(), "", "") for name, person in found.items()}
    db.session.commit()
    return tokens


def _measure(app, askers: dict[str, str]) -> bool:
    over = False
    print(f"{'question':18} {'who':12} {'p50 ms':>8} {'p95 ms':>8} {'found':>6}")
    for who, token in askers.items():
        browser = app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = token
        for name, text in QUESTIONS.items():
            times, rows = _timed(browser, text)
            over = over or statistics.median(times) > LIMIT_MS
            print(f"{name:18} {who:12} {statistics.median(times):8.1f} {desk._p95(times):8.1f} {rows:6}", flush=True)
    return over


def _timed(browser, text: str) -> tuple[list[float], int]:
    times = []
    for turn in range(ROUNDS + 3):
        begun = time.perf_counter()
        answer = desk._ok(browser.get("/tickets/search", query_string={"q": text}))
        if turn >= 3:
            times.append((time.perf_counter() - begun) * 1000)
    return times, answer.text.count("data-row")
