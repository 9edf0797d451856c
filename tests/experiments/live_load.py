"""Many browsers with live pages on one real server: what they cost it, and how soon they hear and show a change.

A browser here is an open stream and a socket of asyncio; on news it waits as `js/parts.js` does and asks for its page.
"""

import asyncio
import json
import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from .browser import Person
from .desk import Desk, children

WAIT_SECONDS = 0.3
PAUSE_SECONDS = 2.0
SHARED = 5
"""How many have the ticket open on which something happens."""
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Figures:
    """What a run measured; times in seconds, memory in MB, CPU in percent of one core."""

    browsers: int
    streams: int = 0
    idle_cpu: float = 0.0
    cpu: float = 0.0
    memory: float = 0.0
    heard: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)

    @property
    def more_cpu(self) -> float:
        return self.cpu - self.idle_cpu

    def p99(self, times: list[float]) -> float:
        return sorted(times)[max(0, round(len(times) * 0.99) - 1)] if times else float("inf")

    def __str__(self) -> str:
        return (f"{self.browsers} browsers ({self.streams} streams): {self.more_cpu:.1f} % of a core more than the "
                f"{self.idle_cpu:.1f} % without them, {self.memory:.0f} MB more; "
                f"heard within {self.p99(self.heard):.2f} s (p99 of {len(self.heard)}), "
                f"shown within {self.p99(self.shown):.2f} s (p99 of {len(self.shown)})")


class Page:
    """One browser: a stream on a ticket, and the page asked for again when there is news."""

    def __init__(self, person: Person, number: int, since: int) -> None:
        self.person, self.number, self.since = person, number, since
        self.is_open, self.heard, self.shown = False, [], []
        self._asking: asyncio.Task | None = None
        self._asked = 0.0

    async def listen(self) -> None:
        reader, writer = await self._ask(f"/live?topic=ticket:{self.number}&since={self.since}", "text/event-stream")
        try:
            self.is_open = b" 200 " in await reader.readline()
            while self.is_open and (line := await reader.readline()):
                if line.startswith(b"event: news"):
                    self.heard.append(time.monotonic())
                    if self._asking is None or self._asking.done():
                        self._asking = asyncio.create_task(self._show())
        finally:
            self.is_open = False
            writer.close()

    async def _ask(self, path: str, kind: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.person.desk.port)
        cookies = "; ".join(f"{name}={value}" for name, value in self.person.cookies.items())
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {kind}\r\nCookie: {cookies}\r\n"
                     f"Connection: {'keep-alive' if 'stream' in kind else 'close'}\r\n\r\n".encode())
        return reader, writer

    async def _show(self) -> None:
        """The page again, as a browser does: a moment after the news, not more often than every two seconds."""
        await asyncio.sleep(max(WAIT_SECONDS, self._asked + PAUSE_SECONDS - time.monotonic()))
        self._asked = time.monotonic()
        reader, writer = await self._ask(f"/tickets/{self.number}", "text/html")
        page = await reader.read()
        writer.close()
        self.shown.append((time.monotonic(), max(map(int, re.findall(rb'id="m(\d+)"', page)), default=0)))


class Costs:
    """CPU time and memory of the server's processes."""

    def __init__(self, desk: Desk) -> None:
        self.pids = [desk.process.pid, *children(desk.process.pid)]

    def cpu_seconds(self) -> float:
        return sum(sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13])) / TICK
                   for pid in self.pids)

    def memory_mb(self) -> float:
        """Each page of memory once, however many processes share it."""
        found = (re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
                 for pid in self.pids)
        return sum(int(one[1]) for one in found) / 1024

    def share(self, seconds: float) -> float:
        """Percent of one core over the next while."""
        before, began = self.cpu_seconds(), time.monotonic()
        time.sleep(seconds)
        return 100 * (self.cpu_seconds() - before) / (time.monotonic() - began)


def measure(desk: Desk, browsers: int, seconds: float, every: float = 10.0) -> Figures:
    """Serve, open the browsers, and let something happen on one ticket `every` so many seconds for `seconds`."""
    figures = Figures(browsers)
    agents = [Person(desk, f"agent{n}").sign_in() for n in range(5)]
    numbers = desk.file_many(1 + browsers // SHARED)
    for agent in agents:
        agent.get(f"/tickets/{numbers[0]}")
    costs = Costs(desk)
    time.sleep(3)
    figures.idle_cpu = costs.share(min(20.0, seconds))
    memory = costs.memory_mb()
    with ThreadPoolExecutor(1) as own:  # Playwright's browser keeps an event loop running in the thread of the tests
        own.submit(asyncio.run, _live(desk, agents, numbers, figures, costs, seconds, every)).result()
    figures.memory -= memory
    return figures


async def _live(desk: Desk, agents: list[Person], numbers: list[int], figures: Figures, costs: Costs,
                seconds: float, every: float) -> None:
    since = json.loads(agents[0].get(f"/live/news?topic=ticket:{numbers[0]}").text)["since"]
    pages = [Page(agents[n % len(agents)], numbers[n // SHARED], since) for n in range(figures.browsers)]
    tasks = []
    for page in pages:
        tasks.append(asyncio.create_task(page.listen()))
        await asyncio.sleep(0.03)
    await asyncio.sleep(5)
    figures.streams = sum(page.is_open for page in pages)
    await _changes(Person(desk, "agent7").sign_in(), pages[:SHARED], figures, costs, seconds, every)
    for task in tasks:
        task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks, return_exceptions=True)


async def _changes(writer: Person, pages: list[Page], figures: Figures, costs: Costs, seconds: float,
                   every: float) -> None:
    before, began = costs.cpu_seconds(), time.monotonic()
    for n in range(max(1, round(seconds / every))):
        await asyncio.sleep(max(0.0, began + n * every - time.monotonic()))
        said, message = await asyncio.to_thread(_say, writer, pages[0].number, n)
        await asyncio.sleep(min(every * 0.8, 4))
        for page in pages:
            figures.heard.append(min((at for at in page.heard if at > said - 1), default=float("inf")) - said)
            showed = (at for at, newest in page.shown if newest >= message)
            figures.shown.append(min(showed, default=float("inf")) - said)
    await asyncio.sleep(max(0.0, began + seconds - time.monotonic()))
    figures.cpu = 100 * (costs.cpu_seconds() - before) / (time.monotonic() - began)
    figures.memory = costs.memory_mb()


def _say(writer: Person, number: int, n: int) -> tuple[float, int]:
    """Reply; returns the moment at which it was said and the number of the message."""
    answer = writer.say(number, "replies", f"Step {n}")
    assert answer.status == 303, (answer.status, answer.text[:500])
    return time.monotonic(), int(re.search(r"#m(\d+)", answer.headers["location"])[1])
