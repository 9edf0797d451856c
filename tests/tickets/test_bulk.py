"""One deed on several tickets: each by its own verb and right, told with reasons, done once."""

import re

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.core.events import Event
from app.tickets import actions
from app.tickets.bulk.models import BulkDeed
from app.tickets.models import Message, Ticket, TicketAccess
from tests import factories, people

pytestmark = pytest.mark.slow

WORD = "0123456789abcdef"


@pytest.fixture
def three(small):
    """Three new tickets of the service desk."""
    return [factories.ticket(small.aigul, small.printer, f"Printer {n}") for n in range(3)]


def send(browser, verb: str, tickets: list[Ticket], **said):
    """The form, filled in; what became of it as one text."""
    answer = browser.post("/tickets/bulk", data={"verb": verb, "tickets": [t.id for t in tickets], "sure": "1",
                                                 "next": "/queues/service-desk"} | said)
    return browser.get(answer.location).text if answer.status_code == 303 else answer


def kinds(ticket: Ticket) -> list[str]:
    return [kind.removeprefix("ticket.") for kind in db.session.scalars(
        sa.select(Event.kind).where(Event.subject_id == ticket.id, Event.subject_type == "ticket").order_by(Event.id))]


def test_taking(small, three, browser_of):
    assert "3 tickets are yours now." in send(browser_of(small.agent), "take", three)
    assert {ticket.assignee for ticket in three} == {small.agent}
    assert kinds(three[0]) == ["filed", "taken"]


@pytest.mark.parametrize(("given", "name"), [("me", "agent"), ("none", None), ("rival", "rival")])
def test_assigning(small, three, browser_of, given, name):
    for ticket in three:
        ticket.take(small.rival if given != "rival" else small.agent)
    send(browser_of(small.agent), "assign", three, assignee=str(small.rival.id) if given == "rival" else given)
    assert {ticket.assignee and ticket.assignee.name for ticket in three} == {name and name.title()}


def test_moving(small, three, browser_of):
    other = people.team("printers", 1)
    send(browser_of(small.agent), "move", three, team=other.id, reason="Theirs")
    assert {ticket.team.slug for ticket in three} == {"printers"}


def test_priority_follows_from_impact_and_urgency(small, three, browser_of):
    send(browser_of(small.agent), "priority", three, impact="high", urgency="high")
    assert {ticket.priority for ticket in three} == {"P1"}


def test_one_half_of_the_priority_may_stay_as_it_is(small, three, browser_of):
    actions.change_urgency(three[0], "high", "low", small.agent)
    send(browser_of(small.agent), "priority", three, impact="", urgency="high")
    assert [(t.impact, t.urgency) for t in three] == [("high", "high")] + [(small.printer.impact, "high")] * 2


def test_tags_come_and_go(small, three, browser_of):
    agent = browser_of(small.agent)
    send(agent, "tag", three, name="Toner ")
    assert [tag.name for tag in three[0].tags] == ["toner"]
    assert "The tag was removed from 3 tickets." in send(agent, "untag", three, name="toner")
    assert three[0].tags == []


def test_waiting(small, three, browser_of):
    send(browser_of(small.agent), "wait", three, waits_for="requester")
    assert {ticket.status for ticket in three} == {"pending"}


def test_resolving_with_the_same_answer_to_each(small, three, browser_of):
    send(browser_of(small.agent), "resolve", three, body="A new printer came.")
    assert {ticket.status for ticket in three} == {"resolved"}
    said = db.session.scalars(sa.select(Message).where(Message.kind == "reply")).all()
    assert [(message.ticket_id, message.body) for message in said] == [(t.id, "A new printer came.") for t in three]


def test_resolving_without_a_word(small, three, browser_of):
    send(browser_of(small.agent), "resolve", three)
    assert {ticket.status for ticket in three} == {"resolved"}


def test_cancelling(small, three, browser_of):
    send(browser_of(small.agent), "cancel", three, reason="A test")
    assert {ticket.status for ticket in three} == {"cancelled"}


def test_merging_into_one_of_them(small, three, browser_of):
    text = send(browser_of(small.agent), "merge", three, into=three[0].id)
    assert "2 tickets were merged." in text
    assert [ticket.merged_into_id for ticket in three] == [None, three[0].id, three[0].id]


def test_watching(small, three, browser_of):
    send(browser_of(small.agent), "watch", three)
    assert all([watch.user for watch in ticket.watches] == [small.agent] for ticket in three)


def test_what_cannot_be_done_is_told_with_its_reason_and_the_rest_is_done(small, three, browser_of):
    three[1].take(small.rival)
    three[2].cancel("", small.aigul)
    text = send(browser_of(small.agent), "take", three)
    assert "1 ticket is yours now." in text
    assert "2 tickets could not be changed:" in text
    assert "Rival has already taken this ticket." in text
    assert "This ticket has ended and cannot be taken." in text
    assert three[1].assignee == small.rival


def test_a_refused_ticket_keeps_nothing_of_the_deed(small, three, browser_of):
    """The answer is sent before the ticket is resolved: what cannot be resolved has no answer either."""
    three[0].cancel("", small.aigul)
    send(browser_of(small.agent), "resolve", three, body="Done")
    assert db.session.scalars(sa.select(Message.ticket_id).where(Message.kind == "reply")).all() == \
        [three[1].id, three[2].id]
    assert kinds(three[0]) == ["filed", "cancelled"]


def test_what_was_so_already_is_counted_apart(small, three, browser_of):
    three[0].take(small.agent)
    text = send(browser_of(small.agent), "take", three)
    assert "2 tickets are yours now. 1 ticket was so already." in text


