"""What happens to tickets that wait or have ended, as days go by."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core.db import db
from app.core.events import Event
from app.core.outbox import OutboxRow
from app.tickets import housekeeping
from app.tickets.models import Message
from tests import factories

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def days(count: float) -> datetime:
    return MONDAY + timedelta(days=count)


def count(kind: str) -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(Event).where(Event.kind == kind))


@pytest.fixture
def waiting(small):
    """A ticket that waits for Aigul since Monday."""
    ticket = factories.ticket(small.aigul, small.printer, at=MONDAY)
    ticket.hold(small.waiting, small.agent, MONDAY)
    db.session.commit()
    return ticket


@pytest.fixture
def resolved(small):
    ticket = factories.ticket(small.aigul, small.printer, at=MONDAY)
    ticket.resolve(small.agent, MONDAY)
    db.session.commit()
    return ticket


def test_the_requester_is_reminded_once_after_three_days(waiting):
    assert housekeeping.remind(days(2.9)) == 0
    assert housekeeping.remind(days(3)) == 1
    assert housekeeping.remind(days(4)) == 0
    assert count("ticket.reminded") == 1


def test_a_reminder_is_sent_from_the_outbox(waiting):
    before = db.session.scalar(db.select(db.func.count(OutboxRow.id)))
    housekeeping.remind(days(3))
    assert db.session.scalar(db.select(db.func.count(OutboxRow.id))) == before + 1


def test_each_time_of_waiting_has_its_own_reminder(small, waiting):
    housekeeping.remind(days(3))
    waiting.receive("Here", small.aigul, days(4))
    waiting.hold(small.waiting, small.agent, days(4))
    db.session.commit()
    assert housekeeping.remind(days(6)) == 0
    assert housekeeping.remind(days(7)) == 1


def test_silence_resolves_with_a_message_first(small, waiting):
    small.aigul.language = "en"
    housekeeping.remind(days(3))
    assert housekeeping.resolve_silent(days(6.9)) == 0
    assert housekeeping.resolve_silent(days(7)) == 1
    last = db.session.scalars(db.select(Message).order_by(Message.id.desc())).first()
    assert (waiting.status, last.kind, last.author_id) == ("resolved", "reply", None)
    assert "simply answer" in last.body


def test_nothing_is_resolved_before_a_reminder_has_stood_for_its_time(waiting):
    """The desk was off for two weeks: the reminder goes out first, and then there is time to answer."""
    assert housekeeping.resolve_silent(days(14)) == 0
    housekeeping.remind(days(14))
    assert housekeeping.resolve_silent(days(15)) == 0
    assert housekeeping.resolve_silent(days(18)) == 1


def test_an_automatic_message_is_no_reply_of_the_staff(waiting):
    housekeeping.remind(days(3))
    housekeeping.resolve_silent(days(7))
    assert (count("ticket.replied"), count("ticket.told")) == (0, 1)


def test_an_answer_stops_it_all(small, waiting):
    waiting.receive("Here I am", small.aigul, days(1))
    db.session.commit()
    assert housekeeping.remind(days(5)) == 0
    assert housekeeping.resolve_silent(days(20)) == 0
    assert waiting.status == "open"


def test_waiting_for_a_supplier_reminds_nobody(small):
    ticket = factories.ticket(small.aigul, small.printer, at=MONDAY)
    ticket.hold(factories.pending_reason("supplier"), small.agent, MONDAY)
    db.session.commit()
    assert housekeeping.remind(days(30)) == 0


def test_a_date_that_has_come_ends_the_waiting(small):
    ticket = factories.ticket(small.aigul, small.printer, at=MONDAY)
    ticket.hold(factories.pending_reason("date", needs_date=True), small.agent, MONDAY, until=days(2))
    db.session.commit()
    assert housekeeping.resume_due(days(1)) == 0
    assert housekeeping.resume_due(days(2)) == 1
    assert (ticket.status, ticket.holds[0].ended_at) == ("open", days(2))
    assert housekeeping.resume_due(days(3)) == 0


def test_what_stays_resolved_is_closed_after_the_window(resolved):
    assert housekeeping.close_forgotten(days(7)) == 0
    assert housekeeping.close_forgotten(days(7.01)) == 1
    assert resolved.status == "closed"
    assert housekeeping.close_forgotten(days(9)) == 0
    assert count("ticket.closed") == 1


def test_a_reopened_ticket_is_not_closed(small, resolved):
    resolved.reopen(small.aigul, days(6))
    db.session.commit()
    assert housekeeping.close_forgotten(days(30)) == 0


def test_more_than_a_batch_is_closed_in_one_run(small, monkeypatch):
    monkeypatch.setattr(housekeeping, "BATCH", 2)
    for _ in range(5):
        factories.ticket(small.aigul, small.printer, at=MONDAY).resolve(small.agent, MONDAY)
    db.session.commit()
    assert housekeeping.close_forgotten(days(8)) == 5


def test_imported_tickets_are_left_as_they_came(resolved):
    resolved.origin = "incidents"
    db.session.commit()
    assert housekeeping.close_forgotten(days(30)) == 0
