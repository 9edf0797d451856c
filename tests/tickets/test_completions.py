"""What may be chosen from while somebody writes: filled templates, articles, colleagues, tickets, each as far as the
writer may see it."""

import html
import re
from datetime import UTC, datetime

import pytest

from app.core import registries
from app.core.db import db
from app.tickets.templating.models import ReplyTemplate
from tests import factories, people
from tests.tickets.test_reply_templates import template


@pytest.fixture
def ticket(small):
    return factories.ticket(small.aigul, small.printer, subject="Paper jam")


def lines(browser, ticket, kind, words="", place="reply"):
    answer = browser.get(f"/tickets/{ticket.id}/completions", query_string={"kind": kind, "q": words, "in": place})
    assert answer.status_code == 200
    return [html.unescape(text) for text in re.findall(r'data-text="([^"]*)"', answer.text)]


def test_templates_come_filled_in_the_requesters_language_and_then_in_the_others(small, ticket, browser_of):
    small.aigul.language = "ru"
    template("hi", en="Hello {requester.first_name}", ru="Здравствуйте, {requester.first_name}")
    browser = browser_of(small.agent)
    assert lines(browser, ticket, "template", "hi") == ["Здравствуйте, Aigul", "Hello Aigul"]
    assert lines(browser, ticket, "template", "hi", "note") == ["Hello Aigul", "Здравствуйте, Aigul"]
    assert lines(browser, ticket, "template", "рш") == ["Здравствуйте, Aigul", "Hello Aigul"]


def test_of_many_templates_each_comes_once(small, ticket, browser_of):
    for number in range(5):
        template(f"a{number}", en="Words", ru="Слова")
    assert lines(browser_of(small.agent), ticket, "template", "a") == ["Words"] * 5


def test_a_template_with_no_words_in_the_requesters_language_says_others(small, ticket, browser_of):
    small.aigul.language = "ky"
    template("hi", ru="Привет")
    assert lines(browser_of(small.agent), ticket, "template", "hi") == ["Привет"]


def test_the_use_is_counted_once_per_word_from_the_page(small, ticket, browser_of):
    made = template("hi")
    browser = browser_of(small.agent)
    assert browser.post(f"/reply-templates/{made.id}/uses").status_code == 204
    assert db.session.get(ReplyTemplate, made.id).used_count == 1


def test_a_note_calls_colleagues_who_work_on_it_and_a_reply_nobody(small, ticket, browser_of):
    people.user("rita", member=(small.second,))
    people.user("rustam", member=(small.first,))
    browser = browser_of(small.agent)
    assert lines(browser, ticket, "person", "r", "note") == ["@rival ", "@rustam "]
    assert lines(browser, ticket, "person", "кг", "note") == ["@rustam "]
    assert lines(browser, ticket, "person", "r") == []
    assert lines(browser, ticket, "person", "agent", "note") == []


def test_on_a_confidential_ticket_only_who_is_named_is_called(small, ticket, browser_of):
    ticket.is_confidential, ticket.assignee_id = True, small.agent.id
    assert lines(browser_of(small.agent), ticket, "person", "rival", "note") == []


def test_tickets_are_those_one_sees_by_number_or_words(small, ticket, browser_of):
    mine = factories.ticket(small.bakyt, small.printer, subject="Toner is empty")
    hidden = factories.ticket(small.bakyt, small.printer, subject="Toner of others")
    hidden.team_id = small.second.id
    same = factories.ticket(small.aigul, small.printer, subject="Before")
    browser = browser_of(small.agent)
    assert lines(browser, ticket, "ticket", "toner") == [f"#{mine.id}"]
    assert lines(browser, ticket, "ticket", str(mine.id)) == [f"#{mine.id}"]
    assert lines(browser, ticket, "ticket", str(hidden.id)) == []
    assert lines(browser, ticket, "ticket") == [f"#{same.id}"]


def test_an_unknown_kind_and_long_words_find_nothing(small, ticket, browser_of):
    browser = browser_of(small.agent)
    assert lines(browser, ticket, "rubbish") == lines(browser, ticket, "ticket", "9" * 500) == []


def test_who_is_no_staff_of_the_ticket_gets_nothing(small, ticket, browser_of):
    template("hi")
    assert browser_of(small.aigul).get(f"/tickets/{ticket.id}/completions?kind=template").status_code == 403
    assert browser_of(small.expert).get(f"/tickets/{ticket.id}/completions?kind=template").status_code == 404


def test_the_page_of_the_ticket_asks_for_none_of_it(small, ticket, browser_of, statements):
    template("hi")
    with statements() as said:
        page = browser_of(small.agent).get(f"/tickets/{ticket.id}")
    assert "data-expand" in page.text
    assert not [one for one in said if "reply_templates" in one or "macros" in one]


def test_without_scripts_the_words_go_behind_what_was_typed(small, ticket, browser_of):
    made = template("hi", en="Hello {requester.first_name}", ru="Привет, {requester.first_name}")
    browser = browser_of(small.agent)
    typed = {"body": "First of all:", "then": "resolve", "submission": "a" * 32, "seen_message_id": "1"}
    page = browser.post(f"/tickets/{ticket.id}/reply-templates", data=typed)
    assert page.status_code == 200 and 'value="First of all:"' in page.text and "Hello Aigul" in page.text
    back = browser.post(f"/tickets/{ticket.id}/reply-templates", data=typed | {"template": f"{made.id}.ru"})
    assert "First of all:\n\nПривет, Aigul</textarea>" in back.text
    assert 'value="resolve" checked' in back.text and f'name="submission" value="{"a" * 32}"' in back.text
    assert len(ticket.messages) == 1


def test_without_scripts_no_other_persons_template_is_taken(small, ticket, browser_of):
    theirs = template("secret", owner=small.rival, en="Theirs alone")
    answer = browser_of(small.agent).post(f"/tickets/{ticket.id}/reply-templates", data={"template": str(theirs.id)})
    assert answer.status_code == 404 and "Theirs alone" not in answer.text


def test_a_promise_is_said_in_the_requesters_own_time_and_language(small, ticket, browser_of, monkeypatch):
    small.aigul.language, small.aigul.time_zone = "ru", "Asia/Tokyo"
    moment = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
    monkeypatch.setattr(registries, "PROMISED", [lambda ticket, now: None, lambda ticket, now: moment])
    template("by", ru="до {promise}")
    assert lines(browser_of(small.agent), ticket, "template", "by") == ["до 24.11.2026, 05:30"]