def test_of_what_is_not_theirs_people_learn_a_number_at_most(small, three, browser_of):
    three[1].is_confidential = True
    three[1].subject = "Secret words"
    three[1].accesses = [TicketAccess(user_id=small.rival.id)]
    agent = browser_of(small.agent)
    for answer in (send(agent, "take", three), agent.post("/tickets/bulk", data={
            "verb": "merge", "tickets": [t.id for t in three]}).text):
        assert "1 ticket was not found." in answer
        assert "Secret words" not in answer
        assert f">{three[1].id}<" not in answer
    assert three[1].assignee_id is None


def test_a_secret_original_does_not_exist(small, three, browser_of):
    three[0].is_confidential = True
    three[0].accesses = [TicketAccess(user_id=small.rival.id)]
    answer = send(browser_of(small.agent), "merge", three, into=three[0].id)
    assert answer.status_code == 400
    assert all(ticket.merged_into_id is None for ticket in three)


def test_an_agent_of_another_team_changes_nothing(small, three, browser_of):
    text = send(browser_of(small.expert), "take", three, next="/queues/mine")
    assert "3 tickets were not found." in text
    assert "Nothing was changed." in text
    three[0].escalate(small.second, "Yours", small.agent)
    assert "You cannot do this here." in send(browser_of(small.agent), "take", [three[0]])


def test_an_employee_has_no_such_page(small, three, browser_of):
    assert send(browser_of(small.aigul), "cancel", three).status_code == 404


def test_what_needs_words_is_asked_for_first(small, three, browser_of):
    agent = browser_of(small.agent)
    page = agent.post("/tickets/bulk", data={"verb": "assign", "tickets": [t.id for t in three]}).text
    assert "Assign: 3 tickets" in page
    assert 'name="verb" value="assign"' in page
    assert re.findall(r'name="tickets" value="(\d+)"', page) == [str(ticket.id) for ticket in three]
    assert "Rival" in page
    assert "Expert" not in page
    assert {ticket.assignee_id for ticket in three} == {None}


def test_what_was_typed_survives_a_refusal(small, three, browser_of):
    answer = send(browser_of(small.agent), "move", three, team="", reason="Wrong team, sorry")
    assert answer.status_code == 400
    assert "Wrong team, sorry" in answer.text


@pytest.mark.parametrize("data", [{}, {"verb": "delete"}, {"verb": "take", "tickets": list(range(1, 202))}])
def test_nonsense_is_refused(small, browser_of, data):
    assert browser_of(small.agent).post("/tickets/bulk", data=data).status_code == 400


def test_nothing_selected_is_said(small, browser_of):
    agent = browser_of(small.agent)
    answer = agent.post("/tickets/bulk", data={"verb": "take", "tickets": ["x", ""]})
    assert "No ticket was selected." in agent.get(answer.location).text


def test_the_same_form_sent_twice_is_done_once(small, three, browser_of):
    agent = browser_of(small.agent)
    for _time in range(2):
        text = send(agent, "tag", three, name="toner", submission=WORD)
        assert "3 tickets were tagged." in text
    assert db.session.scalar(sa.select(sa.func.count(BulkDeed.id))) == 1
    assert kinds(three[0]).count("tagged") == 1


def test_a_page_that_came_back_does_other_tickets_too(small, three, browser_of):
    agent = browser_of(small.agent)
    send(agent, "take", three[:2], submission=WORD)
    send(agent, "take", three[2:], submission=WORD)
    assert three[2].assignee == small.agent


def test_all_that_the_list_holds(small, three, browser_of):
    three[0].take(small.rival)
    browser_of(small.agent).post("/tickets/bulk?list=all&assignee=none",
                                 data={"verb": "take", "all": "1", "tickets": three[0].id})
    assert [ticket.assignee for ticket in three] == [small.rival, small.agent, small.agent]


def test_all_of_a_queue_that_takes_no_requests_any_more_is_not_all_of_every_queue(small, three, browser_of):
    boss, other = people.user("boss", administrator=True), people.team("printers", 1)
    three[0].move(other, "Theirs", small.agent)
    other.is_active = False
    db.session.commit()
    browser = browser_of(boss)
    page = browser.get("/queues/printers").text
    action = re.search(r'id="bulk" method="post" action="([^"]+)"', page)[1].replace("&amp;", "&")
    browser.post(action, data={"verb": "watch", "all": "1"})
    assert [[watch.user for watch in ticket.watches] for ticket in three] == [[boss], [], []]


def test_what_was_found_can_be_selected_by_the_staff_alone(small, three, browser_of):
    page = browser_of(small.agent).get("/tickets/search?q=Printer").text
    assert re.findall(r'name="tickets" value="(\d+)"', page)
    assert 'id="bulk"' in page
    own = browser_of(small.aigul).get("/tickets/search?q=Printer").text
    assert 'name="tickets"' not in own
    assert 'id="bulk"' not in own


def test_a_deed_costs_a_bounded_number_of_statements_per_ticket(small, browser_of, statements):
    def cost(count: int) -> int:
        tickets = [factories.ticket(small.aigul, small.printer) for _n in range(count)]
        agent = browser_of(small.agent)
        data = {"verb": "take", "tickets": [ticket.id for ticket in tickets]}
        with statements() as said:
            agent.post("/tickets/bulk", data=data)
        return len(said)

    few, many = cost(2), cost(12)
    assert (many - few) / 10 <= 20
