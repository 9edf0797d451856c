"""Macros: looked at before they run, run as a whole or not at all, once, on what was seen."""

import html
import re

import pytest

from app.core.db import db
from app.core.events import Event
from app.tickets.models import Message, Ticket
from app.tickets.templating import steps
from app.tickets.templating.models import Macro, ReplyTemplate
from tests import factories, people
from tests.experiments.forms import fields
from tests.tickets.test_reply_templates import template

pytestmark = pytest.mark.slow

NEW = {"names_en": "Solve", "reach": "own", "says": "reply", "bodies_en": "Done, {requester.first_name}",
       "then": "resolve", "assign": "me", "tags": "Toner, done", "position": "1", "is_active": "y",
       "seen": "44136fa355b3678a1146ad16f7e8649e"}


@pytest.fixture
def ticket(small):
    return factories.ticket(small.aigul, small.printer, subject="Paper jam")


def macro(*, owner=None, team=None, **about):
    made = Macro(names={"en": "Solve it"}, owner_id=owner.id if owner else None, team_id=team.id if team else None,
                 **{"says": "reply", "bodies": {"en": "Done"}, "steps": {"then": "resolve"}} | about)
    db.session.add(made)
    db.session.flush()
    return made


def place(ticket, made):
    return f"/tickets/{ticket.id}/macros/{made.id}"


def form_on(browser, ticket, made):
    """What the page would send."""
    page = browser.get(place(ticket, made))
    assert page.status_code == 200, page.text
    fields = dict(re.findall(r'name="(submission|seen_message_id)" value="([^"]*)"', page.text))
    body = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", page.text, re.S)
    return fields | ({"body": html.unescape(body[1])} if body else {})


def kinds(ticket):
    return [event.kind for event in db.session.query(Event).filter_by(subject_type="ticket", subject_id=ticket.id)
            .order_by(Event.id)]


def test_nothing_happens_while_it_is_looked_at(small, ticket, browser_of):
    made = macro(steps={"then": "resolve", "assign": "me", "tags": ["toner"], "impact": "high", "urgency": "high"},
                 bodies={"en": "Done, {requester.first_name}"})
    browser, before = browser_of(small.agent), kinds(ticket)
    assert "Solve it" in browser.get(f"/tickets/{ticket.id}/macros").text
    page = browser.get(place(ticket, made)).text
    for words in ("Done, Aigul", "Resolved", "Agent", "toner", "P1"):
        assert words in page
    assert kinds(ticket) == before


def test_it_says_and_changes_all_of_it_at_once(small, ticket, browser_of):
    made = macro(steps={"then": "resolve", "assign": "me", "tags": ["toner"], "urgency": "high"})
    browser = browser_of(small.agent)
    answer = browser.post(place(ticket, made), data=form_on(browser, ticket, made))
    assert (answer.status_code, answer.location) == (303, f"/tickets/{ticket.id}")
    assert (ticket.status, ticket.assignee_id, ticket.urgency) == ("resolved", small.agent.id, "high")
    assert [tag.name for tag in ticket.tags] == ["toner"]
    assert db.session.query(Message).filter_by(kind="reply", ticket_id=ticket.id).one().body == "Done"
    assert {"ticket.macro_run", "ticket.replied", "ticket.resolved", "ticket.taken"} <= set(kinds(ticket))
    assert db.session.get(Macro, made.id).used_count == 1


def test_sent_twice_it_is_done_once(small, ticket, browser_of):
    made = macro()
    browser = browser_of(small.agent)
    form = form_on(browser, ticket, made)
    assert [browser.post(place(ticket, made), data=form).status_code for _time in (1, 2)] == [303, 303]
    assert db.session.query(Message).filter_by(kind="reply", ticket_id=ticket.id).count() == 1
    assert kinds(ticket).count("ticket.macro_run") == 1


def test_it_does_not_run_on_what_was_not_seen(small, ticket, browser_of):
    made = macro()
    browser = browser_of(small.agent)
    form = form_on(browser, ticket, made)
    ticket.receive("Wait, it is worse now", small.aigul)
    held = browser.post(place(ticket, made), data=form | {"body": "Typed by hand"})
    assert held.status_code == 409 and "Wait, it is worse now" in held.text and "Typed by hand" in held.text
    assert ticket.status != "resolved"
    seen = re.search(r'name="seen_message_id" value="(\d+)"', held.text)[1]
    assert browser.post(place(ticket, made), data=form | {"seen_message_id": seen}).status_code == 303


