"""The next ticket: whose it may be, in which order it comes, and that pressing again goes on."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core import clock
from app.core.db import db
from app.tickets import next_ticket
from app.tickets.models import Ticket, TicketAccess
from tests import factories, people

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def due(small, hours: float, subject: str = "Printer", **about) -> Ticket:
    """A ticket of the service desk, due so many hours after noon; already late if they are negative."""
    ticket = factories.ticket(about.pop("requester", small.aigul), small.printer, subject, at=NOON - timedelta(days=1))
    ticket.assign(about.get("assignee"), small.agent, NOON - timedelta(days=1))
    ticket.set_due(NOON + timedelta(hours=hours), is_overdue=hours < 0)
    db.session.flush()
    return ticket


def test_what_stands_first_in_the_queue_comes_first(small):
    due(small, 3)
    late = due(small, -1)
    assert next_ticket.following(small.agent, NOON, None) == late.id


def test_pressing_again_goes_on_and_begins_anew_at_the_end(small):
    one, two, three = due(small, 1), due(small, 2), due(small, 3)
    walk, here = [], None
    for _press in range(4):
        here = next_ticket.following(small.agent, NOON, here)
        walk.append(here)
    assert walk == [one.id, two.id, three.id, one.id]


def test_from_a_ticket_that_is_done_the_first_comes_again(small):
    one, two = due(small, 1), due(small, 2)
    two.take(small.agent, NOON)
    two.resolve(small.agent, NOON)
    assert next_ticket.following(small.agent, NOON, two.id) == one.id


def test_what_is_mine_and_late_comes_before_what_is_free_and_later_still(small):
    free, mine = due(small, -5), due(small, -1, assignee=small.agent)
    assert next_ticket.following(small.agent, NOON, None) == mine.id
    assert next_ticket.following(small.agent, NOON, mine.id) == free.id


def test_what_waits_is_somebody_elses_or_my_own_request_never_comes(small):
    waiting = due(small, 1, assignee=small.agent)
    due(small, 2, assignee=small.rival)
    due(small, 3, requester=small.agent)
    waiting.hold(small.waiting, small.agent, NOON)
    assert next_ticket.following(small.agent, NOON, None) is None
    assert next_ticket.take(small.agent, NOON, None) is None


def test_of_a_confidential_ticket_only_who_is_named_is_led_there(small):
    secret = due(small, 1)
    secret.is_confidential = True
    secret.accesses = [TicketAccess(user_id=small.rival.id)]
    db.session.flush()
    assert next_ticket.following(small.agent, NOON, None) is None
    assert next_ticket.take(small.agent, NOON, None) is None
    assert next_ticket.following(small.rival, NOON, None) == secret.id


def test_teams_of_others_stay_with_them(small):
    due(small, 1)
    assert next_ticket.following(small.expert, NOON, None) is None


def test_taking_takes_the_first_free_one(small):
    one, two = due(small, 1), due(small, 2)
    assert next_ticket.take(small.agent, NOON, None) == (one.id, True)
    assert next_ticket.take(small.rival, NOON, None) == (two.id, True)
    assert (one.assignee, two.assignee) == (small.agent, small.rival)


def test_taking_leads_to_what_is_mine_and_due_before_anything_new_and_then_on(small):
    free, mine = due(small, -5), due(small, -1, assignee=small.agent)
    assert next_ticket.take(small.agent, NOON, None) == (mine.id, False)
    assert next_ticket.take(small.agent, NOON, mine.id) == (free.id, True)


def test_the_ticket_one_looks_at_is_not_the_next(small):
    one, two = due(small, 1), due(small, 2)
    assert next_ticket.take(small.agent, NOON, one.id) == (two.id, True)
    assert one.assignee_id is None


def test_one_walks_with_a_key_from_page_to_page(small, browser_of):
    one, two = due(small, 1), due(small, 2)
    agent = browser_of(small.agent)
    assert agent.get("/queues/next").location == f"/tickets/{one.id}"
    assert agent.get("/queues/next", headers={"Referer": f"http://localhost/tickets/{one.id}"}).location \
        == f"/tickets/{two.id}"
    assert agent.get(f"/queues/next?after={two.id}").location == f"/tickets/{one.id}"


def test_opened_and_taken_in_one_act(small, browser_of):
    one = due(small, 1)
    agent = browser_of(small.agent)
    answer = agent.post("/queues/next")
    assert answer.location == f"/tickets/{one.id}"
    assert one.assignee == small.agent
    assert f"You have taken ticket {one.id}." in agent.get(answer.location).text


def test_when_nothing_is_left_one_is_told_and_stays(small, browser_of):
    one = due(small, 1)
    agent = browser_of(small.agent)
    answer = agent.post("/queues/next", data={"after": one.id})
    assert answer.location == f"/tickets/{one.id}"
    assert "Nothing is left to take" in agent.get(answer.location).text
    assert agent.get("/queues/next?after=999999999999999999").location == f"/tickets/{one.id}"
    one.take(small.rival, clock.now())
    assert agent.get("/queues/next").location == "/queues"
    assert "Nothing else waits for you" in agent.get("/queues").text


def test_an_employee_has_no_next_ticket(small, browser_of):
    due(small, 1)
    assert browser_of(small.aigul).get("/queues/next").status_code == 404
    assert browser_of(small.aigul).post("/queues/next").status_code == 404


@pytest.mark.parametrize("path", ["/", "/queues", "/queues/mine", "/queues/service-desk", "/absences"])
def test_each_page_of_an_agent_has_one_way_to_the_next(small, browser_of, path):
    page = browser_of(small.agent).get(path).text
    assert page.count('data-shortcut="J"') == page.count('data-shortcut="T"') == 1
    assert 'data-shortcut="T"' not in browser_of(small.aigul).get("/").text


def test_the_look_for_the_next_costs_the_same_at_any_size(small, statements):
    for n in range(5):
        due(small, n + 1)
    db.session.commit()
    small.agent.team_ids  # noqa: B018 - read before counting
    with statements() as said:
        next_ticket.following(small.agent, NOON, None)
    few = len(said)
    for n in range(20):
        due(small, n + 10)
    db.session.commit()
    small.agent.team_ids  # noqa: B018
    with statements() as said:
        next_ticket.following(small.agent, NOON, None)
    assert len(said) == few <= 2


def test_the_administrator_who_works_in_no_team_is_told_so(small, browser_of):
    due(small, 1)
    admin = browser_of(people.user("admin", administrator=True))
    assert admin.get("/queues/next").location == admin.post("/queues/next").location == "/queues"


@pytest.mark.parametrize("page", ["http://[", "//[", "http://[::1/tickets/1", f"http://x/tickets/{10 ** 30}"])
def test_an_odd_page_one_comes_from_is_no_ticket(page, small, browser_of):
    """Any browser or program may say what it likes of where it comes from."""
    agent = browser_of(small.agent)
    assert agent.get("/queues/next", headers={"Referer": page}).status_code == 303
    assert agent.post("/queues/next", headers={"Referer": page}).status_code == 303
