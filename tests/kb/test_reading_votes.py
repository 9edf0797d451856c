"""Readings are counted, readers say whether it helped, writers deal with it."""

import re

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.core.events import Event
from app.kb.models import ArticleVote
from app.kb.settings import settings
from app.search import log
from app.search.aside import aside
from app.search.models import SearchEntry
from tests import people
from tests.kb import readers

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def somebody(desk):
    """A desk that has people, and nothing waiting to be written afterwards."""
    people.user("cholpon")
    yield
    aside.forget()


@pytest.fixture
def printer(desk):
    return readers.article("Printer")


@pytest.fixture
def asel(desk):
    return people.user("asel", member=(people.team("network"),))


def votes():
    return list(db.session.scalars(sa.select(ArticleVote).order_by(ArticleVote.id)))


def vote(client, **form):
    return client.post("/kb/printer/vote", data=form)


def test_a_reading_is_written_aside_with_the_way_it_came(client, printer):
    client.get("/kb/printer")
    client.get("/kb/printer", headers={"Referer": "http://localhost/kb/categories/printing"})
    client.get("/kb/printer", headers={"Referer": "http://elsewhere.example/kb"})
    client.get("/kb/printer", headers={"Referer": "http://[", "User-Agent": "x"})
    assert [(read.way, read.search_token, read.is_staff) for read in readers.reads()] == [
        ("link", None, False), ("browsing", None, False), ("link", None, False), ("link", None, False)]


