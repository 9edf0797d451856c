"""E4 and E8: the relay is down, refuses, or breaks off after the data; senders are killed just after the relay has
taken a mail. Every mail is delivered, in the order of its ticket, and what comes twice has the same Message-ID."""

import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.core import clock, outbox
from app.core.outbox import OutboxRow
from app.core.relay import relay
from app.tickets.models import Ticket
from tests.postbox import CUT, Postbox, text_of

from .browser import Person

pytestmark = pytest.mark.real
TICKETS, REPLIES = 8, 4
KILLS = 10


@pytest.fixture
def postbox(own_desk):
    box = UnwellPostbox()
    box.open()
    with own_desk.inside() as session:
        relay.change(host="127.0.0.1", port=box.port, security="none", sender="help@jardam.example")
        session.commit()
    yield box
    box.close()


class UnwellPostbox(Postbox):
    """Breaks off after the data of each mail, `cuts` times. `to_kill` are processes: the one that hands over a mail
    ends just after it was told that it was taken, as often as `kills` says."""

    def __init__(self):
        super().__init__()
        self.cuts = 0
        self.to_kill = []
        self.kills = 0
        self.killed = []

    async def handle_DATA(self, server, session, envelope):
        this = message_from_bytes(envelope.content)["Message-ID"]
        if sum(one["Message-ID"] == this for one in self.cut) < self.cuts:
            self.on_data = [CUT]
        answer = await super().handle_DATA(server, session, envelope)
        if self.kills and len(self.letters) % 7 == 3:
            process = next((one for one in self.to_kill if talks_from(one.pid, session.peer[1])), None)
            if process is not None:
                self.kills -= 1
                server.transport.write(b"250 taken\r\n")
                os.kill(process.pid, signal.SIGKILL)
                self.killed.append(self.letters[-1]["Message-ID"])
        return answer


