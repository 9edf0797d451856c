"""A call or a visit, written down by an agent: who it was, what was said, what was answered."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import Organisation, User
from app.calendars.standard import LONG_AGO
from app.channels.ways import channels
from app.core import clock
from app.core.db import db
from app.core.events import Event, events_of
from app.core.relay import relay
from app.notifications.delivery import can_be_mailed, notify
from app.notifications.models import Notification
from app.sla import actions as promises
from app.sla.models import SlaClock
from app.tickets import actions, calls
from app.tickets.models import Message, Ticket
from tests import factories, people
from tests.experiments.forms import fields
from tests.sla.conftest import TARGETS, calendar, policy, rule

pytestmark = pytest.mark.slow


@pytest.fixture
def agent(browser_of, small):
    return browser_of(small.agent)


def newest() -> Ticket:
    return db.session.scalar(sa.select(Ticket).order_by(Ticket.id.desc()).limit(1))


def count(model) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def call(browser, way="phone", code=303, **about):
    """The page of a way, filled in and sent."""
    page = f"/calls/{way}"
    answer = browser.post(page, data=fields(browser.get(page).text, page) | about)
    assert answer.status_code == code, answer.text
    return answer


def on_ticket(browser, ticket, way="phone", code=303, **about):
    page = f"/tickets/{ticket.number}/calls/{way}"
    answer = browser.post(page, data=fields(browser.get(page).text, page) | about)
    assert answer.status_code == code, answer.text
    return answer


def kinds(ticket) -> list[str]:
    return [event.kind for event in events_of("ticket", ticket.id)]


def test_a_call_is_the_requester_s_own_words_written_down_by_the_agent(agent, small):
    call(agent, person="aigul", body="My printer is on fire.\nPlease come.")
    ticket = newest()
    said = ticket.messages[0]
    assert (ticket.requester.name, ticket.filed_by.name, ticket.channel) == ("Aigul", "Agent", "phone")
    assert (said.kind, said.author.name, said.entered_by.name, said.channel) == ("incoming", "Aigul", "Agent", "phone")
    assert ticket.subject == "My printer is on fire."
    filed = events_of("ticket", ticket.id)[0]
    assert filed.on_behalf_of_id == small.aigul.id and filed.data["changes"]["channel"] == [None, "phone"]


def test_a_long_first_line_is_cut_for_the_subject():
    assert calls.first_line("\n\n  Well, \t hello \n more") == "Well, hello"
    assert len(calls.first_line("x" * 300)) == 200 and calls.first_line("x" * 300).endswith("…")


def test_solved_at_once_is_taken_answered_and_resolved(agent, small):
    call(agent, "walk_in", person_id=small.aigul.id, person="Aigul", body="No toner.", told="Here is a new one.",
         is_solved="y", subject="Toner")
    ticket = newest()
    assert (ticket.status, ticket.assignee.name, ticket.subject, ticket.channel) == (
        "resolved", "Agent", "Toner", "walk_in")
    assert kinds(ticket) == ["ticket.filed", "ticket.taken", "ticket.replied", "ticket.resolved"]
    assert [(m.kind, m.author.name, m.channel) for m in ticket.messages] == [
        ("incoming", "Aigul", "walk_in"), ("reply", "Agent", "walk_in")]


def test_what_was_answered_is_the_first_response(agent, small, promise):
    call(agent, person_id=small.aigul.id, person="Aigul", body="How do I print?", told="With the button.")
    ticket = newest()
    clocks = {one.target: one for one in db.session.scalars(sa.select(SlaClock).filter_by(ticket_id=ticket.id))}
    assert clocks["first_response"].outcome == "met" and clocks["resolution"].stopped_at is None
    assert ticket.status == "open"


def test_solved_without_a_word_does_not_meet_the_first_response(agent, small, promise):
    call(agent, person_id=small.aigul.id, person="Aigul", body="How do I print?", is_solved="y")
    clocks = {one.target: one for one in db.session.scalars(sa.select(SlaClock).filter_by(ticket_id=newest().id))}
    assert clocks["first_response"].outcome is None and clocks["first_response"].stopped_at is not None


def test_a_call_on_a_ticket_starts_the_clock_of_the_next_answer(agent, small, promise):
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.reply("We look.", small.agent)
    on_ticket(agent, ticket, body="And?")
    asked = db.session.scalar(sa.select(SlaClock).filter_by(ticket_id=ticket.id, target="next_response"))
    assert asked is not None and asked.stopped_at is None
    on_ticket(agent, ticket, told="Tomorrow.")
    db.session.refresh(asked)
    assert asked.outcome == "met"


def test_a_call_on_a_waiting_ticket_goes_on_with_it(agent, small):
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.hold(small.waiting, small.agent)
    on_ticket(agent, ticket, body="Room 301.")
    said = ticket.messages[-1]
    assert ticket.status == "open"
    assert (said.kind, said.author.name, said.entered_by.name, said.channel) == ("incoming", "Aigul", "Agent", "phone")
    event = next(event for event in events_of("ticket", ticket.id) if event.kind == "ticket.answered")
    assert (event.actor_id, event.on_behalf_of_id, event.data["channel"]) == (small.agent.id, small.aigul.id, "phone")


def test_a_call_on_a_resolved_ticket_opens_it_within_its_window_only(agent, small):
    soon, late = (factories.ticket(small.aigul, small.printer) for _ in range(2))
    soon.resolve(small.agent)
    late.resolve(small.agent, clock.now() - timedelta(days=30))
    on_ticket(agent, soon, body="It is back.")
    assert soon.status == "open"
    answer = on_ticket(agent, late, code=400, body="Back.")
    assert "too late" in answer.text and "Back.</textarea>" in answer.text
    assert late.status == "resolved"


def test_an_ended_ticket_takes_no_call(agent, small):
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.cancel("", small.agent)
    assert "/calls/phone" not in agent.get(f"/tickets/{ticket.number}").text.split("<main")[1]
    assert "ended" in on_ticket(agent, ticket, code=409, body="Back.").text


def test_somebody_else_who_takes_part_may_have_called(agent, small):
    ticket = factories.ticket(small.aigul, small.printer)
    actions.watch(ticket, small.bakyt, small.agent)
    on_ticket(agent, ticket, who=small.bakyt.id, body="I am affected too.")
    assert ticket.messages[-1].author.name == "Bakyt"
    on_ticket(agent, ticket, who=small.expert.id, body="Me too.", code=400)


def test_nothing_said_is_refused(agent, small):
    ticket = factories.ticket(small.aigul, small.printer)
    assert "Please fill this in" in on_ticket(agent, ticket, code=400).text
    assert "Please fill this in" in call(agent, code=400, person="aigul").text
    assert call(agent, code=400).text.count('aria-invalid="true"') == 2


def test_the_conversation_says_how_it_was_said(agent, small, browser_of):
    call(agent, "walk_in", person="aigul", body="Hello")
    ticket = newest()
    on_ticket(agent, ticket, told="Good morning.")
    for browser in (agent, browser_of(small.aigul)):
        page = browser.get(f"/tickets/{ticket.number}").text
        assert "in person" in page and "by telephone" in page and "written down by Agent" in page


def test_the_same_form_sent_twice_is_done_once(agent, small):
    page = "/calls/phone"
    sent = fields(agent.get(page).text, page) | {"person": "aigul", "body": "Twice"}
    first, second = (agent.post(page, data=sent) for _ in range(2))
    assert first.location == second.location and count(Ticket) == 1
    page = f"/tickets/{newest().number}/calls/phone"
    sent = fields(agent.get(page).text, page) | {"body": "Twice", "told": "Yes"}
    assert [agent.post(page, data=sent).status_code for _ in range(2)] == [303, 303]
    assert count(Message) == 3


def test_who_is_not_known_becomes_a_customer_of_the_organisation_with_the_domain(agent, small):
    db.session.add(Organisation(slug="client", name="Client Ltd", domains=["client.example"]))
    call(agent, person="Nurlan Asanov", is_new="y", address="Nurlan@Client.example", number="+996 (555) 12-34-56",
         body="Hello")
    made = newest().requester
    assert (made.name, made.email, made.phone, made.is_customer, made.organisation.name) == (
        "Nurlan Asanov", "nurlan@client.example", "+996555123456", True, "Client Ltd")
    assert made.password_hash is None and newest().is_from_customer


def test_an_address_in_the_box_of_the_name_is_enough(agent, small):
    call(agent, person="new@client.example", is_new="y", body="Hello")
    assert (newest().requester.name, newest().requester.email) == ("new", "new@client.example")
    assert "not an e-mail address" in call(agent, code=400, person="new@", is_new="y", body="Hello").text


def test_who_gives_no_address_has_none_to_which_anything_is_sent(agent, small):
    call(agent, person="Somebody", is_new="y", number="0555 123456", body="Hello")
    made = newest().requester
    assert made.email.endswith(".invalid") and not can_be_mailed(made)
    assert "invalid" not in agent.get("/calls/people?q=Someb").text


def test_a_known_address_is_the_person_it_belongs_to(agent, small):
    call(agent, person="Aigul at home", is_new="y", address="aigul@jardam.example", body="Hello")
    assert newest().requester_id == small.aigul.id
    small.bakyt.is_active = False
    answer = call(agent, code=403, person="Bakyt", is_new="y", address="bakyt@jardam.example", body="Hello")
    assert "switched off" in answer.text and "Hello</textarea>" in answer.text


def test_agents_enter_nobody_where_that_is_not_allowed(agent, small):
    channels.change(enter_callers=False)
    before = count(User)
    assert 'name="is_new"' not in agent.get("/calls/phone").text
    assert "who are known" in call(agent, code=403, person="New", is_new="y", body="Hi").text
    assert count(User) == before and "data-enter" not in agent.get("/calls/people?q=new").text


@pytest.mark.parametrize("person", ["nobody-here", "", "a"])
def test_it_must_be_clear_who_it_was(agent, small, person):
    assert call(agent, code=400, person=person, body="Kept").text.count("Kept</textarea>") == 1
    assert count(Ticket) == 0


def test_people_are_found_by_name_address_and_number(agent, small):
    small.aigul.phone = "+996555123456"
    for text in ("aig", "AIGUL@", "0555 123", "123456"):
        page = agent.get("/calls/people", query_string={"q": text}).text
        assert f'data-id="{small.aigul.id}"' in page and f'data-id="{small.bakyt.id}"' not in page, text
    small.aigul.is_active = False
    assert "data-id" not in agent.get("/calls/people?q=aigul").text
    assert "data-id" not in agent.get("/calls/people?q=a").text


def test_people_are_found_in_one_query(agent, small, statements):
    for number in range(20):
        people.user(f"found{number}", department=small.office)
    db.session.commit()
    with statements() as said:
        assert agent.get("/calls/people?q=found").text.count("data-id") == 8
    assert len([statement for statement in said if "FROM users" in statement and "LIKE" in statement.upper()]) == 1
    with statements() as few:
        agent.get("/calls/people?q=found19")
    assert len(few) == len(said)


def test_what_a_person_has_under_way_is_shown_as_far_as_the_agent_sees_it(agent, small):
    seen = [factories.ticket(small.aigul, small.printer, subject=f"Seen {n}") for n in range(4)]
    factories.ticket(small.aigul, factories.request_type("router", small.second), subject="Not seen")
    ended = factories.ticket(small.aigul, small.printer, subject="Ended")
    ended.resolve(small.agent)
    page = agent.get(f"/calls/people/{small.aigul.id}?way=walk_in").text
    assert "4 open tickets" in page
    assert re.findall(r"/tickets/(\d+)/calls/walk_in", page) == [str(one.number) for one in seen[:0:-1]]
    assert "Not seen" not in page and "Ended" not in page
    assert "no open ticket" in agent.get(f"/calls/people/{small.bakyt.id}").text
    assert agent.get("/calls/people/999999999999").status_code == 404


def test_who_does_not_work_there_may_file_but_not_solve(agent, small):
    router = factories.request_type("router", small.second)
    answer = call(agent, code=400, person="aigul", body="Kept", request_type=router.slug, is_solved="y")
    assert "Network" in answer.text and "Kept</textarea>" in answer.text and count(Ticket) == 0
    call(agent, person="aigul", body="Kept", request_type=router.slug)
    assert newest().team.slug == "network"


def test_the_usual_request_type_is_guessed(agent, small):
    factories.request_type("aaa", small.first, position=-1)
    page = "/calls/phone"
    assert fields(agent.get(page).text, page)["request_type"] == "aaa"
    factories.ticket(small.aigul, small.printer, channel="phone", by=small.agent)
    assert fields(agent.get(page).text, page)["request_type"] == "printer"


def test_a_way_that_is_switched_off_has_no_page(agent, small):
    ticket = factories.ticket(small.aigul, small.printer)
    channels.change(phone=False)
    gone = [agent.get(page).status_code for page in ("/calls/phone", f"/tickets/{ticket.number}/calls/phone")]
    assert gone == [404, 404]
    assert agent.get("/calls/walk_in").status_code == 200
    page = agent.get(f"/tickets/{ticket.number}").text
    assert "/calls/walk_in" in page and "/calls/phone" not in page
    assert agent.get("/calls/email").status_code == 404


def test_who_heard_it_gets_no_mail_of_it_and_who_watches_does(agent, small, told):
    ticket = factories.ticket(small.aigul, small.printer)
    actions.watch(ticket, small.bakyt, small.agent)
    db.session.commit()
    on_ticket(agent, ticket, body="When?", told="Tomorrow.", is_solved="y")
    assert told(ticket, "ticket.replied") == {("Aigul", "app"), ("Bakyt", "app"), ("Bakyt", "mail")}
    assert told(ticket, "ticket.resolved") == {("Aigul", "app"), ("Bakyt", "app")}
    assert all(name != "Agent" for name, _way in told(ticket, "ticket.answered"))


@pytest.fixture
def told(desk):
    """Who was told of a kind of event, and how."""
    relay.change(host="127.0.0.1", sender="help@jardam.example")

    def asked(ticket, kind):
        event = db.session.scalar(sa.select(Event).where(Event.subject_id == ticket.id, Event.kind == kind))
        notify(type("Row", (), {"event": event}), clock.now())
        db.session.commit()
        rows = db.session.execute(sa.select(User.name, Notification.channel).join(User, User.id == Notification.user_id)
                                  .where(Notification.event_id == event.id))
        return set(map(tuple, rows))

    return asked


@pytest.fixture
def promise(small):
    """A policy with all three targets, round the clock."""
    made = policy("standard", calendar(week={str(day): [["00:00", "24:00"]] for day in range(7)}),
                  {priority: target | {"next_response": 3600} for priority, target in TARGETS.items()})
    promises.set_rules([rule(made)], None, LONG_AGO, LONG_AGO)
    db.session.commit()
