"""Searching as readers do it: an address for each page, nothing that breaks it, a way out of every dead end."""

import re
from html import unescape

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.core.pace import Pace
from app.kb.routes import _readers
from app.search.aside import aside
from app.search.models import SearchEntry
from tests import people
from tests.kb import readers
from tests.permissions.rubbish import RUBBISH

pytestmark = pytest.mark.slow
ODD = (*RUBBISH, "а*", "*", "word " * 500, "title:x AND (", '"unclosed', "NOT", "the of and", "🙂", "a" * 301, "?", "[",
       "~2", "printer^9999999999", "to:[* TO *]", "ё", "ө ү ң", "%%%", "\\")


@pytest.fixture(autouse=True)
def somebody(desk, monkeypatch):
    """A desk that has people, and nothing waiting to be written afterwards."""
    people.user("cholpon")
    monkeypatch.setattr(_readers, "PAGES", Pace(10_000))
    monkeypatch.setattr(_readers, "PARTS", Pace(10_000))
    yield
    aside.forget()


@pytest.fixture
def articles(desk):
    printing = readers.category("printing")
    readers.article("Printer prints nothing", category=printing)
    readers.article("Printer at home", category=readers.category("home"))
    readers.article("Принтер", language="ru", category=printing)
    readers.article("Printer of the board", visibility="staff")


def results(client, **query):
    answer = client.get("/kb/search", query_string=query)
    assert answer.status_code == 200
    return answer.text


def links(text):
    return [unescape(found) for found in re.findall(r'href="(/kb/[^"]+)"', text)]


def entries():
    aside.flush()
    return list(db.session.scalars(sa.select(SearchEntry).order_by(SearchEntry.at, SearchEntry.token)))


def test_what_is_found_opens_from_the_page(client, articles):
    page = results(client, q="printer")
    assert "Printer of the board" not in page
    found = [link for link in links(page) if link.startswith("/kb/printer-")]
    assert {link.partition("?")[0] for link in found} == {"/kb/printer-prints-nothing", "/kb/printer-at-home"}
    assert all(client.get(link).status_code == 200 for link in found)


def test_staff_find_what_is_for_staff(client, articles):
    people.sign_in(client, people.user("aigul"))
    assert "Printer of the board" in re.sub("<[^>]+>", "", results(client, q="printer"))


def test_no_question_breaks_it(client, articles):
    asked = [(path, words.encode("utf-8", "replace").decode()) for words in ODD
             for path in ("/kb/search", "/kb/suggestions")]
    broken = [(path, words) for path, words in asked
              if client.get(path, query_string={"q": words}).status_code != 200]
    assert broken == []


@pytest.mark.parametrize("name", ["category", "language", "page", "literal", "s", "follows", "n"])
def test_nothing_else_in_the_address_breaks_it(client, articles, name):
    for value in RUBBISH:
        value = value.encode("utf-8", "replace").decode()
        assert client.get("/kb/search", query_string={"q": "printer", name: value}).status_code == 200


def test_a_long_question_is_cut_and_the_page_says_so(client, articles):
    assert "only its first 300 characters" in results(client, q="printer " * 100)


def test_nothing_asked_shows_the_subjects(client, articles):
    assert "By subject" in results(client) and "Nothing found" not in results(client, q="  ")


def test_nothing_found_leads_to_a_request_with_the_words(client, articles):
    page = results(client, q="helicopter & rotor")
    assert "Nothing found" in page and "Printing" in page
    assert "/tickets/new?subject=helicopter+%26+rotor" in unescape(page)
    asked = client.get("/tickets/new?subject=helicopter+%26+rotor")
    assert asked.location == "/session?next=/tickets/new?subject%3Dhelicopter%2B%2526%2Brotor"


def test_a_search_is_noted_once_with_its_pages_and_parts(client, articles):
    page = results(client, q="printer")
    token = re.search(r"s=(\w{32})", page)[1]
    for query in ({"q": "printer", "s": token, "page": "2"}, {"q": "printer", "s": token, "category": "printing"}):
        results(client, **query)
    (entry,) = entries()
    assert (entry.token, entry.words, entry.place, entry.person_id) == (token, "printer", "page", None)


def test_robots_are_not_noted(client, articles):
    client.get("/kb/search?q=printer", headers={"User-Agent": "Googlebot/2.1"})
    client.get("/kb/suggestions?q=printer", headers={"User-Agent": "Googlebot/2.1"})
    assert entries() == []


def test_suggestions_are_a_piece_of_a_page(client, articles):
    piece = client.get("/kb/suggestions?q=print").text
    assert "<html" not in piece and piece.count('role="option"') >= 3
    assert "/kb/search?q=print" in piece and "board" not in piece
    assert client.get("/kb/suggestions").text.count("option") == 0


def test_strangers_search_at_a_human_pace(client, articles, monkeypatch):
    monkeypatch.setattr(_readers, "PAGES", Pace(3))
    assert [client.get("/kb/search?q=x").status_code for _try in range(4)] == [200, 200, 200, 429]
    people.sign_in(client, people.user("aigul"))
    assert client.get("/kb/search?q=x").status_code == 200


def test_a_pace_comes_back_with_time():
    now = [0.0]
    pace = Pace(2, counter=lambda: now[0])

    def tries(count):
        done = 0
        for _try in range(count):
            try:
                pace.spend("a")
                done += 1
            except Exception as error:  # noqa: BLE001
                assert type(error).__name__ == "TooMany"
        return done

    assert tries(3) == 2
    now[0] = 30.0
    assert tries(3) == 1
    pace.spend("b")
