"""The workload board: who carries what; a card given to somebody else, and taken back."""

import re
from datetime import timedelta

import pytest

from app.core import clock
from app.core.db import db
from app.core.events import events_of
from app.tickets import board
from app.tickets.models import Ticket
from tests import factories, people


@pytest.fixture
def team(small):
    return small.printer.team


@pytest.fixture
def tickets(small):
    """Two of the agent's, one of nobody."""
    made = [factories.ticket(small.aigul, small.printer, f"Printer {n}") for n in range(3)]
    for ticket in made[:2]:
        ticket.take(small.agent)
    db.session.commit()
    return made


def column_of(viewer, team, person) -> board.Column:
    return next(c for c in board.columns(viewer, team, clock.now()) if c.person == person)


def move(browser, team, ticket, to, was):
    return browser.post(f"/board/{team.slug}/moves", data={"ticket": ticket.id, "to": to, "was": was})


def fresh(ticket) -> Ticket:
    return db.session.get(Ticket, ticket.id, populate_existing=True)


def test_a_column_for_everybody_and_one_for_nobody(small, team, tickets):
    columns = board.columns(small.agent, team, clock.now())
    assert [column.person for column in columns] == [None, small.agent, small.rival]
    assert [[card.id for card in column.cards] for column in columns] == [
        [tickets[2].id], [tickets[0].id, tickets[1].id], []]
    assert [column.carried for column in columns] == [1, 2, 0]


def test_what_is_late_and_what_comes_soon(small, team, tickets):
    now = clock.now()
    for ticket, hours in zip(tickets, (-1, 5, 30), strict=True):
        ticket.due_at = now + timedelta(hours=hours)
    db.session.flush()
    held = column_of(small.agent, team, small.agent)
    assert (held.overdue, held.soon) == (1, 1)
    assert column_of(small.agent, team, None).soon == 0


def test_who_carries_as_much_as_they_can(small, team, tickets):
    membership = next(m for m in team.memberships if m.user_id == small.agent.id)
    membership.capacity = 2
    db.session.flush()
    assert column_of(small.agent, team, small.agent).is_full
    membership.capacity = 3
    assert not column_of(small.agent, team, small.agent).is_full


def test_a_card_is_given_and_taken_back(small, team, tickets, browser_of):
    agent = browser_of(small.agent)
    answer = move(agent, team, tickets[2], small.rival.id, "")
    assert answer.status_code == 303 and fresh(tickets[2]).assignee == small.rival
    page = agent.get(answer.location).text
    assert "was given to Rival" in page and "data-undo" in page
    said = page[page.index("board-said"):page.index("data-undo")]
    undo = dict(re.findall(r'name="(ticket|to|was)" value="(\d*)"', said))
    assert undo == {"ticket": str(tickets[2].id), "to": "", "was": str(small.rival.id)}
    agent.post(f"/board/{team.slug}/moves", data=undo)
    assert fresh(tickets[2]).assignee is None
    assert [e.kind for e in events_of("ticket", tickets[2].id)][-2:] == ["ticket.assigned", "ticket.unassigned"]


def test_an_old_board_takes_nothing_from_anybody(small, team, tickets, browser_of):
    tickets[2].take(small.rival)
    db.session.commit()
    answer = move(browser_of(small.agent), team, tickets[2], small.agent.id, "")
    assert answer.status_code == 409 and "Somebody moved ticket" in answer.text
    assert fresh(tickets[2]).assignee == small.rival


@pytest.mark.parametrize(("to", "code"), [("999999", 400), ("x", 400), ("-1", 400)])
def test_only_to_people_of_the_team(small, team, tickets, browser_of, to, code):
    assert move(browser_of(small.agent), team, tickets[2], to, "").status_code == code
    assert move(browser_of(small.agent), team, tickets[2], small.expert.id, "").status_code == 400
    assert fresh(tickets[2]).assignee is None


@pytest.mark.parametrize("number", ["", "x", "99999999999999999999", "999999"])
def test_a_ticket_that_is_not_there(small, team, browser_of, number):
    answer = browser_of(small.agent).post(f"/board/{team.slug}/moves", data={"ticket": number, "to": "", "was": ""})
    assert answer.status_code == 404


def test_a_ticket_of_another_queue_does_not_move_here(small, team, tickets, browser_of):
    tickets[0].escalate(small.second, "Cable", small.agent)
    db.session.commit()
    answer = move(browser_of(small.agent), team, tickets[0], small.rival.id, "")
    assert answer.status_code == 409 and "no longer in this queue" in answer.text


def test_the_boards_of_others_do_not_exist(small, team, browser_of):
    for person in (small.aigul, small.expert):
        assert browser_of(person).get(f"/board/{team.slug}").status_code == 404
    assert browser_of(small.aigul).get("/board").status_code == 404
    assert browser_of(small.agent).get("/board").location.endswith(f"/board/{team.slug}")


def test_secrets_are_neither_shown_nor_counted(small, team, tickets):
    tickets[2].is_confidential = True
    db.session.flush()
    assert column_of(small.agent, team, None).carried == 0
    tickets[1].is_confidential = True
    assert column_of(small.rival, team, small.agent).carried == 1


def test_the_board_costs_the_same_for_many(small, team, browser_of, statements):
    agent = browser_of(small.agent)
    agent.get(f"/board/{team.slug}")
    with statements() as few:
        agent.get(f"/board/{team.slug}")
    for n in range(12):
        people.user(f"colleague{n}", member=(team,))
    for n in range(40):
        factories.ticket(small.aigul, small.printer, f"More {n}")
    db.session.commit()
    with statements() as many:
        page = agent.get(f"/board/{team.slug}").text
    assert page.count("data-card=") == board.CARDS and "All of them" in page
    assert len(many) == len(few)
