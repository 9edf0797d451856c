"""Articles beside the reply: suggested for the conversation, inserted, linked, sent with care, named as a solution."""

import re

import pytest

from app.core.db import db
from app.tickets.models import Message, Ticket
from tests import factories, people

from .articles import article, searches, ways

pytestmark = pytest.mark.slow


@pytest.fixture
def paper(small):
    return article("Paper jam", "Open the rear door.")


@pytest.fixture
def ticket(small):
    return factories.ticket(small.aigul, small.printer, "Paper jam again", "The rear door is stuck.")


@pytest.fixture
def agent(small, browser_of):
    return browser_of(small.agent)


def piece(browser, ticket, **asked) -> str:
    return browser.get(f"/tickets/{ticket.id}/articles", query_string={"piece": "1", **asked}).text


def test_what_fits_the_conversation_stands_beside_it(agent, ticket, paper):
    text = piece(agent, ticket)
    assert "/kb/paper-jam" in text and "Insert link" in text and "<html" not in text
    assert searches() == [], "what was said is not written into the log"


def test_without_scripts_it_is_a_page(agent, ticket, paper):
    page = agent.get(f"/tickets/{ticket.id}/articles").text
    assert "<html" in page and "/kb/paper-jam" in page
    assert f'href="/tickets/{ticket.id}/articles"' in agent.get(f"/tickets/{ticket.id}").text


def test_what_is_typed_is_searched_and_remembered(agent, ticket, paper):
    article("Toner", "Black.")
    text = piece(agent, ticket, q="toner")
    assert "/kb/toner" in text and "/kb/paper-jam" not in text
    assert [(one.place, one.words) for one in searches()] == [("ticket", "toner")]


def test_on_a_confidential_ticket_nothing_is_remembered(small, agent, paper):
    quiet = factories.request_type("complaint", small.first, is_confidential=True)
    ticket = factories.ticket(small.aigul, quiet, "Paper jam")
    assert "/kb/paper-jam" in piece(agent, ticket, q="paper")
    assert searches() == []


def test_what_the_requester_may_not_read_is_offered_for_the_agent_alone(small, agent, ticket):
    article("Paper jam", "Master key", visibility="teams", teams=[small.first])
    text = piece(agent, ticket)
    assert "/kb/paper-jam" in text and "Only for you" in text and "Insert" not in text
    for part in ("link", "text"):
        assert agent.get(f"/tickets/{ticket.id}/articles/paper-jam/{part}").status_code == 403


def test_an_agent_is_offered_only_what_they_may_read(small, agent, ticket):
    article("Paper jam", visibility="teams", teams=[small.second])
    assert "paper-jam" not in piece(agent, ticket) and "paper-jam" not in piece(agent, ticket, q="paper jam")
    assert agent.get(f"/tickets/{ticket.id}/articles/paper-jam/link").status_code == 404
    assert agent.post(f"/tickets/{ticket.id}/articles", data={"article": "paper-jam"}).status_code == 404


@pytest.mark.parametrize("who", ["aigul", "bakyt"])
def test_it_is_for_the_staff(small, browser_of, ticket, paper, who):
    status = {"aigul": 403, "bakyt": 404}[who]
    assert browser_of(getattr(small, who)).get(f"/tickets/{ticket.id}/articles").status_code == status


def test_the_words_for_a_reply(small, agent, ticket):
    body = "Look:\n\n::: tip\nCalm.\n:::\n\n![Door](/kb/files/3) and [more](/kb/toner)"
    article("Paper [jam]", body)
    base = agent.application.config["BASE_URL"]
    link = agent.get(f"/tickets/{ticket.id}/articles/paper-jam/link")
    assert (link.mimetype, link.text) == ("text/plain", rf"[Paper \[jam\]]({base}/kb/paper-jam)")
    text = agent.get(f"/tickets/{ticket.id}/articles/paper-jam/text").text
    assert text == f"Look:\n\nCalm.\n\n[Door]({base}/kb/files/3) and [more]({base}/kb/toner)\n\n{link.text}"


