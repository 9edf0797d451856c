"""E2: many timers are due, four processes sweep at once, one is killed half-way: each speaks exactly once."""

import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.events import Event
from app.core.outbox import OutboxRow
from app.sla.models import SlaClock, SlaFiring
from app.tickets.models import Handover

from .desk import ROOT, Desk


def sweepers(desk: Desk, count: int) -> list[subprocess.Popen]:
    """Processes that wait for nothing any more but their turn."""
    started = [subprocess.Popen([sys.executable, "-m", "tests.experiments.sweeper"], cwd=ROOT, env=desk.environ,
                                stdout=subprocess.PIPE, text=True) for _ in range(count)]
    for process in started:
        assert process.stdout.readline() == "ready\n"
    return started


def breaches(desk: Desk) -> int:
    with desk.inside() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Event).where(Event.kind == "sla.breached"))


@pytest.mark.parametrize("tickets", [
    pytest.param(100, marks=pytest.mark.real), pytest.param(500, marks=pytest.mark.long),
])
def test_e2_each_of_many_due_timers_speaks_once(own_desk, tickets):
    """Two clocks a ticket, so twice as many timers as tickets."""
    numbers = own_desk.file_many(tickets, clock.now() - timedelta(days=3))
    began = time.monotonic()
    running = sweepers(own_desk, 4)
    while breaches(own_desk) < tickets // 4 and running[0].poll() is None:
        time.sleep(0.01)
    running[0].kill()
    assert [process.wait(timeout=120) for process in running[1:]] == [0, 0, 0]
    assert sweepers(own_desk, 1)[0].wait(timeout=60) == 0
    assert time.monotonic() - began < 120
    with own_desk.inside() as session:
        said = Counter((event.subject_id, event.data["target"])
                       for event in session.scalars(sa.select(Event).where(Event.kind == "sla.breached")))
        assert said == {(number, target): 1 for number in numbers for target in ("first_response", "resolution")}
        rows = Counter(session.scalars(sa.select(OutboxRow.event_id).join(Event, Event.id == OutboxRow.event_id)
                                       .where(Event.kind == "sla.breached")))
        assert len(rows) == 2 * tickets
        assert set(rows.values()) == {1}
        fired = session.execute(sa.select(SlaFiring.clock_id).where(SlaFiring.state == "fired")).scalars().all()
        assert len(fired) == len(set(fired)) == session.scalar(sa.select(sa.func.count()).select_from(SlaClock))
        assert sorted(session.scalars(sa.select(Handover.ticket_id))) == numbers
