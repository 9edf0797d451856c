"""The last moment to start: what the desk learns, where it puts a ticket, and the line that says why."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.core.events import events_of
from app.sla import estimates, housekeeping, row_lines, slack
from app.sla.book import live_book
from app.sla.estimates import WorkEstimate
from app.sla.reactions import timers_of
from app.sla.sweep import sweep
from app.tickets import queries, queues
from app.tickets.filter import TicketFilter
from app.tickets.models import FAR_FUTURE, Ticket
from tests import factories, people
from tests.sla.conftest import HOUR, at

pytestmark = pytest.mark.slow

LATER = at("2026-03-02 19:00")


def solved(office, kind, hours, start="2026-02-02 09:00"):
    """A ticket that somebody had for so many hours of Monday."""
    moment = at(start)
    ticket = factories.ticket(office.aigul, kind, at=moment)
    ticket.reply("Looking", office.agent, moment)
    ticket.take(office.agent, moment)
    ticket.resolve(office.agent, moment + timedelta(hours=hours))
    return ticket


@pytest.fixture
def learnt(office):
    """Printers take three hours (the median of 21), cables were asked for too seldom to tell."""
    office.cable = factories.request_type("cable", office.first, kind="incident", impact="medium", urgency="medium")
    for n in range(21):
        solved(office, office.printer, 1 if n < 10 else 3 if n < 15 else 8)
    for _n in range(3):
        solved(office, office.cable, 1)
    db.session.commit()
    housekeeping.learn(LATER)
    return office


def known():
    rows = db.session.scalars(sa.select(WorkEstimate))
    return {(row.request_type_id, row.kind): (row.seconds, row.n) for row in rows}


def test_the_median_is_learnt_by_type_by_kind_and_of_all(learnt):
    printer = learnt.printer
    assert known()[printer.id, None] == (3 * HOUR, 21)
    assert (learnt.cable.id, None) not in known(), "three are too few"
    assert known()[None, None] == (HOUR, 24), "thirteen of twenty-four took an hour"
    of = estimates.known().of
    assert of(printer.id, printer.kind) == 3 * HOUR
    assert of(learnt.cable.id, "no such kind") == HOUR == of(None, None)


def test_waiting_and_lying_in_the_queue_are_no_work(office):
    for _n in range(20):
        ticket = factories.ticket(office.aigul, office.printer, at=at("2026-02-02 09:00"))
        ticket.take(office.agent, at("2026-02-02 10:00"))
        ticket.reply("Which one?", office.agent, at("2026-02-02 11:00"))
        ticket.hold(office.waiting, office.agent, at("2026-02-02 11:00"))
        ticket.receive("This one", office.aigul, at("2026-02-02 15:00"))
        ticket.resolve(office.agent, at("2026-02-02 15:30"))
    estimates.learn(LATER)
    assert known()[None, None] == (HOUR + HOUR // 2, 20)


def test_what_is_too_old_or_was_cancelled_teaches_nothing(office):
    for n in range(20):
        solved(office, office.printer, 1, start="2025-06-02 09:00")
        factories.ticket(office.aigul, office.printer, at=at("2026-02-02 09:00")).cancel("Not needed", office.aigul)
    assert estimates.learn(LATER) == 0
    assert known() == {}


def test_a_new_ticket_must_be_answered_first(learnt):
    ticket = factories.ticket(learnt.aigul, learnt.printer, at=at("2026-03-02 10:00"))
    assert ticket.due_at == ticket.start_by_at == at("2026-03-02 12:00")


def test_once_answered_it_must_be_started_three_hours_of_work_before_it_is_due(learnt):
    ticket = factories.ticket(learnt.aigul, learnt.printer, at=at("2026-03-02 10:00"))
    ticket.reply("Looking", learnt.agent, at("2026-03-02 10:30"))
    assert ticket.due_at == at("2026-03-04 10:00")
    assert ticket.start_by_at == ticket.queue_at == at("2026-03-03 16:00"), "an hour of Wednesday, two of Tuesday"


def test_work_that_was_done_leaves_less_to_do_but_never_nothing(learnt):
    ticket = factories.ticket(learnt.aigul, learnt.printer, at=at("2026-03-02 10:00"))
    ticket.reply("Looking", learnt.agent, at("2026-03-02 10:00"))
    ticket.take(learnt.agent, at("2026-03-02 10:00"))
    ticket.assign(None, learnt.lead, at("2026-03-02 12:00"))
    assert ticket.start_by_at == at("2026-03-04 09:00"), "two hours of three were worked"
    ticket.take(learnt.agent, at("2026-03-02 12:00"))
    ticket.assign(None, learnt.lead, at("2026-03-03 12:00"))
    assert ticket.start_by_at == at("2026-03-04 09:45")


def test_a_ticket_that_waits_has_nothing_due_and_stands_last(learnt):
    ticket = factories.ticket(learnt.aigul, learnt.printer, at=at("2026-03-02 10:00"))
    ticket.reply("Which one?", learnt.agent, at("2026-03-02 10:30"))
    ticket.hold(learnt.waiting, learnt.agent, at("2026-03-02 10:30"))
    assert (ticket.due_at, ticket.start_by_at, ticket.queue_at) == (None, None, FAR_FUTURE)


def test_what_was_never_learnt_leaves_the_deadline(office, ticket):
    assert (ticket.start_by_at, ticket.queue_at) == (None, ticket.due_at)


def test_the_daily_job_places_what_is_active_and_leaves_the_rest(office):
    before = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 10:00"))
    before.reply("Looking", office.agent, at("2026-03-02 10:30"))
    before.take(office.agent, at("2026-03-02 16:00"))
    ended = solved(office, office.printer, 3)
    for _n in range(20):
        solved(office, office.printer, 3)
    db.session.commit()
    version = before.version
    assert housekeeping.learn(LATER) == 1
    db.session.expire_all()
    assert before.start_by_at == before.queue_at == at("2026-03-03 16:00")
    assert (before.due_at, before.version, ended.start_by_at) == (at("2026-03-04 10:00"), version, None)
    assert housekeeping.learn(LATER) == 0, "the second time nothing changes"


def test_placing_anew_is_what_the_next_event_would_say(learnt):
    ticket = factories.ticket(learnt.aigul, learnt.printer, at=at("2026-03-02 10:00"))
    ticket.reply("Looking", learnt.agent, at("2026-03-02 10:00"))
    ticket.take(learnt.agent, at("2026-03-02 10:00"))
    ticket.assign(None, learnt.lead, at("2026-03-02 11:00"))
    db.session.commit()
    place = ticket.start_by_at
    ticket.set_due(ticket.due_at)
    db.session.commit()
    assert housekeeping.learn(LATER) == 1
    db.session.expire_all()
    assert ticket.start_by_at == place == at("2026-03-03 17:00")


def queue(office):
    """Of both teams: what is overdue has been escalated."""
    both = sa.and_(queries.is_active(), Ticket.team_id.in_([office.first.id, office.second.id]))
    found = queues.page(both, TicketFilter(office.agent.id), None, at("2026-03-02 11:00"))
    return [row.id for row in found.rows]


def test_the_queue_stands_by_slack_and_what_is_overdue_stands_first(learnt):
    """Of two that are due together the longer one comes first; an overdue one before both, though it needs less."""
    long = factories.ticket(learnt.aigul, learnt.printer, at=at("2026-03-02 11:00"))
    short = factories.ticket(learnt.aigul, learnt.cable, at=at("2026-03-02 10:30"))
    overdue = factories.ticket(learnt.aigul, learnt.cable, at=at("2026-02-26 10:00"))
    for ticket in (overdue, short, long):
        ticket.reply("Looking", learnt.agent, at("2026-03-02 11:00"))
    assert long.due_at > short.due_at and long.start_by_at < short.start_by_at
    db.session.commit()
    sweep(at("2026-03-03 09:00"))
    assert overdue.start_by_at < long.start_by_at
    assert queue(learnt) == [overdue.id, long.id, short.id]
    very_long = db.session.get(Ticket, long.id)
    very_long.set_due(very_long.due_at, at("2026-01-01 09:00"))
    db.session.commit()
    assert queue(learnt)[0] == overdue.id, "however much there is to do elsewhere"


def line(ticket, now):
    db.session.commit()
    [row] = db.session.scalars(queues.rows(Ticket.id == ticket.id))
    return row_lines.lines([row], at(now))[ticket.id]


def test_each_row_says_why_it_stands_there(learnt):
    ticket = factories.ticket(learnt.aigul, learnt.printer, at=at("2026-03-02 10:00"))
    assert line(ticket, "2026-03-02 10:01") == "Answer by 12:00"
    assert line(ticket, "2026-03-02 12:01") == "Overdue: the answer was due 12:00"
    ticket.reply("Looking", learnt.agent, at("2026-03-02 12:30"))
    assert line(ticket, "2026-03-02 13:00") == "Start by 3 Mar, 16:00: such tickets take 3 hr"
    assert line(ticket, "2026-03-03 16:01") == "Late to start (16:00): 3 hr of work is left"
    assert line(ticket, "2026-03-04 10:01") == "Overdue: the solution was due 10:00"
    ticket.take(learnt.agent, at("2026-03-02 13:00"))
    ticket.assign(None, learnt.lead, at("2026-03-02 14:00"))
    assert line(ticket, "2026-03-02 14:00") == "Go on by 3 Mar, 17:00: 2 hr of work is left"
    ticket.hold(learnt.waiting, learnt.agent, at("2026-03-02 14:00"))
    assert line(ticket, "2026-03-02 14:00") == "It waits, and the clock stands still"


def test_the_page_of_a_queue_shows_the_line(learnt, client):
    factories.ticket(learnt.aigul, learnt.printer)
    page = people.sign_in(client, learnt.agent).get("/queues/service-desk").text
    assert "Answer by " in page


def test_a_ticket_without_an_estimate_says_its_deadline(office, ticket):
    ticket.reply("Looking", office.agent, at("2026-03-02 10:30"))
    assert line(ticket, "2026-03-02 11:00") == "Solve by 4 Mar, 10:00"


def test_a_deadline_that_never_comes_is_no_reason_to_hurry(learnt):
    ticket = factories.ticket(learnt.aigul, learnt.printer, at=at("2026-03-02 10:00"))
    ticket.reply("Looking", learnt.agent, at("2026-03-02 10:30"))
    timers = timers_of(ticket, events_of("ticket", ticket.id)[-1])
    [clock] = [clock for clock in timers.running if clock.target == "resolution"]
    everlasting = estimates.Estimates("x", {estimates.EVERYTHING: 10**12})
    assert slack.place(timers, live_book(), everlasting) == (clock.due_at, clock.due_at, False)