def talks_from(pid, port):
    """Whether a process has the connection that comes from a port of this machine."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    sockets = {f"socket:[{line.split()[9]}]" for line in lines if int(line.split()[1].split(":")[1], 16) == port}
    try:
        return any(os.readlink(file) in sockets for file in Path(f"/proc/{pid}/fd").iterdir())
    except FileNotFoundError:
        return False


@pytest.fixture
def replied(own_desk, postbox):
    """Replies on several tickets that wait to be mailed to the requester; `at` is when they were written."""
    numbers = own_desk.file_many(TICKETS)
    with own_desk.inside() as session:
        session.execute(sa.update(OutboxRow).values(state="done"))
        agent = session.scalar(sa.select(User).filter_by(name="Agent0"))
        at = clock.now()
        for n in range(REPLIES):
            for number in numbers:
                session.get(Ticket, number).reply(f"words-{number}-{n}", agent, at)
        session.commit()
    return SimpleNamespace(at=at, numbers=numbers)


def run(desk, start, minutes):
    """The scheduler at work on a clock of its own: a drain every 15 seconds. How many seconds until nothing waited."""
    with desk.inside() as session:
        for second in range(0, minutes * 60, 15):
            while outbox.drain(start + timedelta(seconds=second), "test", limit=10):
                pass
            if not session.scalar(sa.select(sa.func.count()).where(OutboxRow.state == "waiting")):
                return second
    return None


def said_on(letters):
    """Ticket -> what the mails say, in the order in which they came."""
    found = defaultdict(list)
    for letter in letters:
        number, n = re.search(r"words-(\d+)-(\d+)", text_of(letter)).groups()
        found[int(number)].append(int(n))
    return dict(found)


def test_a_relay_that_is_down_for_ten_minutes_gets_everything_once_and_in_order(own_desk, postbox, replied):
    postbox.close()
    assert run(own_desk, replied.at, 10) is None
    postbox.open()
    assert run(own_desk, replied.at + timedelta(minutes=10), 120) is not None
    assert said_on(postbox.letters) == {number: list(range(REPLIES)) for number in replied.numbers}


def test_a_relay_that_says_later_gets_everything_once_and_in_order(own_desk, postbox, replied):
    postbox.on_data = ["451 later", "451 later", ""] * TICKETS * REPLIES
    assert run(own_desk, replied.at, 300) is not None
    assert said_on(postbox.letters) == {number: list(range(REPLIES)) for number in replied.numbers}


def test_what_was_cut_after_the_data_comes_again_under_the_same_message_id(own_desk, postbox, replied):
    postbox.cuts = 2
    assert run(own_desk, replied.at, 300) is not None
    assert {number: sorted(set(said)) for number, said in said_on(postbox.letters).items()} == {
        number: list(range(REPLIES)) for number in replied.numbers}
    ids = defaultdict(set)
    for letter in postbox.letters + postbox.cut:
        ids[re.search(r"words-\d+-\d+", text_of(letter))[0]].add(letter["Message-ID"])
    assert all(len(found) == 1 for found in ids.values())
    assert len(ids) == TICKETS * REPLIES
    times = Counter(letter["Message-ID"] for letter in postbox.letters + postbox.cut)
    assert set(times.values()) == {3}, times


@pytest.fixture
def trouble(postbox):
    """Makes the relay unwell in one of four ways."""
    held = []

    def make(how):
        if how in ("451 later", CUT):
            postbox.on_data = [how] * 10_000
            return
        postbox.close()
        if how == "silent":
            held.append(socket.create_server(("127.0.0.1", postbox.port), backlog=200))

    yield make
    for server in held:
        server.close()


@pytest.mark.parametrize("how", ["down", "silent", "451 later", CUT])
def test_writing_on_the_desk_never_waits_for_the_relay(own_desk, trouble, how):
    trouble(how)
    own_desk.start()
    agent, took = Person(own_desk, "agent0").sign_in(), []
    people = [Person(own_desk, f"employee{n}").sign_in() for n in range(2)]
    number = people[0].file("Printer").number
    for n in range(30):
        for person in people:
            took.append(timed(lambda person=person, n=n: person.file(f"Printer {n}")))
        took.append(timed(lambda n=n: agent.say(number, "notes", f"note {n}")))
    p95 = statistics.quantiles(took, n=20)[-1]
    print(f"{how}: p95 of {len(took)} writes {p95:.2f} s")
    assert p95 < 2, took
    own_desk.stop()


def timed(call):
    began = time.monotonic()
    answer = call()
    assert answer.status in (302, 303), answer.text[:500]
    return time.monotonic() - began


def senders(desk, ahead, count=2):
    """Processes that deliver at the same moment, let go together."""
    made = [subprocess.Popen([sys.executable, "-m", "tests.experiments.sender", str(ahead)], env=desk.environ,
                             cwd=Path(__file__).resolve().parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             text=True) for _n in range(count)]
    for process in made:
        assert process.stdout.readline() == "ready\n"
    return made


def test_a_sender_killed_after_the_relay_took_a_mail_repeats_that_one_only(own_desk, postbox, replied):
    """Two processes send; of each round one is killed."""
    with own_desk.inside() as session:
        while outbox.drain(replied.at, "test", limit=1) and session.scalar(
                sa.select(sa.func.count()).where(OutboxRow.kind == "notify", OutboxRow.state == "waiting")):
            postbox.on_data = ["451 later"] * 1000
    postbox.on_data, postbox.letters[:] = [], []
    for attempt in range(KILLS * 3):
        postbox.kills, made = min(1, KILLS - len(postbox.killed)), senders(own_desk, 100 * (attempt + 1))
        postbox.to_kill = made
        for process in made:
            process.stdin.write("\n")
            process.stdin.close()
        for process in made:
            process.wait(timeout=120)
        with own_desk.inside() as session:
            if not session.scalar(sa.select(sa.func.count()).where(OutboxRow.state == "waiting")):
                break
    assert postbox.killed
    expected = {f"words-{number}-{n}" for number in replied.numbers for n in range(REPLIES)}
    assert {re.search(r"words-\d+-\d+", text_of(letter))[0] for letter in postbox.letters} == expected
    times = Counter(letter["Message-ID"] for letter in postbox.letters)
    assert len(times) == len(expected)
    doubled = {message_id for message_id, count in times.items() if count > 1}
    assert doubled <= set(postbox.killed)
    assert sum(times.values()) - len(times) <= len(postbox.killed)


@pytest.mark.long
def test_five_hundred_mails_leave_within_a_minute(own_desk, postbox):
    numbers = own_desk.file_many(100)
    with own_desk.inside() as session:
        session.execute(sa.update(OutboxRow).values(state="done"))
        agent = session.scalar(sa.select(User).filter_by(name="Agent0"))
        for number in numbers:
            for n in range(5):
                session.get(Ticket, number).reply(f"words-{number}-{n}", agent)
        session.commit()
        began = time.monotonic()
        while outbox.drain(clock.now(), "test", limit=10):
            pass
        took = time.monotonic() - began
    assert len(postbox.letters) == 500
    print(f"500 mails in {took:.1f} s")
    assert took < 60
