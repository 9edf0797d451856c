"""The box in which people ask: what is said is filed under what it is taken as, and nothing typed is lost."""

import re

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.tickets.asking import learning
from app.tickets.models import Ticket, TypeWord
from tests import factories, people
from tests.tickets.articles import searches

from .conftest import question

pytestmark = pytest.mark.slow
HX = {"HX-Request": "true"}


def tickets() -> list[Ticket]:
    return list(db.session.scalars(sa.select(Ticket).order_by(Ticket.id)))


def file(browser, subject, **form):
    return browser.post("/tickets", data={"subject": subject, "at": "ask", **form})


def piece(browser, subject, **form):
    return browser.post("/tickets/new", data={"subject": subject, "at": "ask", **form}, headers=HX)


def test_a_subject_alone_files_a_request(kinds, browser_of):
    answer = file(browser_of(kinds.aigul), "The printer is broken")
    [ticket] = tickets()
    assert answer.location == f"/tickets/{ticket.number}"
    assert (ticket.request_type, ticket.requester, ticket.filed_by) == (kinds.printer, kinds.aigul, None)
    assert [message.body for message in ticket.messages] == ["The printer is broken"]
    assert (ticket.impact, ticket.urgency) == (kinds.printer.impact, kinds.printer.urgency)


def test_it_is_said_what_it_was_taken_as(kinds, browser_of):
    aigul = browser_of(kinds.aigul)
    page = aigul.get(file(aigul, "The printer is broken").location).text
    assert "We took it as “printer”" in page
    chosen = aigul.get(file(aigul, "Anything", request_type="printer").location).text
    assert "has been filed" in chosen and "We took it as" not in chosen


def test_words_that_say_nothing_go_to_the_general_questions(kinds, browser_of):
    file(browser_of(kinds.aigul), "Please help")
    assert tickets()[0].request_type == kinds.general


def test_where_nothing_is_general_it_is_asked(small, browser_of):
    small.printer.fields = [question("room")]
    db.session.commit()
    answer = file(browser_of(small.aigul), "Please help", body="Remember me")
    assert answer.status_code == 400 and tickets() == []
    assert "please choose" in answer.text and "Remember me" in answer.text and 'value="Please help"' in answer.text


def test_what_the_guessed_kind_must_know_is_asked_for_and_everything_kept(kinds, browser_of):
    aigul = browser_of(kinds.aigul)
    answer = file(aigul, "The network is down", body="Remember me", submission="0123456789abcdef")
    assert answer.status_code == 400 and tickets() == []
    assert 'name="field_room"' in answer.text and "One answer is still needed" in answer.text
    assert "Remember me" in answer.text and 'value="The network is down"' in answer.text
    assert "0123456789abcdef" in answer.text and "things need your attention" not in answer.text
    again = file(aigul, "The network is down", body="Remember me", guessed="network", field_room="")
    assert again.status_code == 400 and 'class="error-summary"' in again.text
    file(aigul, "The network is down", body="Remember me", guessed="network", field_room="B-214")
    assert (tickets()[0].request_type, tickets()[0].fields) == (kinds.network, {"room": "B-214"})


def test_answers_given_are_not_thrown_away_by_more_words(kinds, browser_of):
    file(browser_of(kinds.aigul), "The printer printer", guessed="network", field_room="B-214")
    assert (tickets()[0].request_type, tickets()[0].fields) == (kinds.network, {"room": "B-214"})


def test_an_unsure_guess_offers_three_and_files_what_is_chosen(kinds, browser_of):
    aigul = browser_of(kinds.aigul)
    words = "network printer complaint"
    answer = file(aigul, words)
    assert answer.status_code == 400 and tickets() == []
    offered = re.findall(r'name="take_as" value="([\w-]+)"', answer.text)
    assert len(offered) == 3 and "general" in offered
    file(aigul, words, take_as="general")
    assert tickets()[0].request_type == kinds.general


def test_a_confidential_kind_is_offered_and_never_taken_silently(kinds, browser_of):
    aigul = browser_of(kinds.aigul)
    answer = file(aigul, "A complaint")
    assert answer.status_code == 400 and tickets() == [] and 'value="complaint"' in answer.text
    page = piece(aigul, "A complaint", take_as="complaint").text
    assert "Confidential: only you and these will see it: Service-Desk" in page
    file(aigul, "A complaint", take_as="complaint")
    assert tickets()[0].is_confidential