@pytest.mark.parametrize("headers", [
    {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, {"User-Agent": "curl/8.0"}, {"User-Agent": ""},
    {"Sec-Purpose": "prefetch;prerender"}, {"X-Moz": "prefetch"}, {"Referer": "http://localhost/kb/printer"}])
def test_who_only_looks_ahead_has_not_read(client, printer, headers):
    assert client.get("/kb/printer", headers=headers).status_code == 200
    assert readers.reads() == []


def test_asking_for_the_head_is_not_reading(client, printer):
    assert client.head("/kb/printer").status_code == 200
    assert readers.reads() == []


def test_out_of_a_search_the_click_is_kept_with_it(client, printer):
    found = client.get("/kb/search?q=printer").text
    address = re.search(r'href="(/kb/printer\?[^"]+)"', found)[1].replace("&amp;", "&")
    client.get(address)
    (read,) = readers.reads()
    entry = db.session.get(SearchEntry, read.search_token)
    assert (read.way, entry.words, entry.clicked_id, entry.clicked_place) == ("search", "printer", printer.id, 1)


def test_out_of_suggestions_it_is_a_suggestion(client, printer):
    found = client.get("/kb/suggestions?q=print").text
    client.get(re.search(r'href="(/kb/printer\?[^"]+)"', found)[1].replace("&amp;", "&"))
    (read,) = readers.reads()
    assert read.way == "suggestion" and db.session.get(SearchEntry, read.search_token).place == "typing"


def test_a_token_of_nobody_s_is_not_kept(client, printer):
    client.get("/kb/printer?s=" + "a" * 32)
    client.get("/kb/printer?s=rubbish&n=-7")
    assert [read.search_token for read in readers.reads()] == [None, None]


def test_a_stranger_votes_once_and_may_change_it(client, printer):
    assert vote(client, helpful="yes").location == "/kb/printer#helpful"
    assert "You said that it helped" in client.get("/kb/printer").text
    vote(client, helpful="no")
    page = client.get("/kb/printer").text
    assert "What was wrong with it?" in page
    vote(client, helpful="no", reason="outdated", comment="Version 7 has no such button.")
    assert "will read it" in client.get("/kb/printer").text
    (said,) = votes()
    assert (said.is_helpful, said.reason, said.comment) == (False, "outdated", "Version 7 has no such button.")
    vote(client, helpful="yes")
    (said,) = votes()
    assert (said.is_helpful, said.reason, said.comment) == (True, None, "")


def test_another_browser_and_a_person_are_other_readers(client, desk, printer, asel):
    vote(client, helpful="yes")
    other = desk.test_client()
    vote(other, helpful="no")
    for _again in range(2):
        vote(people.sign_in(desk.test_client(), asel), helpful="no")
    assert [said.is_helpful for said in votes()] == [True, False, False]
    assert all(str(asel.id) != said.voter for said in votes())


def test_a_voter_is_not_known_again_on_another_article(client, printer):
    readers.article("Toner")
    for slug in ("printer", "toner"):
        client.post(f"/kb/{slug}/vote", data={"helpful": "yes"})
    assert len({said.voter for said in votes()}) == 2


@pytest.mark.parametrize("form", [{}, {"helpful": "perhaps"}, {"helpful": "no", "reason": "boring"},
                                  {"helpful": "no", "comment": "x" * 2001}])
def test_what_no_form_of_ours_sends_is_refused(client, printer, form):
    assert vote(client, **form).status_code == 400
    assert votes() == []


def test_nobody_votes_on_what_they_may_not_read(client):
    readers.article("House", visibility="staff")
    for noun in ("vote", "solved"):
        assert client.post(f"/kb/house/{noun}", data={"helpful": "yes"}).status_code == 401
    people.sign_in(client, people.user("kanat", customer=True))
    for noun in ("vote", "solved"):
        assert client.post(f"/kb/house/{noun}", data={"helpful": "yes"}).status_code == 404
    assert votes() == []


def test_an_address_cannot_stuff_the_box(desk, client, printer, monkeypatch):
    monkeypatch.setattr("app.kb.routes.votes.VOTES_PER_ADDRESS", 2)
    told = [desk.test_client().post("/kb/printer/vote", data={"helpful": "yes"}).status_code for _try in range(3)]
    assert told == [303, 303, 429]
    assert len(votes()) == 2


def test_what_solved_it_is_kept_with_the_search(client, printer):
    found = client.get("/kb/search?q=printer").text
    token = re.search(r"/kb/printer\?s=(\w+)", found)[1]
    assert "This solved my problem" in client.get(f"/kb/printer?s={token}&n=1").text
    client.post("/kb/printer/solved", data={"s": token})
    log.flush()
    assert db.session.get(SearchEntry, token).solved_at is not None
    assert [said.is_helpful for said in votes()] == [True]


def test_writers_see_the_numbers_and_deal_with_what_was_said(client, desk, printer, asel):
    client.get("/kb/printer")
    vote(client, helpful="no", reason="wrong", comment="It has no cable.")
    vote(desk.test_client(), helpful="yes")
    readers.reads()
    people.sign_in(client, asel)
    assert "50 % (n = 2)" in client.get("/kb/printer").text
    page = client.get("/kb/printer/feedback").text
    assert "It has no cable." in page and "does not work this way" in page
    wrong = next(said for said in votes() if not said.is_helpful)
    for _twice in range(2):
        assert client.post("/kb/printer/settlements", data={"vote": wrong.id}).status_code == 303
    assert "Dealt with" in client.get("/kb/printer/feedback").text
    kinds = list(db.session.scalars(sa.select(Event.kind).where(Event.kind == "article.vote_settled")))
    assert kinds == ["article.vote_settled"] and votes()[0].settled_at is not None


def test_what_is_said_anew_is_open_again(client, desk, printer, asel):
    vote(client, helpful="no", reason="wrong")
    writer = people.sign_in(desk.test_client(), asel)
    writer.post("/kb/printer/settlements", data={"vote": votes()[0].id})
    vote(client, helpful="no", reason="unclear")
    assert votes()[0].settled_at is None


@pytest.mark.parametrize("given", ["", "x", "0", "-1", "9" * 30, "²"])
def test_a_vote_that_is_none_cannot_be_settled(client, printer, asel, given):
    people.sign_in(client, asel)
    assert client.post("/kb/printer/settlements", data={"vote": given}).status_code == 404


def test_a_vote_of_another_article_cannot_be_settled_here(client, printer, asel):
    vote(client, helpful="no")
    readers.article("Toner")
    people.sign_in(client, asel)
    assert client.post("/kb/toner/settlements", data={"vote": votes()[0].id}).status_code == 404


def test_readers_do_not_see_what_others_said(client, printer):
    vote(client, helpful="no", comment="It has no cable.")
    people.sign_in(client, people.user("aigul"))
    assert "no cable" not in client.get("/kb/printer").text
    assert client.get("/kb/printer/feedback").status_code == 403


def test_votes_wait_where_strangers_do_not_read(client, printer):
    settings.change(is_public=False)
    assert vote(client, helpful="yes").status_code == 401
