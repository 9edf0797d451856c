"""The check before a reply leaves: asked for by the page, shown once, switched off by whom it bothers."""

import io

import pytest

from app.core.db import db
from app.tickets.models import Message, ReplyChecklistItem
from app.tickets.sending import checks
from tests import factories, people
from tests.experiments.forms import fields

from .conftest import outgoing, replies

pytestmark = pytest.mark.slow

WRONG = "Hello {name}, we will come tomorrow."


def composer(ticket, text) -> dict[str, str]:
    return fields(text, f"/tickets/{ticket.id}/replies")


def test_what_is_grave_is_shown_once_and_then_sent(small, ticket, browser_of, press):
    agent = browser_of(small.agent)
    asked = press(agent, WRONG)
    assert asked.status_code == 409
    assert "A place is not filled in yet." in asked.text and "{name}" in asked.text and "Send it anyway" in asked.text
    assert replies() == [] and outgoing() == []
    form = composer(ticket, asked.text)
    assert form["body"].strip() == WRONG
    assert agent.post(f"/tickets/{ticket.id}/replies", data=form).status_code == 303
    assert outgoing()[0].body == WRONG


def test_another_fault_is_shown_too_but_none_twice(small, ticket, browser_of, press):
    agent = browser_of(small.agent)
    form = composer(ticket, press(agent, WRONG).text) | {"body": "Hello {name}, your password: Abc12345"}
    second = agent.post(f"/tickets/{ticket.id}/replies", data=form)
    assert second.status_code == 409 and "looks like a password" in second.text
    third = agent.post(f"/tickets/{ticket.id}/replies", data=composer(ticket, second.text))
    assert third.status_code == 303


def test_what_is_not_grave_holds_nothing_up(small, ticket, browser_of, press):
    vague = ("Thank you for your message. Your request has been received and has been registered in our system. "
             "It is very important to us.")
    assert press(browser_of(small.agent), vague).status_code == 303


def test_a_form_that_does_not_ask_is_not_checked(small, ticket, browser_of):
    sent = browser_of(small.agent).post(f"/tickets/{ticket.id}/replies", data={"body": WRONG})
    assert sent.status_code == 303 and len(replies()) == 1


def look(browser, ticket, body, **about):
    return browser.post(f"/tickets/{ticket.id}/reply-check", data={"body": body, **about})