def test_where_one_step_is_refused_nothing_is_done_and_the_step_is_named(small, ticket, browser_of):
    """Whoever handed it over may reply, but decides nothing any more."""
    made = macro(steps={"then": "resolve", "tags": ["toner"]})
    ticket.take(small.agent)
    ticket.escalate(small.second, "Too hard", small.agent)
    browser = browser_of(small.agent)
    form, before = form_on(browser, ticket, made), kinds(ticket)
    assert "Status: You cannot do this here." in browser.get(place(ticket, made)).text
    refused = browser.post(place(ticket, made), data=form)
    assert refused.status_code == 403 and "Status: You cannot do this here." in refused.text
    assert kinds(ticket) == before and ticket.tags == []


def test_where_somebody_was_faster_nothing_is_done(small, ticket, browser_of):
    made = macro(steps={"assign": "me", "tags": ["toner"], "then": "wait", "reason": "requester"})
    browser = browser_of(small.agent)
    form = form_on(browser, ticket, made)
    ticket.hold(small.waiting, small.rival)
    before = kinds(ticket)
    refused = browser.post(place(ticket, made), data=form)
    assert refused.status_code == 409 and "Status: This ticket is already waiting." in refused.text
    assert kinds(ticket) == before and ticket.assignee_id is None


def test_what_still_has_a_hole_is_not_said(small, ticket, browser_of):
    made = macro(bodies={"en": "I come at […]"})
    browser = browser_of(small.agent)
    refused = browser.post(place(ticket, made), data=form_on(browser, ticket, made))
    assert refused.status_code == 400 and "filled in" in refused.text
    assert ticket.status == "new"


def test_what_a_reply_is_checked_for_a_macro_is_too(small, ticket, browser_of):
    made = macro(bodies={"en": "Hello Stranger,\n\nthe password is: hunter2secret"})
    browser = browser_of(small.agent)
    form = form_on(browser, ticket, made)
    held = browser.post(place(ticket, made), data=form)
    assert held.status_code == 400 and 'name="anyway"' in held.text
    assert ticket.status == "new"
    assert browser.post(place(ticket, made), data=form | {"anyway": "y"}).status_code == 303


def test_it_waits_until_a_day_and_goes_on(small, ticket, browser_of):
    made = macro(says="note", bodies={"en": "Called"}, goes_on=True,
                 steps={"then": "wait", "reason": "requester", "days": 3})
    browser = browser_of(small.agent)
    answer = browser.post(place(ticket, made), data=form_on(browser, ticket, made))
    assert answer.location == f"/queues/next?after={ticket.id}"
    assert ticket.status == "pending" and ticket.holds[-1].until is not None
    assert db.session.query(Message).filter_by(kind="note", ticket_id=ticket.id).one().body == "Called"


def test_it_says_the_words_of_its_template_in_the_requesters_language(small, ticket, browser_of):
    small.aigul.language = "ru"
    words = template("hi", en="Hello", ru="Здравствуйте")
    made = macro(template_id=words.id, bodies={})
    assert form_on(browser_of(small.agent), ticket, made)["body"] == "Здравствуйте"


def test_a_template_that_somebody_took_for_themselves_is_said_by_no_macro(small, ticket, browser_of):
    words = template("pw", team=small.first, en="The secret words")
    made = macro(team=small.first, template_id=words.id, bodies={})
    assert "The secret words" in browser_of(small.agent).get(place(ticket, made)).text
    words.owner_id, words.team_id = small.rival.id, None
    db.session.flush()
    assert "The secret words" not in browser_of(small.agent).get(place(ticket, made)).text
    assert "The secret words" in browser_of(small.rival).get(place(ticket, made)).text


@pytest.mark.parametrize("field", ["assign", "template_id", "days", "position"])
@pytest.mark.parametrize("odd", ["²", "٣", "9" * 40, "-1"])
def test_an_odd_number_is_no_number(small, browser_of, field, odd):
    for action in ("/macros/new", "/macros/preview"):
        answer = browser_of(small.agent).post(action, data=NEW | {"says": "", field: odd})
        assert answer.status_code < 500, action


def test_another_persons_macro_is_not_there(small, ticket, browser_of):
    made = macro(owner=small.rival)
    browser = browser_of(small.agent)
    assert browser.get(place(ticket, made)).status_code == 404
    assert browser.post(place(ticket, made)).status_code == 404
    assert "Solve it" not in browser.get("/macros").text + browser.get(f"/tickets/{ticket.id}/macros").text


def test_who_reads_no_notes_has_no_macros(small, ticket, browser_of):
    made = macro()
    assert browser_of(small.aigul).get(place(ticket, made)).status_code == 403
    assert browser_of(small.expert).get(place(ticket, made)).status_code == 404
    assert browser_of(small.aigul).get("/macros").status_code == 404


