"""Several processes gather and send at the same moment, on connections of their own to a real database."""

import re
import threading
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app.core import outbox
from app.core.db import claim, db
from app.core.events import record
from app.core.outbox import OutboxRow
from app.core.registries import HANDLERS
from app.core.relay import relay
from app.notifications import bundles
from app.notifications.models import Notification
from tests import factories, people
from tests.postbox import Postbox
from tests.sla.conftest import at
from tests.sla.test_claims import count, real_desk

__all__ = ["real_desk"]

BEGAN = at("2082-11-30 09:59:30")
TICKETS, AGENTS, DRAINS = 90, 3, 4

pytestmark = pytest.mark.real


@pytest.fixture
def box(real_desk):
    opened = Postbox()
    opened.open()
    relay.change(host="127.0.0.1", port=opened.port, security="none", sender="help@jardam.example")
    yield opened
    opened.close()


@pytest.fixture
def announced(real_desk, box):
    """Timers that have spoken of ninety tickets to a team of three; nobody has been told yet."""
    team = people.team("service-desk")
    for number in range(AGENTS):
        people.user(f"agent{number}", member=(team,))
    kind, aigul = factories.request_type("printer", team), people.user("aigul")
    made = [factories.ticket(aigul, kind) for _each in range(TICKETS)]
    db.session.execute(sa.update(OutboxRow).values(state="done"))
    for ticket in made:
        record("sla.breached", ticket, target="resolution", cycle=1, share=100, is_late=False, due=None,
               actions=[{"action": "notify_team"}, {"action": "notify_assignee"}])
    numbers = [ticket.number for ticket in made]
    db.session.commit()
    db.session.remove()
    return numbers


def drain_at_once(app):
    """Four drains, each of whose clocks goes at a pace of its own: some close what others still gather. None is so
    far ahead that it would take another's lease for run out."""
    start = threading.Barrier(DRAINS)

    def one(pace):
        with app.app_context():
            start.wait()
            for step in range(25):
                outbox.drain(BEGAN + timedelta(seconds=step * pace), f"drain {pace}", limit=1)
            db.session.remove()

    threads = [threading.Thread(target=one, args=(1.5 * pace,)) for pace in range(DRAINS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def at_the_same_time(app, work):
    """A thread with a connection of its own that has begun; what `work` returned is the last of the list."""
    found = []

    def run():
        with app.app_context():
            found.append(work())
            db.session.commit()
            db.session.remove()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, found


def tell(person_id, bundle_id, ticket):
    db.session.add(Notification(event=record("ticket.lead_told", ticket, reason="x"), user_id=person_id,
                                channel="mail", ticket_id=ticket.id, created_at=BEGAN, bundle_id=bundle_id))


def numbers_in(letter):
    return [int(number) for number in re.findall(r"/tickets/(\d+)", letter.get_body(("plain",)).get_content())]


def test_everything_is_told_once_however_many_gather(real_desk, box, announced):
    drain_at_once(real_desk)
    while outbox.drain(BEGAN + timedelta(hours=1), "last") or outbox.drain(BEGAN + timedelta(hours=2), "last"):
        pass
    assert count(sa.select(OutboxRow.id).where(OutboxRow.state != "done")) == 0
    assert count(sa.select(OutboxRow.id).where(OutboxRow.last_error.is_not(None))) == 0
    assert count(sa.select(OutboxRow.id).where(OutboxRow.kind == "bundle", OutboxRow.key.is_not(None))) == 0
    assert count(sa.select(Notification.id).where(Notification.bundle_id.is_not(None))) == TICKETS * AGENTS
    assert len({letter["Message-ID"] for letter in box.letters}) == len(box.letters)
    told = Counter((str(letter["To"]), number) for letter in box.letters for number in numbers_in(letter))
    assert told == {(f"Agent{agent} <agent{agent}@jardam.example>", number): 1
                    for agent in range(AGENTS) for number in announced}


@pytest.fixture
def told(real_desk, box):
    """A lead, two tickets, and a bundle that holds the first of them: its row as the drain has it."""
    team = people.team("service-desk")
    lead, kind = people.user("lead", leads=(team,)), factories.request_type("printer", team)
    tickets = [factories.ticket(people.user(name), kind) for name in ("aigul", "bakyt")]
    tell(lead.id, bundles.gather(lead.id, BEGAN), tickets[0])
    db.session.commit()
    row = db.session.scalar(sa.select(OutboxRow).filter_by(kind="bundle"))
    db.session.expunge(row)
    return SimpleNamespace(lead=lead, tickets=tickets, row=row)


def test_a_bundle_is_not_closed_while_somebody_gathers(real_desk, box, told):
    open_one = bundles.gather(told.lead.id, BEGAN)
    closing, _found = at_the_same_time(real_desk, lambda: HANDLERS["bundle"](told.row, BEGAN))
    closing.join(0.3)
    assert closing.is_alive()
    tell(told.lead.id, open_one, told.tickets[1])
    db.session.commit()
    closing.join()
    assert [numbers_in(letter) for letter in box.letters] == [[1, 2]]


def test_who_comes_while_a_bundle_is_closed_opens_the_next(real_desk, told):
    assert claim(OutboxRow, OutboxRow.id == told.row.id, key=None)
    gathering, found = at_the_same_time(real_desk, lambda: bundles.gather(told.lead.id, BEGAN))
    gathering.join(0.3)
    assert gathering.is_alive()
    db.session.commit()
    gathering.join()
    assert found == [db.session.scalar(sa.select(OutboxRow.id).filter_by(key=bundles.key(told.lead.id)))]
    assert found != [told.row.id]


def test_two_that_open_a_bundle_at_the_same_moment_open_one(real_desk, told):
    expert = people.user("expert")
    db.session.commit()
    opened = bundles.gather(expert.id, BEGAN)
    other, found = at_the_same_time(real_desk, lambda expert_id=expert.id: bundles.gather(expert_id, BEGAN))
    other.join(0.3)
    assert other.is_alive()
    db.session.commit()
    other.join()
    assert found == [opened]
