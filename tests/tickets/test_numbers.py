"""# and a number in a message leads to the ticket, for readers who may see it; nobody else learns that it is there."""

import re

import pytest

from app.core.db import db
from tests import factories, people

pytestmark = pytest.mark.slow


@pytest.fixture
def ticket(small):
    return factories.ticket(small.aigul, small.printer)


@pytest.fixture
def other(small):
    return factories.ticket(small.bakyt, small.printer)


def said(browser, ticket) -> str:
    """The newest message as it is drawn."""
    page = browser.get(f"/tickets/{ticket.number}").text
    return re.findall(r'<div class="body prose[^"]*">(.*?)</div>', page, re.DOTALL)[-1]


def leads_to(drawn: str) -> list[str]:
    return re.findall(r'<a href="(/tickets/\d+)"[^>]*>#\d+</a>', drawn)


def test_it_is_a_link_for_who_sees_the_ticket_and_words_for_who_does_not(small, ticket, other, browser_of):
    ticket.reply(f"The same as #{other.number}, and as #999999.", small.agent)
    db.session.commit()
    drawn = said(browser_of(small.agent), ticket)
    assert leads_to(drawn) == [f"/tickets/{other.number}"] and "#999999" in drawn
    plain = said(browser_of(small.aigul), ticket)
    assert leads_to(plain) == [] and f"as #{other.number}, and as #999999." in plain


def test_a_requester_follows_a_number_to_a_request_of_their_own(small, ticket, browser_of):
    mine = factories.ticket(small.aigul, small.printer)
    ticket.reply(f"See #{mine.number}", small.agent)
    db.session.commit()
    assert leads_to(said(browser_of(small.aigul), ticket)) == [f"/tickets/{mine.number}"]


def test_a_confidential_ticket_stays_words_even_for_an_administrator(small, ticket, browser_of):
    root = people.user("root", administrator=True)
    small.printer.is_confidential = True
    secret = factories.ticket(small.bakyt, small.printer)
    ticket.note(f"#{secret.number}", small.agent)
    db.session.commit()
    drawn = said(browser_of(root), ticket)
    assert leads_to(drawn) == [] and f"#{secret.number}" in drawn


@pytest.mark.parametrize("body", [
    "`#{n}`", "```\n#{n}\n```", "[#{n}](https://example.org)", "https://example.org/#{n}", "a#{n}", "##{n}", "#{n}a",
    "#0{n}", "&#{n};", "#{n}" + "0" * 20,
])
def test_what_only_looks_like_one_stays_as_it_is(small, ticket, other, browser_of, body):
    ticket.note(body.replace("{n}", str(other.number)), small.agent)
    db.session.commit()
    assert leads_to(said(browser_of(small.agent), ticket)) == []


@pytest.mark.parametrize("body", ["#{n}", "(#{n})", "**#{n}**, then", "> #{n}", "- #{n}", "see\n#{n}!", "@rival #{n}",
                                  '"#{n}" <b onclick=x>'])
@pytest.mark.parametrize("way", ["markdown", "text"])
def test_where_it_stands_in_a_sentence_does_not_matter(small, ticket, other, browser_of, body, way):
    ticket.note(body.replace("{n}", str(other.number)), small.agent, format=way)
    db.session.commit()
    drawn = said(browser_of(small.agent), ticket)
    assert leads_to(drawn) == [f"/tickets/{other.number}"]
    assert "<b" not in drawn.replace("<br", "").replace("<blockquote", "")


def test_a_page_asks_once_however_many_numbers_it_holds(small, ticket, browser_of, statements):
    agent, others = browser_of(small.agent), [factories.ticket(small.bakyt, small.printer) for _n in range(4)]
    ticket.note("no number", small.agent)
    db.session.commit()
    agent.get(f"/tickets/{ticket.number}")
    with statements() as without:
        agent.get(f"/tickets/{ticket.number}")
    for n in range(2):
        ticket.note(" ".join(f"#{one.number}" for one in others) + f" #{n + 700}", small.agent)
    db.session.commit()
    with statements() as with_numbers:
        page = agent.get(f"/tickets/{ticket.number}").text
    assert len(leads_to(page)) == 8
    assert len(with_numbers) == len(without) + 1
