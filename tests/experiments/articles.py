"""Articles written by processes of their own, people who keep searching, and whether the index is right.

As a program: `python -m tests.experiments.articles NAME COUNT` publishes COUNT articles on the desk of its environment,
one transaction each, and prints the word that names each one as soon as it is committed.
"""

import http.client
import random
import subprocess
import sys
import threading
import time

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from .browser import Person
from .desk import ROOT, Desk

NO_ANSWER = (OSError, http.client.HTTPException)
THINKING_SECONDS = 0.1
LETTERS = "bcdfghjklmnpqrstvwxz"
TEXT = ("When the {0} does not answer, look at its cable first. Then switch the {0} off and wait for a minute. "
        "Whoever has no right to do that calls the service desk and names the room, the device and what it says. ")


def word_of(name: str, number: int) -> str:
    """A word that no other article has."""
    digits = "".join(LETTERS[int(digit)] for digit in f"{number:05d}")
    return f"zu{name}{digits}"


def publish(word: str) -> None:
    """One article named by this word, in the caller's transaction."""
    from app.kb import actions
    from app.kb.actions import Facts, Text

    made = actions.draft(Text(f"Printer {word}", TEXT.format(word) * 3), Facts("en", "public"), None)
    actions.publish(made, None)


def fill(desk: Desk, count: int, name: str = "old") -> list[str]:
    """Articles that are there before the experiment begins; their words."""
    words = [word_of(name, number) for number in range(count)]
    with desk.inside() as session:
        for number, word in enumerate(words):
            publish(word)
            if number % 100 == 99:
                session.commit()
        session.commit()
    return words


class Writers:
    """Processes that write articles at the same time."""

    def __init__(self, desk: Desk, count: int, each: int) -> None:
        self._running = [subprocess.Popen(
            [sys.executable, "-m", __name__, f"{chr(97 + n)}q", str(each)], cwd=ROOT, env=desk.environ, text=True,
            stdout=subprocess.PIPE) for n in range(count)]
        self.written: list[str] = []
        self._readers = [threading.Thread(target=self._read, args=(each,), daemon=True) for each in self._running]
        for reader in self._readers:
            reader.start()

    def _read(self, process: subprocess.Popen) -> None:
        for line in process.stdout:
            self.written.append(line.strip())

    def finish(self) -> list[str]:
        """Wait until all have written what they had to; the words."""
        for process, reader in zip(self._running, self._readers, strict=True):
            assert process.wait(600) == 0
            reader.join()
        return self.written


class Searcher(threading.Thread):
    """Searches one thing after the other; what was not answered with a page of results is odd."""

    def __init__(self, person: Person, words: list[str]) -> None:
        super().__init__(daemon=True)
        self.person, self.words = person, words
        self.odd: list[tuple[int, str]] = []
        self.missed: list[str] = []
        """Words of articles that were not found."""
        self.count = 0
        self.longest_seconds = 0.0
        self.stopping = False

    def run(self) -> None:
        chance = random.Random(len(self.words))
        while not self.stopping:
            time.sleep(THINKING_SECONDS)
            word, began = chance.choice(self.words), time.monotonic()
            try:
                answer = self.person.get(f"/kb/search?q=printer+{word}")
            except NO_ANSWER:
                continue  # the desk is down
            self.longest_seconds = max(self.longest_seconds, time.monotonic() - began)
            self.count += 1
            if answer.status != 200:
                self.odd.append((answer.status, answer.text[:300]))
            elif f"/kb/printer-{word}" not in answer.text:
                self.missed.append(word)


def search(desk: Desk, words: list[str], people: int = 2) -> list[Searcher]:
    """People who search for these, all the time."""
    searchers = [Searcher(Person(desk, f"employee{n}").sign_in(), words) for n in range(people)]
    for searcher in searchers:
        searcher.start()
    return searchers


def stop(searchers: list[Searcher]) -> None:
    for searcher in searchers:
        searcher.stopping = True
    for searcher in searchers:
        searcher.join(60)
        assert not searcher.is_alive()


def wrong(desk: Desk) -> str:
    """What the index lacks, or ''."""
    from app.search import upkeep
    from app.search.models import IndexChange

    with desk.inside() as session:
        waiting = session.scalar(sa.select(sa.func.count()).select_from(IndexChange))
        return upkeep.look()[0] or (f"{waiting} changes wait" if waiting else "")


def await_right(desk: Desk, seconds: float) -> float:
    """Until the index holds what the database does; returns how many seconds that took."""
    began = time.monotonic()
    while said := wrong(desk):
        assert time.monotonic() - began < seconds, f"{said} after {seconds} s: {desk.said()}"
        time.sleep(0.1)
    return time.monotonic() - began


def not_found(desk: Desk, words: list[str]) -> list[str]:
    """Those of these words whose article the index does not find."""
    from app.search import engine
    from app.search.backend import Term
    from app.search.library import Reader
    from app.search.stems import stem

    with desk.inside():
        index, everybody = engine.backend(), Reader("en", None)
        return [word for word in words if len(index.rank([Term("title", stem(word), 1.0, 0)], everybody, 2)) != 1]


def main(name: str, count: int) -> None:
    from app import create_app
    from app.core.db import db

    with create_app().app_context():
        for number in range(count):
            word = word_of(name, number)
            while not _committed(db, word):
                time.sleep(0.05)
            print(word, flush=True)


def _committed(db, word: str) -> bool:
    try:
        publish(word)
        db.session.commit()
        return True
    except OperationalError:
        db.session.rollback()
        return False


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