def test_what_is_no_step_does_nothing(small, ticket, browser_of):
    """Whatever stands in the table, only the steps of the list are done, with values of the right kind."""
    assert steps.judged({"delete": True, "then": "explode", "assign": True, "tags": ["", 3], "days": -1,
                         "impact": ["high"], "urgency": "high"}) == {"urgency": "high"}
    assert steps.judged(None) == steps.judged([1]) == {}
    made = macro(says="", steps={"delete": True, "urgency": "no such"})
    browser = browser_of(small.agent)
    assert browser.post(place(ticket, made), data=form_on(browser, ticket, made)).status_code == 303
    assert db.session.get(Ticket, ticket.id).urgency == ticket.urgency


def test_it_is_kept_with_its_steps_and_read_again(small, browser_of):
    browser = browser_of(small.agent)
    assert browser.post("/macros/new", data=NEW).status_code == 303
    made = db.session.query(Macro).one()
    assert made.steps == {"assign": "me", "tags": ["toner", "done"], "then": "resolve"}
    page = browser.get(f"/macros/{made.id}").text
    assert "toner, done" in page and "Done, Aigul" in page
    assert browser.post(f"/macros/{made.id}/removal").status_code == 303
    assert db.session.query(Macro).one().is_active is False


def test_what_could_not_be_stored_was_not_done_and_is_not_said_to_be(small, ticket, browser_of):
    word = "0123456789abcdef"
    factories.ticket(small.aigul, small.printer).reply("Elsewhere", small.agent, submission=word)
    db.session.commit()
    made, browser = macro(), browser_of(small.agent)
    sent = form_on(browser, ticket, made) | {"submission": word}
    assert browser.post(place(ticket, made), data=sent).status_code == 409
    assert kinds(ticket) == ["ticket.filed"]


def test_whom_it_names_stays_a_choice_for_who_works_elsewhere(small, browser_of):
    made, boss = macro(steps={"assign": small.agent.id}), browser_of(people.user("boss", administrator=True))
    page = boss.get(f"/macros/{made.id}")
    sent = fields(page.text, f"/macros/{made.id}") | {"names_en": "Otherwise", "is_active": "y"}
    assert sent["assign"] == str(small.agent.id)
    assert boss.post(f"/macros/{made.id}", data=sent | {"assign": str(small.expert.id)}).status_code == 400
    assert boss.post(f"/macros/{made.id}", data=sent).status_code == 303
    assert (made.names, made.steps) == ({"en": "Otherwise"}, {"assign": small.agent.id})


def test_what_was_looked_at_is_saved_as_the_same_macro(small, browser_of):
    """Without scripts, or by the button, the preview is the page drawn anew."""
    made, browser = macro(owner=small.agent), browser_of(small.agent)
    page = browser.get(f"/macros/{made.id}").text
    sent = fields(page, f"/macros/{made.id}") | {"names_en": "Otherwise", "is_active": "y"}
    again = browser.post(re.search(r'formaction="([^"]+)"', page)[1], data=sent)
    assert again.status_code == 200
    assert browser.post(f"/macros/{made.id}", data=fields(again.text, f"/macros/{made.id}")).status_code == 303
    assert [one.names for one in db.session.query(Macro)] == [{"en": "Otherwise"}]


@pytest.mark.parametrize("number", ["77", "-1", "9" * 40])
def test_nothing_is_looked_at_for_a_macro_that_is_not_there(small, browser_of, number):
    made = macro(owner=small.rival)
    for other in (number, made.id):
        assert browser_of(small.agent).post(f"/macros/preview?macro={other}", data=NEW).status_code == 404


@pytest.mark.parametrize("change", [{"says": "", "then": "", "assign": "", "tags": ""}, {"bodies_en": ""},
                                    {"bodies_en": "{nobody}"}, {"reach": "desk"}, {"then": "delete"},
                                    {"assign": "999999"}, {"days": "100000"}, {"template_id": "77"}])
def test_what_makes_no_sense_is_refused(small, browser_of, change):
    answer = browser_of(small.agent).post("/macros/new", data=NEW | change)
    assert answer.status_code == 400 and db.session.query(Macro).count() == 0


def test_who_may_use_a_macro_may_use_its_template(small, browser_of):
    mine, teams = template("mine", owner=small.agent), template("teams", team=small.first)
    shared = NEW | {"reach": f"team:{small.first.id}"}
    browser = browser_of(small.agent)
    assert browser.post("/macros/new", data=shared | {"template_id": str(mine.id)}).status_code == 400
    assert browser.post("/macros/new", data=shared | {"template_id": str(teams.id)}).status_code == 303
    assert db.session.query(ReplyTemplate).count() == 2


def test_the_desks_are_changed_by_administrators_alone(small, browser_of):
    made = macro()
    assert browser_of(small.agent).post(f"/macros/{made.id}/removal").status_code == 403
    boss = browser_of(people.user("boss", administrator=True))
    assert boss.post(f"/macros/{made.id}/removal").status_code == 303
