"""The log of searches: written aside, joined with what came of each search, and of nobody's secrets."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import Stranger
from app.core import clock
from app.core.db import db
from app.search import log
from app.search.aside import aside
from app.search.models import SearchEntry
from tests import factories, people

NOBODY = Stranger()
BROWSER = "b" * 32


def noted(words="printer", found=3, place="page", person=NOBODY, visitor=BROWSER, **about):
    token = log.note(words, found, about.pop("shown", [7, 8]), about.pop("shown_for", None), place, "en", person,
                     visitor, **about)
    return token


def entries():
    log.flush()
    db.session.expire_all()
    return list(db.session.scalars(sa.select(SearchEntry).order_by(SearchEntry.at)))


def entry(token):
    entries()
    return db.session.get(SearchEntry, token)


def test_a_search_is_written_with_what_it_showed(desk):
    token = noted("  The printer \n is jammed ", 2, shown=[8, 7], shown_for="printer jam")
    row = entry(token)
    assert (row.words, row.found, row.shown, row.shown_for) == ("The printer is jammed", 2, [8, 7], "printer jam")
    assert (row.place, row.language, row.visitor, row.person_id, row.is_staff) == ("page", "en", BROWSER, None, False)
    assert "printer" in row.folded


def test_nothing_is_written_in_the_request_itself(desk):
    noted()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SearchEntry)) == 0


@pytest.mark.parametrize(("typed", "kept"), [
    ("mail of aigul@jardam.example gone", "mail of ••• gone"), ("call +996 (555) 12-34-56 please", "call ••• please"),
    ("card 4169585312345678", "card •••"), ("error 0x80070005", "error 0x80070005"), ("KB5034441", "KB5034441"),
    ("route 192.168.10.15", "route 192.168.10.15"), ("22.11.2026 holiday", "22.11.2026 holiday"),
    ("а" * 900, "а" * 300)])
def test_addresses_and_long_numbers_are_not_kept(desk, typed, kept):
    assert entry(noted(typed, shown_for=typed)).words == kept
    assert entries()[-1].shown_for == kept


def test_who_works_at_the_desk_is_told_apart(desk):
    agent, aigul = people.user("agent", member=(people.team("network"),)), people.user("aigul")
    tokens = noted(person=agent, visitor="a" * 32), noted(person=aigul)
    rows = [entry(token) for token in tokens]
    assert [(row.person_id, row.is_staff) for row in rows] == [(agent.id, True), (aigul.id, False)]


def test_words_that_go_on_are_the_same_search(desk):
    noted("pri", place="typing")
    noted("printer", place="typing")
    last = noted("printer jam", place="page")
    (row,) = entries()
    assert (row.token, row.words, row.place) == (last, "printer jam", "page")


def test_other_words_are_another_search_which_follows(desk):
    first = noted("printer jam")
    second = noted("paper stuck")
    assert [(row.token, row.follows) for row in entries()] == [(first, None), (second, first)]


def test_who_opened_something_begins_anew(desk):
    log.clicked(noted("printer"), 7, 1, clock.now())
    noted("printer jam")
    assert [row.follows for row in entries()] == [None, None]


def test_another_browser_goes_its_own_way(desk):
    noted("pri", place="typing")
    noted("printer", place="typing", visitor="c" * 32)
    noted("printer", place="typing", visitor=None)
    assert [row.follows for row in entries()] == [None, None, None]


def test_the_first_click_counts(desk):
    token, at = noted(), clock.now()
    log.clicked(token, 8, 2, at)
    log.clicked(token, 7, 1, at)
    row = entry(token)
    assert (row.clicked_id, row.clicked_place, row.clicked_at) == (8, 2, at)


def test_a_click_waits_for_its_search(desk):
    """The search was served by another process, which writes it a moment later."""
    token = "d" * 32
    log.clicked(token, 8, 2, clock.now())
    assert entries() == []
    db.session.add(SearchEntry(token=token, at=clock.now(), place="page", words="x", language="en"))
    db.session.commit()
    assert entry(token).clicked_id == 8


@pytest.mark.parametrize("token", ["", None, "x", "e" * 32, "e" * 31 + "\n", "0" * 4000])
def test_a_token_that_nobody_gave_out_is_nothing(desk, token):
    log.clicked(token, 8, 2, clock.now())
    log.solved(token, 8, clock.now())
    assert entries() == []


def test_what_solved_it_counts_as_what_was_opened(desk):
    token, at = noted(), clock.now()
    log.clicked(token, 7, 1, at)
    log.solved(token, 8, at + timedelta(minutes=3))
    row = entry(token)
    assert (row.clicked_id, row.clicked_at, row.solved_at) == (8, at, at + timedelta(minutes=3))


@pytest.fixture
def office(desk):
    """Aigul asks, the agent answers; filing tells the log of searches."""
    team = people.team("network")
    return people.user("aigul"), people.user("agent", member=(team,)), factories.request_type("printer", team)


def test_a_ticket_within_half_an_hour_came_of_the_search(office):
    aigul, _agent, kind = office
    tokens = noted(person=aigul), noted("vpn", person=aigul, visitor="c" * 32), noted("other", visitor="d" * 32)
    ticket = factories.ticket(aigul, kind)
    db.session.commit()
    assert [entry(token).ticket_id for token in tokens] == [ticket.id, ticket.id, None]


def test_a_later_ticket_has_nothing_to_do_with_it(office):
    aigul, _agent, kind = office
    token = noted(person=aigul)
    entry(token).at -= timedelta(minutes=31)
    factories.ticket(aigul, kind)
    db.session.commit()
    assert entry(token).ticket_id is None


def test_of_who_files_for_another_only_what_was_searched_while_filing_counts(office):
    aigul, agent, kind = office
    tokens = noted(person=agent), noted("jam", person=agent, place="filing", visitor="c" * 32)
    ticket = factories.ticket(aigul, kind, by=agent)
    db.session.commit()
    assert [entry(token).ticket_id for token in tokens] == [None, ticket.id]


def test_of_a_confidential_ticket_the_log_learns_nothing(office):
    aigul, agent, _kind = office
    token = noted(person=aigul)
    factories.ticket(aigul, factories.request_type("complaint", agent.memberships[0].team, is_confidential=True))
    db.session.commit()
    assert entry(token).ticket_id is None


def test_a_ticket_that_was_not_filed_after_all_leaves_no_trace(office):
    aigul, _agent, kind = office
    token = noted(person=aigul)
    entries()
    db.session.commit()
    factories.ticket(aigul, kind)
    db.session.rollback()
    db.session.commit()
    assert entry(token).ticket_id is None


def test_a_row_that_the_database_refuses_is_lost_alone(desk):
    lost, ghost = aside.lost, people.user("ghost")
    token, ghostly = noted(), noted("vpn", person=ghost, visitor="c" * 32)
    db.session.delete(ghost)
    db.session.commit()
    assert [row.token for row in entries()] == [token]
    assert ghostly != token
    assert aside.lost == lost + 1


def test_more_than_fits_is_lost_and_counted(desk, monkeypatch):
    monkeypatch.setattr("app.search.aside.LIMIT", 2)
    lost = aside.lost
    for number in range(5):
        noted(f"word{number}", visitor=None)
    assert len(entries()) == 2
    assert aside.lost == lost + 3


def test_a_browser_keeps_its_mark(desk):
    with desk.test_request_context():
        mark = log.visitor()
        assert log.TOKEN.fullmatch(mark)
        assert log.visitor() == mark