def test_the_check_while_typing_writes_nothing(small, ticket, browser_of, statements):
    agent = browser_of(small.agent)
    with statements() as said:
        found = look(agent, ticket, WRONG)
    assert found.status_code == 200 and "A place is not filled in yet." in found.text and "<html" not in found.text
    assert not [one for one in said if one.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert "<li" not in look(agent, ticket, "We will come tomorrow.").text
    assert look(agent, ticket, "").text.strip() == ""


def test_only_who_replies_may_ask(small, ticket, browser_of):
    assert [look(browser_of(person), ticket, WRONG).status_code for person in (small.aigul, small.expert)] == [403, 404]


def test_a_file_makes_the_announcement_true(small, ticket, browser_of, press):
    agent, words = browser_of(small.agent), "Please find attached the form."
    assert press(agent, words).status_code == 409
    assert press(agent, words, files=[(io.BytesIO(b"x"), "form.pdf")]).status_code == 303
    assert "none is attached" not in look(agent, ticket, words, has_files="1").text


def test_the_language_is_the_requesters(small, ticket, browser_of):
    agent = browser_of(small.agent)
    russian = "Здравствуйте! Мы проверим принтер сегодня после обеда и сразу вам напишем."
    assert "requester&#39;s language" in look(agent, ticket, russian).text
    db.session.add(Message(ticket_id=ticket.id, kind="incoming", author_id=small.aigul.id, created_at=ticket.filed_at,
                           body="Здравствуйте, принтер не работает, посмотрите пожалуйста сегодня."))
    assert "requester&#39;s language" not in look(agent, ticket, russian).text


def test_only_names_of_people_are_taken_for_names(small, ticket, browser_of):
    agent = browser_of(small.agent)
    assert "This greets Bakyt, but Aigul asked." in look(agent, ticket, "Hello Bakyt, please come by today.").text
    assert "This greets" not in look(agent, ticket, "Hello Printer, please come by today.").text
    assert "This greets" not in look(agent, ticket, "Здравствуйте, Айгуль! Приходите сегодня.").text


def test_links_to_what_the_requester_cannot_open_are_found(small, ticket, browser_of):
    foreign = factories.ticket(small.bakyt, small.printer)
    note = ticket.note("For us", small.agent)
    own = factories.ticket(small.aigul, small.printer)
    db.session.commit()
    agent, words = browser_of(small.agent), "can open what the link leads to"
    for path in (f"/tickets/{foreign.id}", f"/tickets/{ticket.id}#m{note.id}", "/tickets/999999",
                 f"/tickets/{'9' * 18}"):
        assert words in look(agent, ticket, f"Please see {path} today.").text, path
    for path in (f"/tickets/{own.id}", f"/tickets/{ticket.id}"):
        assert words not in look(agent, ticket, f"Please see {path} today.").text, path


def test_whoever_answers_too_is_named(small, ticket, browser_of, press):
    press(browser_of(small.agent))
    asked = press(browser_of(small.rival))
    assert asked.status_code == 409 and "A reply of Agent is going out at this moment." in asked.text


def test_each_check_can_be_switched_off_by_oneself(small, ticket, browser_of, press):
    agent = browser_of(small.agent)
    wanted = [name for name in checks.NAMES if name != "placeholder"]
    saved = agent.post("/profile/sending", data={"undo_seconds": "20", "wanted": wanted})
    assert saved.status_code == 303
    assert (small.agent.undo_seconds, small.agent.checks_off) == (20, ["placeholder"])
    assert press(agent, WRONG).status_code == 303
    assert "A place is not filled in yet." in look(browser_of(small.rival), ticket, WRONG).text


@pytest.mark.parametrize("form", [{"undo_seconds": "7"}, {"undo_seconds": "many"},
                                  {"undo_seconds": "5", "wanted": "all"}])
def test_odd_choices_are_refused(small, ticket, browser_of, form):
    assert browser_of(small.agent).post("/profile/sending", data=form).status_code == 400
    assert small.agent.undo_seconds == 10


def test_employees_have_no_such_page(small, ticket, browser_of):
    assert browser_of(small.aigul).get("/profile/sending").status_code == 404


@pytest.fixture
def lead(small):
    made = people.user("lead", leads=(small.first,))
    db.session.commit()
    return made


def test_a_team_has_its_own_list_of_what_is_good(small, ticket, browser_of, lead):
    leading, here = browser_of(lead), f"/tickets/{ticket.id}"
    assert "It says what happens next, and when." in browser_of(small.agent).get(here).text
    saved = leading.post("/teams/service-desk/reply-checklist", data={
        "points_en": "By name\n\nWarmly", "points_ru": "По имени"})
    assert saved.status_code == 303
    text = browser_of(small.agent).get(here).text
    assert "By name" in text and "Warmly" in text and "what happens next" not in text
    small.agent.language = "ru"
    assert "По имени" in browser_of(small.agent).get(here).text
    edit = leading.get("/teams/service-desk/reply-checklist").text
    assert "By name" in edit and "По имени" in edit


def test_an_empty_or_standard_list_is_none_of_its_own(small, ticket, browser_of, lead):
    leading = browser_of(lead)
    for form in ({"points_en": "Mine"}, fields(leading.get("/teams/service-desk/reply-checklist").text,
                                               "/teams/service-desk/reply-checklist"), {"points_en": " \n "}):
        assert leading.post("/teams/service-desk/reply-checklist", data=form).status_code == 303
        kept = db.session.query(ReplyChecklistItem).count()
        assert kept == (1 if form == {"points_en": "Mine"} else 0)


def test_only_leads_and_administrators_change_the_list(small, ticket, browser_of, lead):
    path = "/teams/service-desk/reply-checklist"
    admin = people.user("boss", administrator=True)
    db.session.commit()
    assert browser_of(admin).get(path).status_code == 200
    assert [browser_of(person).get(path).status_code for person in (small.agent, small.aigul)] == [404, 404]
    assert browser_of(lead).get("/teams/network/reply-checklist").status_code == 404
    assert browser_of(lead).get("/teams/nonsense/reply-checklist").status_code == 404


@pytest.mark.parametrize("points", ["x\n" * 13, "x" * 201, "y" * 5000])
def test_a_list_has_its_bounds(small, ticket, browser_of, lead, points):
    answer = browser_of(lead).post("/teams/service-desk/reply-checklist", data={"points_en": points})
    assert answer.status_code == 400 and points.strip()[:100] in answer.text


def test_nobody_learns_from_the_check_what_was_asked_in_confidence(small, ticket, browser_of):
    """Of a ticket the writer may not see it says the same, whether or not this requester has asked for it."""
    injury = factories.request_type("injury", small.second, is_confidential=True)
    theirs, others = (factories.ticket(who, injury) for who in (small.aigul, small.bakyt))
    told = [look(browser_of(small.agent), ticket, f"See /tickets/{number}, please.").text.replace(str(number), "N")
            for number in (theirs.id, others.id, 999_999)]
    assert told[0] == told[1] == told[2] and "Not everybody who gets this" in told[0]


def test_of_very_many_links_only_the_first_are_asked_about(small, ticket, browser_of, statements):
    with statements() as few:
        look(browser_of(small.agent), ticket, " ".join(f"/tickets/{ticket.id}" for _ in range(50)))
    with statements() as many:
        look(browser_of(small.agent), ticket, " ".join(f"/tickets/{ticket.id}" for _ in range(5000)))
    assert len(many) == len(few)
