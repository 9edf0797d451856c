"""Answers before a request is filed: suggested, read in place, ended with "this solved it"; words are never lost."""

import re

import pytest

from app.core.db import db
from app.kb import actions as kb
from app.tickets.models import Ticket
from tests import factories, people

from .articles import article, searches

pytestmark = pytest.mark.slow

SUBJECT = "Paper jam in the printer"


@pytest.fixture
def paper(small):
    return article("Paper jam in the printer", "Open the **rear** door.")


@pytest.fixture
def quiet(small):
    return factories.request_type("complaint", small.first, is_confidential=True)


def token(page: str) -> str:
    return re.search(r'name="s" value="(\w*)"', page)[1]


def test_what_fits_the_words_typed_so_far(small, paper, browser_of):
    aigul = browser_of(small.aigul)
    piece = aigul.get("/tickets/suggestions", query_string={"q": "Paper jam", "type": "printer"}).text
    assert "paper-jam-in-the-printer" in piece and "<html" not in piece
    [found] = searches()
    assert (found.place, found.words, found.shown) == ("filing", "Paper jam", [paper.id])
    assert found.person_id == small.aigul.id
    assert token(piece) == found.token


@pytest.mark.parametrize("q", ["", "pa", "   ", "\0\0\0", "zzzzzz"])
def test_too_little_or_nothing_that_fits(small, paper, browser_of, q):
    answer = browser_of(small.aigul).get("/tickets/suggestions", query_string={"q": q})
    assert answer.status_code == 200 and "details" not in answer.text


def test_the_first_lines_help_to_find_and_are_not_remembered(small, browser_of):
    article("Toner", "The cartridge is empty.")
    asked = {"q": "Printer again", "more": "The cartridge is empty, my number is 0555 123456"}
    assert "/toner" in browser_of(small.aigul).get("/tickets/suggestions", query_string=asked).text
    assert [one.words for one in searches()] == ["Printer again"]


def test_of_a_confidential_request_nothing_is_remembered(small, paper, quiet, browser_of):
    piece = browser_of(small.aigul).get("/tickets/suggestions", query_string={"q": SUBJECT, "type": "complaint"}).text
    assert "paper-jam" in piece and token(piece) == "" and searches() == []


def test_the_text_is_read_in_place_and_counted(small, paper, browser_of):
    aigul = browser_of(small.aigul)
    piece = aigul.get("/tickets/suggestions", query_string={"q": SUBJECT}).text
    place = re.search(r'data-text="([^"]+)"', piece)[1].replace("&amp;", "&")
    text = aigul.get(place).text
    assert "<strong>rear</strong>" in text and "<html" not in text
    [found] = searches()
    assert (found.clicked_id, found.clicked_place) == (paper.id, 1)


@pytest.mark.parametrize(("visibility", "publish"), [("teams", True), ("staff", True), ("public", False)])
def test_what_one_may_not_read_is_not_there(small, browser_of, visibility, publish):
    article(SUBJECT, visibility=visibility, publish=publish, teams=[small.second])
    outsider = browser_of(people.user("customer", customer=True))
    assert "paper-jam" not in outsider.get("/tickets/suggestions", query_string={"q": SUBJECT}).text
    assert outsider.get("/tickets/suggestions/paper-jam-in-the-printer").status_code == 404
    assert outsider.post("/tickets/suggestions/paper-jam-in-the-printer/solution").status_code == 404


def test_it_solved_the_matter_and_nothing_is_filed(small, paper, browser_of):
    aigul = browser_of(small.aigul)
    piece = aigul.get("/tickets/suggestions", query_string={"q": SUBJECT, "type": "printer"}).text
    form = {"request_type": "printer", "subject": SUBJECT, "body": "Since noon\n\nagain", "s": token(piece), "x": "<b>"}
    page = aigul.post("/tickets/suggestions/paper-jam-in-the-printer/solution", data=form)
    assert page.status_code == 200 and "Thank you" in page.text
    assert db.session.scalars(db.select(Ticket)).all() == []
    [found] = searches()
    assert found.solved_at is not None and found.clicked_id == paper.id
    assert f'name="subject" value="{SUBJECT}"' in page.text and "Since noon\n\nagain" in page.text
    assert "csrf_token" in page.text and 'name="x"' not in page.text


def test_going_on_all_the_same_brings_everything_back(small, paper, browser_of):
    aigul = browser_of(small.aigul)
    typed = {"request_type": "printer", "subject": SUBJECT, "body": "Since noon"}
    page = aigul.post("/tickets/new/printer", data=typed)
    assert page.status_code == 200 and f'value="{SUBJECT}"' in page.text and "Since noon</textarea>" in page.text
    assert "paper-jam-in-the-printer" in page.text and 'role="alert"' not in page.text
    assert db.session.scalars(db.select(Ticket)).all() == []


def test_without_scripts_looking_first_says_when_nothing_fits(small, browser_of):
    page = browser_of(small.aigul).post("/tickets/new/printer", data={"subject": "Quite another thing"})
    assert "No article answers this yet" in page.text and 'value="Quite another thing"' in page.text


def test_from_own_words_to_the_choice_and_on_to_the_form(small, paper, browser_of):
    aigul = browser_of(small.aigul)
    page = aigul.get("/tickets/new", query_string={"subject": SUBJECT, "look": "1"}).text
    assert "paper-jam-in-the-printer" in page
    onwards = re.search(r'href="(/tickets/new/printer\?[^"]+)"', page)[1]
    assert f'value="{SUBJECT}"' in aigul.get(onwards).text


def test_words_brought_from_a_search_are_not_searched_again(small, paper, browser_of):
    page = browser_of(small.aigul).get("/tickets/new", query_string={"subject": SUBJECT}).text
    assert f'value="{SUBJECT}"' in page and "This solved it" not in page and searches() == []


def test_the_words_live_through_signing_in(small, client, browser_of):
    answer = client.get("/tickets/new/printer", query_string={"subject": "Кагаз жок & wi-fi?"})
    assert answer.status_code == 302
    page = client.get(answer.location).text
    onwards = re.search(r'name="next"[^>]*value="(/tickets[^"]+)"', page)[1].replace("&amp;", "&")
    assert 'value="Кагаз жок &amp; wi-fi?"' in browser_of(small.aigul).get(onwards).text


@pytest.mark.parametrize("words", ["x" * 5000, "<script>alert(1)</script>", "\r\nBcc: all", b"\xed\xa0\x80", "????"])
def test_odd_words_do_no_harm(small, browser_of, words):
    aigul = browser_of(small.aigul)
    for address in ("/tickets/new", "/tickets/new/printer", "/tickets/suggestions"):
        page = aigul.get(address, query_string={"subject": words, "q": words, "more": words, "look": "1"})
        assert page.status_code == 200 and "<script>alert" not in page.text


def test_without_a_kind_the_words_go_back_to_the_choice(small, paper, browser_of):
    page = browser_of(small.aigul).post("/tickets/suggestions/paper-jam-in-the-printer/solution", data={"q": SUBJECT})
    assert "/tickets/new?subject=Paper+jam+in+the+printer" in page.text


def test_a_change_of_readers_holds_at_once(small, paper, browser_of):
    aigul = browser_of(small.aigul)
    assert "paper-jam" in aigul.get("/tickets/suggestions", query_string={"q": SUBJECT}).text
    kb.change_facts(paper, kb.Facts("en", "teams", teams=[small.second]), None)
    assert "paper-jam" not in aigul.get("/tickets/suggestions", query_string={"q": SUBJECT}).text
    assert aigul.get("/tickets/suggestions/paper-jam-in-the-printer").status_code == 404