def test_a_reply_with_a_link_keeps_what_was_sent(agent, ticket, paper):
    agent.post(f"/tickets/{ticket.id}/replies", data={"body": "See /kb/paper-jam"})
    assert ways(ticket) == [("paper-jam", "sent")]
    assert "sent" in piece(agent, ticket)


def test_a_link_that_cannot_be_opened_is_warned_of_and_sent_only_if_meant(small, agent, ticket):
    article("Paper jam", visibility="teams", teams=[small.first])
    body = "Please read /kb/paper-jam"
    warned = agent.post(f"/tickets/{ticket.id}/replies", data={"body": body})
    assert warned.status_code == 400
    assert body in warned.text and "can open /kb/paper-jam" in warned.text and 'name="anyway"' in warned.text
    assert db.session.scalar(db.select(db.func.count(Message.id)).where(Message.kind == "reply")) == 0
    sent = agent.post(f"/tickets/{ticket.id}/replies", data={"body": body, "anyway": "y"})
    assert sent.status_code == 303 and ways(ticket) == [("paper-jam", "sent")]


def test_a_warning_does_not_tell_a_secret_article_from_none(small, agent, ticket):
    article("Secret", visibility="teams", teams=[small.second])
    secret, nothing = (agent.post(f"/tickets/{ticket.id}/replies", data={"body": f"/kb/{slug}"}).text
                       for slug in ("secret", "absent"))
    said = [re.search(r"not everybody[^<]*", text)[0] for text in (secret, nothing)]
    assert said[0].replace("secret", "absent") == said[1]
    agent.post(f"/tickets/{ticket.id}/replies", data={"body": "/kb/secret", "anyway": "y"})
    assert ways(ticket) == []


def test_notes_may_name_what_they_like(agent, ticket):
    article("Paper jam", visibility="staff")
    assert agent.post(f"/tickets/{ticket.id}/notes", data={"body": "/kb/absent"}).status_code == 303


def test_linking_and_unlinking(agent, ticket, paper):
    here = f"/tickets/{ticket.id}/articles"
    assert agent.post(here, data={"article": "paper-jam"}).status_code == 303
    assert "linked" in piece(agent, ticket) and "removal" in piece(agent, ticket)
    assert agent.post(f"{here}/paper-jam/removal").status_code == 303
    assert ways(ticket) == []


def test_resolving_may_name_the_article_that_solved_it(agent, ticket, paper):
    agent.post(f"/tickets/{ticket.id}/resolution", data={"article": "paper-jam"})
    assert db.session.get(Ticket, ticket.id).status == "resolved" and ways(ticket) == [("paper-jam", "solved")]
    assert agent.post(f"/tickets/{ticket.id}/resolution", data={"article": "absent"}).status_code == 404


def test_the_page_asks_a_fixed_number_of_questions(small, agent, paper, statements):
    few, many = (factories.ticket(small.aigul, small.printer, "Paper jam") for _n in range(2))
    for n in range(12):
        agent.post(f"/tickets/{many.id}/articles", data={"article": article(f"Door {n}").slug})
    addresses, counts = [f"/tickets/{ticket.id}/articles?piece=1" for ticket in (few, many)], []
    for address in addresses:
        db.session.commit()
        db.session.remove()
        with statements() as said:
            agent.get(address)
        counts.append(len(said))
    assert counts[1] - counts[0] <= 1 and max(counts) <= 24, counts


def test_the_page_of_an_article_says_where_it_was_used(small, agent, ticket, paper):
    agent.post(f"/tickets/{ticket.id}/replies", data={"body": "See /kb/paper-jam"})
    assert f"/tickets/{ticket.id}" in agent.get("/kb/paper-jam").text


def test_no_reader_is_told_on_which_tickets_it_was_used(small, agent, browser_of, ticket, paper):
    agent.post(f"/tickets/{ticket.id}/replies", data={"body": "See /kb/paper-jam"})
    for who in (small.aigul, small.bakyt, people.user("customer", customer=True)):
        assert f"/tickets/{ticket.id}" not in browser_of(who).get("/kb/paper-jam").text
