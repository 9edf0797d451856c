"""Whose turn it is to speak, and since when: kept as things happen, and reckoned for what was there before."""

import importlib
from datetime import UTC, datetime, timedelta

from alembic.migration import MigrationContext
from alembic.operations import Operations

from app.core.db import db
from app.tickets import actions
from app.tickets.models import Ticket
from tests import factories

START = datetime(2026, 3, 2, 4, tzinfo=UTC)


def at(minute):
    return START + timedelta(minutes=minute)


def turn(ticket):
    db.session.flush()
    minutes = None if ticket.awaits_since is None else int((ticket.awaits_since - START).total_seconds() // 60)
    return ticket.awaits, minutes


def test_who_asks_waits_for_us_from_the_first_word_until_somebody_answers(small):
    ticket = factories.ticket(small.aigul, small.printer, at=at(0))
    assert turn(ticket) == ("us", 0)
    ticket.receive("Hello?", small.aigul, at(5))
    ticket.take(small.agent, at(6))
    ticket.note("A cable", small.agent, at(7))
    assert turn(ticket) == ("us", 0)
    ticket.reply("Which room?", small.agent, at(8))
    assert turn(ticket) == ("requester", 8)
    ticket.reply("And which floor?", small.agent, at(9))
    assert turn(ticket) == ("requester", 8)
    ticket.receive("Room 12", small.aigul, at(20))
    assert turn(ticket) == ("us", 20)


def test_a_machine_and_the_desk_itself_answer_nobody(small):
    ticket = factories.ticket(small.aigul, small.printer, at=at(0))
    ticket.reply("Which room?", small.agent, at(1))
    ticket.receive_automatic("I am away", small.aigul, at(2))
    assert turn(ticket) == ("requester", 1)
    ticket.receive("Room 12", small.aigul, at(3))
    ticket.tell_requester("We are at it", at(4))
    assert turn(ticket) == ("us", 3)


def test_to_let_it_wait_for_the_requester_says_so(small):
    ticket = factories.ticket(small.aigul, small.printer, at=at(0))
    ticket.hold(factories.pending_reason("supplier"), small.agent, at(1))
    assert turn(ticket) == ("us", 0)
    ticket.resume(small.agent, at(2))
    ticket.hold(small.waiting, small.agent, at(3))
    assert turn(ticket) == ("requester", 3)


def test_nobody_waits_for_what_has_ended_and_what_is_opened_again_waits_for_us(small):
    ticket = factories.ticket(small.aigul, small.printer, at=at(0))
    ticket.resolve(small.agent, at(1))
    assert turn(ticket) == (None, None)
    ticket.reply("One more thing", small.agent, at(2))
    assert turn(ticket) == (None, None)
    ticket.receive("Again!", small.aigul, at(3))
    assert turn(ticket) == ("us", 3)
    ticket.cancel("", small.aigul, at(4))
    assert turn(ticket) == (None, None)


def test_what_was_there_before_is_reckoned_from_its_events(small):
    silent = factories.ticket(small.aigul, small.printer, at=at(0))
    answered = factories.ticket(small.aigul, small.printer, at=at(1))
    answered.reply("Which room?", small.agent, at(2))
    asked = factories.ticket(small.aigul, small.printer, at=at(3))
    for minute in (4, 6):
        asked.reply("Which room?", small.agent, at(minute))
        asked.receive("Room 12", small.aigul, at(minute + 1))
    asked.receive("Well?", small.aigul, at(9))
    ended = factories.ticket(small.aigul, small.printer, at=at(4))
    ended.resolve(small.agent, at(5))
    db.session.flush()
    tickets = (silent, answered, asked, ended)
    kept = [turn(ticket) for ticket in tickets]
    assert kept == [("us", 0), ("requester", 2), ("us", 7), (None, None)]
    db.session.execute(db.update(Ticket.__table__).values(awaits=None, awaits_since=None))
    migration = importlib.import_module("migrations.versions.0027_views")
    with Operations.context(MigrationContext.configure(db.session.connection())):
        migration._say_whose_turn()
    db.session.expire_all()
    assert [turn(ticket) for ticket in tickets] == kept


def test_a_follow_up_waits_for_us_from_its_own_first_word(small):
    ticket = factories.ticket(small.aigul, small.printer, at=at(0))
    ticket.resolve(small.agent, at(1))
    ticket.close(None, at(2))
    actions.answer(ticket, "It is broken again", small.aigul, at(3))
    follow_up = db.session.scalar(db.select(Ticket).order_by(Ticket.id.desc()))
    assert follow_up is not ticket and turn(follow_up) == ("us", 3)
