"""Which closures are asked about, and that nobody is asked twice or too often."""

from datetime import timedelta

import pytest

from app.core.db import db
from app.core.events import events_of
from app.tickets.models import Rating, Ticket
from app.tickets.ratings import asking
from app.tickets.ratings.settings import ratings as settings
from tests.postbox import text_of

from .conftest import LATER, SOLVED

pytestmark = pytest.mark.slow


def kinds(number):
    return [event.kind for event in events_of("ticket", number)]


def test_asked_once_after_it_stayed_solved(solve):
    number = solve()
    assert asking.ask_due(SOLVED + timedelta(hours=3)) == 0
    assert asking.ask_due(LATER) == 1
    assert asking.ask_due(LATER) == asking.ask_due(LATER + timedelta(days=30)) == 0
    assert kinds(number).count("ticket.rating_asked") == 1
    rating = db.session.query(Rating).one()
    assert (rating.score, rating.comment, rating.is_low, rating.answered_at) == (None, "", False, None)


def test_not_about_what_was_opened_again(solve, small):
    number = solve()
    db.session.get(Ticket, number).reopen(small.aigul, SOLVED + timedelta(hours=1))
    db.session.commit()
    assert asking.ask_due(LATER) == 0


def test_each_closure_of_one_ticket_is_a_question_of_its_own(solve, small):
    settings.change(rest_days=0)
    ticket = db.session.get(Ticket, solve())
    assert asking.ask_due(LATER) == 1
    ticket.reopen(small.aigul, LATER)
    ticket.resolve(small.agent, LATER + timedelta(hours=1))
    db.session.commit()
    assert asking.ask_due(LATER + timedelta(hours=6)) == 1
    assert db.session.query(Rating).count() == 2


def test_a_person_is_left_alone_for_a_week(solve):
    solve()
    asking.ask_due(LATER)
    solve(at=SOLVED + timedelta(days=3))
    assert asking.ask_due(SOLVED + timedelta(days=3, hours=5)) == 0
    solve(at=SOLVED + timedelta(days=8))
    assert asking.ask_due(SOLVED + timedelta(days=8, hours=5)) == 1


def test_not_after_days_of_standing_still_nor_when_switched_off(solve):
    solve()
    assert asking.ask_due(SOLVED + timedelta(days=3)) == 0
    settings.change(is_on=False)
    assert asking.ask_due(LATER) == 0


def test_not_about_what_one_solved_oneself_or_the_desk_took_for_solved(solve, small):
    solve(requester=small.agent, by=small.agent)
    number = solve()
    db.session.get(Ticket, number).reopen(small.aigul, SOLVED)
    db.session.get(Ticket, number).resolve(None, SOLVED)
    db.session.commit()
    assert asking.ask_due(LATER) == 0


def test_only_a_share_is_asked(solve, small):
    settings.change(share_percent=30, rest_days=0)
    for _turn in range(100):
        solve()
    assert 20 <= asking.ask_due(LATER) <= 40


def test_the_mail_asks_one_question_and_names_every_answer(solve, small, postbox, deliver):
    solve()
    deliver()
    before = len(postbox.to(small.aigul))
    asking.ask_due(LATER)
    deliver()
    [mail] = postbox.to(small.aigul)[before:]
    assert text_of(mail).count("/rate/") == 5
    assert "Printer" in text_of(mail)