def test_beside_a_sure_guess_it_says_who_would_read_it_in_confidence(kinds, browser_of):
    aigul = browser_of(kinds.aigul)
    db.session.add_all([TypeWord(term=term, request_type_id=kinds.printer.id, tickets=9) for term in ("toner", "")])
    db.session.commit()
    page = piece(aigul, "toner printer complaint").text
    assert "It is confidential: “complaint”" in page and "Service-Desk" in page
    file(aigul, "toner printer complaint", take_as="complaint")
    assert tickets()[0].request_type == kinds.complaint


def test_while_typing_only_what_changes_is_drawn(kinds, browser_of):
    aigul = browser_of(kinds.aigul)
    page = piece(aigul, "The network").text
    assert "<html" not in page and "network" in page and 'name="field_room"' in page
    state = re.search(r'name="state" value="([^"]*)"', page)[1]
    again = piece(aigul, "The network again", state=state)
    assert (again.status_code, again.text) == (204, "")
    assert piece(aigul, "The printer", state=state).status_code == 200


def test_without_scripts_it_shows_what_it_would_be_taken_as(kinds, browser_of):
    page = browser_of(kinds.aigul).post("/tickets/new", data={"subject": "The network", "body": "Remember me"})
    assert page.status_code == 200 and "<html" in page.text and "Remember me" in page.text
    assert 'name="field_room"' in page.text and tickets() == []


def test_of_what_may_be_confidential_no_words_are_remembered(kinds, browser_of):
    aigul = browser_of(kinds.aigul)
    aigul.get("/tickets/suggestions", query_string={"q": "A complaint of mine"})
    assert searches() == []
    aigul.get("/tickets/suggestions", query_string={"q": "The printer of mine"})
    assert [one.words for one in searches()] == ["The printer of mine"]


def test_an_agent_asks_like_everybody_and_the_kind_says_how_grave_it_is(kinds, browser_of):
    kinds.printer.impact = kinds.printer.urgency = "high"
    db.session.commit()
    file(browser_of(kinds.agent), "The printer is broken")
    assert (tickets()[0].requester, tickets()[0].priority) == (kinds.agent, "P1")


def test_what_people_file_is_learnt(kinds, browser_of):
    for person in (kinds.aigul, kinds.bakyt):
        factories.ticket(person, kinds.network, subject="Torrent of Asanov is slow")
    for person in (kinds.aigul, kinds.bakyt):
        factories.ticket(person, kinds.complaint, subject="Sensitive")
    factories.ticket(kinds.aigul, kinds.network, subject="Secretword")
    db.session.commit()
    assert learning.learn(clock.now()) > 0
    db.session.commit()
    terms = set(db.session.scalars(sa.select(TypeWord.term)))
    assert "torrent" in terms and "sensit" not in terms and "secretword" not in terms
    assert "network" in piece(browser_of(kinds.aigul), "torrent").text
    assert learning.learn(clock.now()) == len(terms), "learning again learns the same"


@pytest.mark.parametrize("words", ["x" * 5000, "<script>alert(1)</script>", "\r\nBcc: all", "????", "Кагаз түгөндү 😀",
                                   "ПРИНТЕР НЕ ПЕЧАТАЕТ", "'; DROP TABLE tickets; --", "a\0b"])
def test_odd_words_do_no_harm(kinds, browser_of, words):
    aigul = browser_of(kinds.aigul)
    for answer in (piece(aigul, words), file(aigul, words), piece(aigul, "x", state=words, guessed=words, at=words),
                   file(aigul, "printer", at=words, guessed=words, field_x=words)):
        assert answer.status_code in (200, 204, 303, 400) and "<script>alert" not in answer.text


@pytest.mark.parametrize("choice", [{"request_type": "nonsense"}, {"take_as": "nonsense"}])
def test_what_is_not_on_offer_does_not_exist(kinds, browser_of, choice):
    assert file(browser_of(kinds.aigul), "printer", **choice).status_code == 404
    assert piece(browser_of(kinds.aigul), "printer", **choice).status_code == 404


def test_the_box_costs_the_same_however_many_tickets_there_are(kinds, browser_of, statements):
    aigul = browser_of(kinds.aigul)

    def cost() -> int:
        db.session.commit()
        with statements() as said:
            piece(aigul, "The network")
        return len(said)

    few = cost()
    for _ in range(20):
        factories.ticket(people.user(f"someone{_}"), kinds.network)
    assert cost() == few <= 14
