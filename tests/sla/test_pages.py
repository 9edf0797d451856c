"""What the timers say on the ticket's page and before filing."""

import html

import pytest

from app.core import clock
from app.core.i18n import local_time
from app.sla import panels
from app.sla.standing import standings
from tests import factories, people
from tests.sla.conftest import HOUR, at


def words(markup):
    return " ".join(html.unescape(markup).split())


def on_ticket(desk, ticket, viewer, moment):
    with desk.test_request_context():
        return words(panels.on_ticket(ticket, viewer, at(moment)))


def test_an_agent_reads_every_clock_with_its_reasons(desk, office, ticket):
    shown = on_ticket(desk, ticket, office.agent, "2026-03-02 11:40")
    assert "First response" in shown and "20 min left" in shown
    assert "1 hr 40 min of 2 hr used" in shown
    assert "Policy “standard” by the rule “standard”, working hours “office”" in shown


@pytest.mark.parametrize(("moment", "state", "left"), [
    ("2026-03-02 10:00", "ok", 18 * HOUR),
    ("2026-03-03 16:00", "soon", 3 * HOUR),
    ("2026-03-04 10:00:01", "overdue", -1),
])
def test_where_a_resolution_stands(office, ticket, moment, state, left):
    ticket.reply("Looking", office.agent, at("2026-03-02 10:05"))
    standing = standings(ticket.id, at(moment))[-1]
    assert (standing.state, standing.left_seconds) == (state, left)


def test_a_pause_shows_what_is_left(desk, office, ticket):
    ticket.reply("Which room?", office.agent, at("2026-03-02 10:05"))
    ticket.hold(office.waiting, office.agent, at("2026-03-02 12:00"))
    assert "paused, 16 hr left" in on_ticket(desk, ticket, office.agent, "2026-03-09 12:00")
    assert "The clock stands still" in on_ticket(desk, ticket, office.aigul, "2026-03-09 12:00")


def test_the_requester_reads_the_promise_in_plain_words(desk, office, ticket):
    assert "By then we promise you an answer." in on_ticket(desk, ticket, office.aigul, "2026-03-02 11:00")
    assert "We are late" in on_ticket(desk, ticket, office.aigul, "2026-03-02 13:00")
    ticket.reply("Looking", office.agent, at("2026-03-02 13:05"))
    shown = on_ticket(desk, ticket, office.aigul, "2026-03-02 14:00")
    assert "By then we promise to have solved it." in shown and "Policy" not in shown
    ticket.resolve(office.agent, at("2026-03-03 10:00"))
    assert "Solved in time" in on_ticket(desk, ticket, office.aigul, "2026-03-03 11:00")


def test_a_ticket_without_a_promise_says_nothing(desk, office, ticket):
    ticket.cancel("Found", office.aigul, at("2026-03-02 11:00"))
    assert on_ticket(desk, ticket, office.aigul, "2026-03-02 12:00") == ""


def test_the_promise_is_shown_before_filing(office, client):
    people.sign_in(client, office.aigul)
    page = words(client.get("/tickets/new/printer").text)
    assert "we promise you an answer by then" in page and "we promise to have solved it" in page


def test_the_page_of_a_ticket_carries_the_panel(office, client):
    filed = factories.ticket(office.aigul, office.printer)
    number, due = filed.number, filed.due_at
    people.sign_in(client, office.aigul)
    assert "By then we promise you an answer." in words(client.get(f"/tickets/{number}").text)
    assert local_time(due, "short") and due > clock.now()
