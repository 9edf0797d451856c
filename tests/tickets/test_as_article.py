"""An article from a ticket: the question and the solution at hand, nobody's name, never a note."""

import pytest

from app.core.db import db
from app.kb.models import Article
from app.tickets import articles, as_article
from tests import factories

from .articles import ways

pytestmark = pytest.mark.slow


@pytest.fixture
def ticket(small):
    """Answered twice, noted, solved, thanked for."""
    small.aigul.name, small.aigul.email = "Aigul Toktosunova", "a.toktosunova@jardam.example"
    made = factories.ticket(small.aigul, small.printer, "Paper jam at Aigul's desk",
                            "It jams. Call me: +996 555 123-456. Aigul Toktosunova, a.toktosunova@jardam.example")
    made.take(small.agent)
    made.reply("We look into it.", small.agent)
    made.receive("Please hurry", small.aigul)
    made.note("The master key is under the mat", small.agent)
    made.reply("Dear Aigul, open the rear door of 192.168.10.10.", small.agent)
    made.reply("Then press Resume.", small.agent)
    made.receive("Thanks!", small.aigul)
    made.resolve(small.agent)
    db.session.flush()
    return made


@pytest.fixture
def agent(small, browser_of):
    return browser_of(small.agent)


def written(ticket) -> Article:
    db.session.expire_all()
    return db.session.scalars(db.select(Article)).one()


def test_a_draft_with_question_and_solution(small, agent, ticket):
    answer = agent.post(f"/tickets/{ticket.id}/article")
    article = written(ticket)
    assert answer.location.endswith(f"/kb/{article.slug}/edit")
    assert (article.state, article.visibility, article.language, article.owner) == ("draft", "teams", "en", small.agent)
    assert [named.team for named in article.teams] == [small.first]
    assert ways(ticket) == [(article.slug, "written")]
    body = article.latest.body
    assert body.index("## What you see") < body.index("It jams.") < body.index("## Why it happens")
    assert body.index("## What helps") < body.index("open the rear door") < body.index("Then press Resume.")
    assert "Please hurry" not in body and "look into it" not in body and "Thanks!" not in body


def test_it_names_nobody_and_holds_no_note(agent, ticket):
    agent.post(f"/tickets/{ticket.id}/article")
    text = written(ticket).title + written(ticket).latest.body
    for word in ("Aigul", "Toktosunova", "jardam.example", "555", "mat", "key"):
        assert word not in text, word
    assert "192.168.10.10" in text


def test_who_asks_twice_goes_on_with_the_first(agent, ticket):
    first, second = (agent.post(f"/tickets/{ticket.id}/article").location for _n in range(2))
    assert first == second and written(ticket)


def test_a_confidential_ticket_offers_none(small, agent):
    quiet = factories.request_type("complaint", small.first, is_confidential=True)
    ticket = factories.ticket(small.aigul, quiet)
    ticket.take(small.agent)
    db.session.flush()
    assert "Write an article" not in agent.get(f"/tickets/{ticket.id}/articles").text
    assert agent.post(f"/tickets/{ticket.id}/article").status_code == 403


def test_it_is_offered_once_somebody_works_on_it(small, agent, browser_of):
    ticket = factories.ticket(small.aigul, small.printer)
    assert "Write an article" not in agent.get(f"/tickets/{ticket.id}/articles").text
    ticket.take(small.agent)
    assert "Write an article" in agent.get(f"/tickets/{ticket.id}/articles").text
    assert browser_of(small.aigul).post(f"/tickets/{ticket.id}/article").status_code == 403


def test_the_editor_shows_the_conversation_to_those_who_read_it(small, agent, browser_of, ticket):
    edit = agent.post(f"/tickets/{ticket.id}/article").location
    assert "under the mat" in agent.get(edit).text
    small.expert.is_administrator = False
    article = written(ticket)
    article.visibility = "public"
    page = browser_of(small.expert).get(edit)
    assert page.status_code == 200 and "under the mat" not in page.text and "Please hurry" not in page.text


def test_a_ticket_that_became_confidential_is_shown_no_more(small, ticket):
    article = as_article.begin(ticket, small.agent, ticket.updated_at)
    db.session.flush()
    assert articles.source_of(small.agent, article) is ticket
    ticket.is_confidential = True
    db.session.flush()
    assert articles.source_of(small.rival, article) is None


@pytest.mark.parametrize(("text", "language"), [
    ("The printer does not print", "en"), ("Принтер не печатает", "ru"), ("Принтер иштебей жатат, кагаз өтпөйт", "ky"),
    ("Не работает Outlook 365 после обновления", "ru"), ("", "en"), ("12345", "en"), ("Wi-Fi иштебейт, сөз жок", "ky"),
])
def test_the_language_of_a_text(text, language):
    assert as_article.language_of(text) == language


@pytest.mark.parametrize(("text", "left"), [
    ("Звоните Айгүл Токтосуновой, она у Токтосуновых", "Звоните […], она у […]"),
    ("айгүлдүн компьютери", "[…] компьютери"), ("AIGUL's desk", "[…]'s desk"), ("Айгүл Токтосунова тел. 0555 12 34 56",
                                                                                "[…] тел. […]"),
    ("mailto:aigul@x.example, (996) 312-66-00-11", "[…], […]"), ("+996555123456", "[…]"),
    ("10.0.0.138 and 192.168.100.200", None), ("2026-11-22 10:15", None), ("22.11.2026", None), ("0x80070005", None),
    ("KB5034441", None), ("version 10.0.19045", None), ("room 214, port 8080", None), ("12345", None),
])
def test_what_is_left_out(small, text, left):
    small.aigul.name, small.aigul.email = "Айгүл Токтосунова", "aigul@x.example"
    assert as_article.without([small.aigul], text) == (text if left is None else left)


def test_a_short_name_takes_no_other_word_along(small):
    small.aigul.name, small.aigul.email = "Ян Ли", "y@x.example"
    assert as_article.without([small.aigul], "Ли: или, лист, Ян, январь") == "[…]: или, лист, […], январь"
