"""E3: the scheduler stands still for two hours, or two days, and starts: everything is announced once and in order,
marked late, and reaches people in a few mails that leave nothing out."""

import re
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app.accounts.models import Membership, Team, User
from app.catalogue.models import RequestType
from app.core import clock, outbox
from app.core.clock import whole_second
from app.core.events import Event
from app.core.outbox import OutboxRow
from app.core.relay import relay
from app.notifications.models import Notification
from app.sla.models import SlaClock, SlaFiring
from app.sla.sweep import sweep
from app.tickets.models import Ticket
from tests import factories, people
from tests.postbox import Postbox, html_of, text_of

MOST_PER_MINUTE = 50
"""Mails to one agent, E3's own measure."""


@pytest.fixture(params=[pytest.param(60, marks=pytest.mark.real), pytest.param(400, marks=pytest.mark.long)])
def tickets(request):
    """How many are filed."""
    return request.param


@pytest.fixture
def postbox(own_desk):
    box = Postbox()
    box.open()
    with own_desk.inside() as session:
        relay.change(host="127.0.0.1", port=box.port, security="none", sender="help@jardam.example")
        session.commit()
    yield box
    box.close()


@pytest.fixture
def busy(own_desk, postbox, tickets):
    """Requests, filed one every 10 seconds: of four, Agent0 and Agent1 have one each and two wait for somebody. First
    answers are due four hours after filing. The scheduler has kept up until a minute before the first was due."""
    began = whole_second(clock.now()) + timedelta(minutes=1)
    with own_desk.inside() as session:
        session.add(Membership(team=session.scalar(sa.select(Team).filter_by(slug="service-desk")),
                               user=people.user("lead"), is_lead=True))
        agents = [user(session, f"Agent{n}") for n in range(2)]
        filed = []
        for n in range(tickets):
            ticket = file(session, f"Printer {n}", began + timedelta(seconds=10 * n))
            if n % 4 < 2:
                ticket.take(agents[n % 4], ticket.filed_at)
            filed.append(ticket.number)
        session.execute(sa.update(OutboxRow).values(state="done"))
        session.commit()
        stopped = began + timedelta(minutes=239)
        sweep(stopped)
        deliver(session, stopped)
        deliver(session, stopped + timedelta(minutes=2))
    postbox.letters.clear()
    return SimpleNamespace(numbers=filed, stopped=stopped)


def user(session, name):
    return session.scalar(sa.select(User).filter_by(name=name))


def file(session, subject, at):
    return factories.ticket(user(session, "Employee0"), session.scalar(sa.select(RequestType)), subject, at=at)


def deliver(session, moment):
    session.commit()
    while outbox.drain(moment, "test"):
        pass


