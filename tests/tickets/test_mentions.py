"""Calling colleagues with @."""

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.core.db import db
from app.core.events import events_of
from app.tickets import actions, mentions
from app.tickets.models import Mention, Message
from tests import factories, people

pytestmark = pytest.mark.slow


@pytest.fixture
def ticket(small):
    return factories.ticket(small.aigul, small.printer)


def called(message):
    names = sa.select(User.name).join(Mention, Mention.user_id == User.id).where(Mention.message_id == message.id)
    return sorted(db.session.scalars(names))


@pytest.mark.parametrize(("body", "names"), [
    ("@rival can you look?", ["Rival"]),
    ("Please, @rival@jardam.example.", ["Rival"]),
    ("(@Rival), see above", ["Rival"]),
    ("@rival, @rival and @RIVAL@jardam.example", ["Rival"]),
    ("see `@rival` and\n\n    @rival\n\nand\n\n```\n@rival\n```", []),
    ("> @rival said so", []),
    ("write to rival@jardam.example", []),
    ("the handle foo@rival or /@rival", []),
    ("@rivals and @riva", []),
    ("**@rival**", ["Rival"]),
    ("@agent talks to @agent", []),
    ("@ rival", []),
    ("@", []),
])
def test_who_is_called(small, ticket, body, names):
    assert called(ticket.note(body, small.agent)) == names


def test_in_a_mail_nothing_is_mark_up_and_what_is_quoted_calls_nobody(small, ticket):
    assert called(ticket.note("`@rival`", small.agent, format="text")) == ["Rival"]
    assert called(ticket.note("> @rival\nyes", small.agent, format="text")) == []


def test_only_who_works_on_it_calls_and_is_called(small, ticket):
    actions.watch(ticket, small.bakyt, small.agent)
    assert called(ticket.receive("@rival hurry", small.aigul)) == []
    assert called(ticket.note("@expert @bakyt @bakyt@jardam.example @nobody", small.agent)) == []
    assert called(ticket.reply("@rival will come", small.agent)) == ["Rival"]


def test_a_confidential_ticket_calls_only_who_is_named_on_it(small):
    small.printer.is_confidential = True
    quiet = factories.ticket(small.aigul, small.printer)
    outsider = people.user("outsider", member=(small.second,))
    message = quiet.note("@rival @outsider", small.agent)
    assert called(message) == ["Rival"]
    assert mentions.warnings(message, quiet, small.agent) == [
        f"{outsider.name} does not work on this ticket, cannot read this, and was not told."]


def test_a_word_that_means_several_people_calls_none_of_them(small, ticket):
    other = people.user("other", member=(small.first,))
    other.email = "rival@elsewhere.example"
    message = ticket.note("@rival", small.agent)
    assert called(message) == []
    assert "several people" in mentions.warnings(message, ticket, small.agent)[0]
    assert called(ticket.note("@rival@elsewhere.example", small.agent)) == ["Other"]
    other.memberships.clear()
    db.session.flush()
    assert called(ticket.note("@rival", small.agent)) == ["Rival"]


def test_it_stands_in_the_history_once(small, ticket):
    lead = people.user("lead", leads=(small.first,))
    ticket.note("@rival and @lead", small.agent)
    (event,) = [one for one in events_of("ticket", ticket.id) if one.kind == "ticket.mentioned"]
    assert event.data["people"] == f"Rival, {lead.name}"


def test_the_page_shows_names_and_says_who_was_not_told(small, ticket, browser_of):
    browser = browser_of(small.agent)
    answer = browser.post(f"/tickets/{ticket.number}/notes", data={"body": "@rival, and @expert; `@rival`"},
                          follow_redirects=True)
    assert "<mark>@Rival</mark>, and @expert; <code>@rival</code>" in answer.text
    assert "Expert does not work on this ticket, cannot read this, and was not told." in answer.text
    assert "<mark>" not in browser_of(small.aigul).get(f"/tickets/{ticket.number}").text


def test_names_are_put_in_safely(small, ticket):
    small.rival.name = "<script>alert(1)</script>"
    message = ticket.note('@rival [x](https://a.example "q > @rival <b onclick=1>")', small.agent)
    html = mentions.names_in([message])(message, mentions.markup.render(message.body))
    assert "<script" not in html
    assert "<b" not in html.replace("&lt;b", "")
    assert "<mark>@&lt;script&gt;alert(1)&lt;/script&gt;</mark>" in html
    assert 'title="q &gt; @rival' in html


def test_a_page_without_calls_asks_nothing_more(small, ticket, statements):
    message = ticket.note("Nothing here", small.agent)
    with statements() as said:
        mentions.names_in([message])
    assert said == []


def test_a_wall_of_signs_is_read_in_no_time(small, ticket):
    for body in ("@a" * 45_000, "@a." * 30_000, "@" * 90_000, "@" + "a.-+" * 22_000, "@a@" * 30_000):
        message = Message(kind="note", body=body, format="text", ticket_id=ticket.id, author_id=small.agent.id)
        mentions.called(message, ticket, small.agent)
