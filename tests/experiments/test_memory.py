"""E20: a desk with ten thousand tickets does not grow: after a warm-up under mixed load its memory stays within 20 %.

`MEMORY_MINUTES` says for how long (2 in the usual run of `bin/test long`, 120 for the promise itself).
"""

import os
import random
import threading
import time

import pytest

from tests.server.test_live import Listener

from .browser import Person
from .live_load import Costs

MINUTES = float(os.environ.get("MEMORY_MINUTES", "2"))
TICKETS = int(os.environ.get("MEMORY_TICKETS", "10000"))
PEOPLE = 6


class Worker(threading.Thread):
    """Somebody of the staff who reads, searches, answers, listens, and comes again; until told to stop."""

    def __init__(self, person: Person, numbers: list[int], over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.person, self.numbers, self.over = person, numbers, over
        self.chance = random.Random(person.email)  # noqa: S311 - the same load each time
        self.done, self.failures = 0, []

    def run(self) -> None:
        while not self.over.is_set():
            number = self.chance.choice(self.numbers)
            deed = self.chance.choice([*[self.read] * 3, self.look, self.search, self.reply, self.listen])
            try:
                deed(number)
                self.done += 1
            except (AssertionError, OSError) as error:
                self.failures.append(repr(error))

    def read(self, number: int) -> None:
        assert self.person.get(f"/tickets/{number}").status == 200

    def look(self, number: int) -> None:
        assert self.person.get("/queues/service-desk").status == 200

    def search(self, number: int) -> None:
        assert self.person.get(f"/tickets/search?q=Printer+{number}").status == 200

    def reply(self, number: int) -> None:
        assert self.person.say(number, "replies", "We look at it").status in (303, 409)

    def listen(self, number: int) -> None:
        stream = Listener(self.person, f"topic=ticket:{number}")
        assert stream.answer.status in (200, 204)
        stream.close()


@pytest.mark.long
def test_e20_memory_does_not_grow(own_desk):
    numbers = own_desk.file_many(TICKETS)
    own_desk.start()
    over = threading.Event()
    workers = [Worker(Person(own_desk, f"agent{n}").sign_in(), numbers, over) for n in range(PEOPLE)]
    for worker in workers:
        worker.start()
    seconds = MINUTES * 60
    time.sleep(max(30.0, seconds / 4))
    costs = Costs(own_desk)
    warm, done, seen = costs.memory_mb(), sum(worker.done for worker in workers), []
    until = time.monotonic() + seconds * 3 / 4
    while time.monotonic() < until:
        time.sleep(min(15.0, seconds / 8))
        seen.append(costs.memory_mb())
    over.set()
    for worker in workers:
        worker.join(30)
    growth = 100 * (max(seen[-3:]) / warm - 1)
    print(f"{sum(worker.done for worker in workers)} deeds ({done} to warm up), {warm:.0f} MB warm, "
          f"{seen[-1]:.0f} MB at the end, {growth:+.1f} %")
    assert [failure for worker in workers for failure in worker.failures] == []
    assert growth < 20