def run(desk, postbox, start, minutes):
    """The scheduler at work: every 15 seconds a sweep and a drain. What each person got in each minute."""
    got = Counter()
    with desk.inside() as session:
        for step in range(4 * minutes):
            moment, before = start + timedelta(seconds=15 * step), len(postbox.letters)
            sweep(moment)
            deliver(session, moment)
            got.update((str(letter["To"]), step // 4) for letter in postbox.letters[before:])
    return got


def numbers_in(letter):
    found = [int(number) for number in re.findall(r"/tickets/(\d+)", text_of(letter))]
    assert found == [int(number) for number in re.findall(r"/tickets/(\d+)", html_of(letter))]
    return found


def announced(session, kind="sla.breached"):
    return session.scalars(sa.select(Event).where(Event.kind == kind).order_by(Event.id)).all()


def in_due_order(session):
    """Whether for each ticket what timers said was written in the order in which it fell due."""
    last = {}
    for event in session.scalars(sa.select(Event).where(Event.kind.startswith("sla.")).order_by(Event.id)):
        if last.get(event.subject_id, event.occurred_at) > event.occurred_at:
            return False
        last[event.subject_id] = event.occurred_at
    return True


def each_fired_once(session):
    fired = session.execute(sa.select(SlaFiring.clock_id, SlaFiring.share)).all()
    return len(fired) == len(set(fired))


def told_by_mail(session, user):
    """The numbers of the tickets of whose breaches a person is told by mail."""
    told = sa.select(Notification.ticket_id).join(Event, Event.id == Notification.event_id)
    return sorted(session.scalars(told.where(Notification.user_id == user.id, Notification.channel == "mail",
                                             Event.kind == "sla.breached")))


def test_e3_two_hours_of_silence_are_no_storm(own_desk, postbox, busy, tickets):
    started = busy.stopped + timedelta(hours=2)
    got = run(own_desk, postbox, started, minutes=4)
    assert max(got.values()) <= MOST_PER_MINUTE
    assert max(got.values()) == 1, "what the desk does by itself makes one mail a minute"
    with own_desk.inside() as session:
        late = announced(session)
        assert sorted(event.subject_id for event in late) == busy.numbers
        assert {event.data["is_late"] for event in late} == {True}
        assert in_due_order(session)
        assert each_fired_once(session)
        assert session.scalar(sa.select(sa.func.count()).select_from(OutboxRow).filter_by(state="waiting")) == 0
        everybody = session.scalars(sa.select(User).where(User.name.startswith("Agent") | (User.name == "Lead"))).all()
        mine = {person.name: told_by_mail(session, person) for person in everybody}
        (of_lead,) = postbox.to(user(session, "Lead"))
        listed = {person.name: sorted(number for letter in postbox.to(person) for number in numbers_in(letter))
                  for person in everybody}
    assert {name: len(numbers) for name, numbers in listed.items()} == {
        name: min(len(numbers), 200) for name, numbers in mine.items()}
    assert all(set(listed[name]) <= set(numbers) for name, numbers in mine.items())
    waiting = [number for n, number in enumerate(busy.numbers) if n % 4 >= 2]
    assert mine["Agent0"] == sorted(busy.numbers[0::4] + waiting)
    assert mine["Agent1"] == sorted(busy.numbers[1::4] + waiting)
    assert mine["Agent7"] == waiting
    assert mine["Lead"] == busy.numbers
    assert of_lead["Subject"] == f"{tickets} tickets: {tickets} deadlines have passed"
    assert numbers_in(of_lead) == busy.numbers[:200], "in the order of their deadlines"
    assert (f"And {tickets - 200} more tickets." in text_of(of_lead)) == (tickets > 200)
    marks = sum(text_of(letter).count("Announced late.") for letter in postbox.letters)
    assert marks == sum(len(numbers) for numbers in listed.values())


def test_filing_in_a_crowd_is_no_storm_either(own_desk, postbox, busy, tickets):
    """Hundreds of requests come in while nobody tells of them: the mails of people come before a digest of the rest."""
    started = busy.stopped + timedelta(hours=2)
    with own_desk.inside() as session:
        crowd = [file(session, f"Scanner {n}", started).number for n in range(tickets)]
        session.commit()
    got = run(own_desk, postbox, started, minutes=4)
    assert max(got.values()) <= MOST_PER_MINUTE
    with own_desk.inside() as session:
        letters = postbox.to(user(session, "Agent7"))
    missing = set(crowd) - {number for letter in letters for number in numbers_in(letter)}
    cut = sum(int(more) for letter in letters for more in re.findall(r"And (\d+) more", text_of(letter)))
    assert len(missing) <= cut


def test_after_two_days_everything_due_is_recorded_within_a_minute(own_desk, postbox, busy):
    started = busy.stopped + timedelta(days=2)
    with own_desk.inside() as session:
        began = clock.now()
        sweep(started)
        assert clock.now() - began < timedelta(minutes=1)
        assert session.scalar(sa.select(sa.func.count()).select_from(SlaClock)
                              .where(SlaClock.next_at < started)) == 0
        said = Counter((event.subject_id, event.data["target"]) for event in announced(session))
        assert said == {(number, target): 1 for number in busy.numbers for target in ("first_response", "resolution")}
        assert in_due_order(session)
        assert each_fired_once(session)
        assert set(session.scalars(sa.select(Ticket.level))) == {2}, "a missed resolution escalates"
    got = run(own_desk, postbox, started + timedelta(seconds=15), minutes=3)
    assert max(got.values()) == 1
