"""What the desk did by itself waits for people's hours and comes as one mail; what people did comes at once."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.accounts import absences
from app.accounts.absence_models import Absence
from app.core import clock, outbox
from app.core.db import db
from app.core.events import record
from app.core.outbox import OutboxRow
from app.core.registries import HANDLERS
from app.core.relay import relay
from app.notifications.models import Notification
from app.notifications.queries import PROMPT_MAILS
from app.tickets import actions
from tests import factories
from tests.postbox import CUT, text_of
from tests.sla.conftest import at, calendar

pytestmark = pytest.mark.slow

BEGAN = at("2082-11-30 09:59:30")
"""A Monday long after the real clock's now, which stamps what the tests do: nothing is delivered before it was
written. What is gathered then goes 90 seconds later."""


@pytest.fixture
def office(small):
    """The service desk works from 9 to 18 in Bishkek."""
    small.first.calendar_id = calendar().id


def announce(ticket, share=100, moment=None, is_late=False, target="resolution", action="notify_assignee"):
    """A timer speaks to the assignee, of a deadline at noon of 30 November in Bishkek."""
    return record("sla.breached" if share >= 100 else "sla.warned", ticket, at=moment, target=target, cycle=1,
                  share=share, is_late=is_late, due=at("2082-11-30 12:00").isoformat(), actions=[{"action": action}])


def rows(**about):
    statement = sa.select(OutboxRow).filter_by(kind="bundle", **about).order_by(OutboxRow.id)
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


def after(seconds):
    return BEGAN + timedelta(seconds=seconds)


def away(person, start, end):
    made = Absence(user_id=person.id, starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 2), starts_at=at(start),
                   ends_at=at(end), reason="leave", made_at=clock.now())
    db.session.add(made)
    absences.renew()
    return made


def test_it_is_on_the_desk_at_once_and_in_the_box_a_minute_later(small, ticket, postbox, deliver):
    announce(ticket)
    deliver(after(10))
    told = db.session.scalars(sa.select(Notification.channel).where(Notification.user_id == small.agent.id)).all()
    assert sorted(told) == ["app", "mail"]
    deliver(after(89))
    assert postbox.letters == []
    deliver(after(90))
    (letter,) = postbox.to(small.agent)
    assert letter["Subject"] == f"A deadline has passed: #{ticket.number} Printer"


def test_outside_the_hours_it_waits_for_the_morning(small, office, ticket, postbox, deliver):
    announce(ticket)
    deliver(at("2082-11-30 19:00"))
    announce(ticket, 150)
    deliver(at("2082-12-01 08:59"))
    deliver(at("2082-12-01 09:00:59"))
    assert postbox.letters == []
    deliver(at("2082-12-01 09:01"))
    assert len(postbox.to(small.agent)) == 1


def test_what_people_did_is_told_at_once_at_night_too(small, office, ticket, postbox, deliver):
    ticket.receive("Room 12", small.aigul)
    deliver(at("2082-11-30 23:00"))
    assert len(postbox.to(small.agent)) == 1


def test_the_requester_hears_of_what_the_desk_did_at_once(small, office, ticket, postbox, deliver):
    actions.watch(ticket, small.bakyt, small.agent)
    ticket.resolve(None)
    deliver(at("2082-11-30 23:00"))
    assert (len(postbox.to(small.aigul)), len(postbox.to(small.bakyt))) == (1, 1)


def test_several_tickets_are_one_mail_and_what_comes_later_is_the_next(small, ticket, postbox, deliver):
    other = factories.ticket(small.aigul, small.printer, subject="Scanner")
    other.take(small.agent)
    announce(ticket)
    deliver(after(10))
    announce(other)
    deliver(after(70))
    deliver(after(95))
    announce(ticket, 150)
    deliver(after(130))
    deliver(after(215))
    assert [letter["Subject"] for letter in postbox.to(small.agent)[-2:]] == [
        "2 tickets: 2 deadlines have passed", f"A deadline has passed: #{ticket.number} Printer"]


def test_a_bundle_that_waits_has_a_key_and_one_that_is_written_has_none(small, ticket, postbox, deliver):
    announce(ticket)
    deliver(after(0))
    assert [row.key for row in rows()] == [f"bundle:{small.agent.id}"]
    deliver(after(90))
    assert [(row.key, row.state) for row in rows()] == [(None, "done")]


def test_a_delivered_bundle_is_forgotten_and_its_notifications_stay(small, ticket, postbox, deliver):
    announce(ticket)
    deliver(after(0))
    deliver(after(90))
    assert outbox.sweep_done(after(99)) >= 1
    db.session.commit()
    assert rows() == []
    assert db.session.scalars(sa.select(Notification.bundle_id).where(Notification.channel == "mail")).all() == [None]


def test_a_mail_that_was_cut_comes_again_as_the_same_mail_without_what_happened_since(small, ticket, postbox, deliver):
    postbox.on_data = [CUT]
    announce(ticket, 50)
    deliver(after(0))
    announce(ticket, 50, target="first_response")
    deliver(after(30))
    deliver(after(91))
    announce(ticket, 75)
    deliver(after(93))
    deliver(after(100))
    deliver(after(215))
    cut, (again, later) = postbox.cut[0], postbox.to(small.agent)
    assert again["Message-ID"] == cut["Message-ID"] != later["Message-ID"]
    assert text_of(again) == text_of(cut)
    assert again["Subject"] == f"#{ticket.number} Printer: 2 deadlines come nearer"
    assert later["Subject"] == f"A deadline comes nearer: #{ticket.number} Printer"


def test_while_a_relay_is_down_at_most_one_more_gathers(small, ticket, postbox, deliver):
    postbox.close()
    for minute in range(10):
        announce(ticket, 101 + minute)
        deliver(after(60 * minute))
    assert [row.key is None for row in rows()] == [True, False]
    postbox.open()
    for minute in (60, 61, 62):
        deliver(after(60 * minute))
    assert len(postbox.to(small.agent)) == 2


def test_what_went_out_of_sight_falls_out_and_an_empty_bundle_sends_nothing(small, ticket, postbox, deliver):
    announce(ticket)
    announce(ticket, action="notify_assignee", target="first_response")
    deliver(after(0))
    ticket.escalate(small.second, "Cable", small.agent)
    small.agent.memberships.clear()
    deliver(after(0))
    deliver(after(90))
    assert postbox.to(small.agent) == []
    assert [row.state for row in rows(lane=f"mail:person:{small.agent.id}")] == ["done"]


def test_who_is_away_finds_one_digest_on_the_first_morning(small, office, ticket, postbox, deliver):
    away(small.agent, "2082-12-01 00:00", "2082-12-08 00:00")
    for day in range(1, 6):
        announce(ticket, 100 + day, target=("resolution", "first_response")[day % 2])
        deliver(at(f"2082-12-0{day} 15:00"))
        deliver(at(f"2082-12-0{day} 15:02"))
    assert postbox.to(small.agent) == []
    deliver(at("2082-12-08 09:01"))
    (letter,) = postbox.to(small.agent)
    assert letter["Subject"] == f"#{ticket.number} Printer: 2 deadlines have passed"


def test_who_leaves_before_the_mail_is_written_gets_it_after(small, office, ticket, postbox, deliver):
    announce(ticket)
    deliver(at("2082-11-30 19:00"))
    away(small.agent, "2082-12-01 00:00", "2082-12-03 00:00")
    deliver(at("2082-12-01 09:01"))
    announce(ticket, 150)
    deliver(at("2082-12-02 09:01"))
    assert postbox.to(small.agent) == []
    deliver(at("2082-12-03 09:01"))
    assert len(postbox.to(small.agent)) == 1
    assert sorted(row.state for row in rows()) == ["done", "done"]


def test_who_returns_early_need_not_wait_for_the_announced_end(small, office, ticket, postbox, deliver):
    absence = away(small.agent, "2082-12-01 00:00", "2082-12-18 00:00")
    announce(ticket)
    deliver(at("2082-12-01 15:00"))
    absence.ends_at = at("2082-12-03 00:00")
    absences.renew()
    record("absence.ended", absence, small.agent, person="Agent")
    deliver(at("2082-12-02 20:00"))
    assert postbox.to(small.agent) == []
    deliver(at("2082-12-03 09:01"))
    assert len(postbox.to(small.agent)) == 1


def test_a_desk_that_was_down_over_the_evening_waits_for_the_morning(small, office, ticket, postbox, deliver):
    announce(ticket)
    deliver(at("2082-11-30 17:30"))
    deliver(at("2082-11-30 22:00"))
    assert postbox.to(small.agent) == []
    deliver(at("2082-12-01 09:01"))
    assert len(postbox.to(small.agent)) == 1


def test_what_fell_due_in_the_last_minute_of_work_is_told_just_after_it(small, office, ticket, postbox, deliver):
    announce(ticket)
    deliver(at("2082-11-30 17:59:30"))
    deliver(at("2082-11-30 18:01:02"))
    assert len(postbox.to(small.agent)) == 1


def test_more_than_twenty_mails_a_minute_are_gathered(small, postbox, deliver):
    for number in range(PROMPT_MAILS + 30):
        factories.ticket(small.aigul, small.printer, subject=f"Printer {number}")
    deliver(after(0))
    assert len(postbox.to(small.agent)) == PROMPT_MAILS
    deliver(after(91))
    assert postbox.to(small.agent)[-1]["Subject"] == "30 tickets: what is new"
    factories.ticket(small.aigul, small.printer, subject="Calm again")
    deliver(after(200))
    assert postbox.to(small.agent)[-1]["Subject"].endswith("Calm again")


def test_the_requester_is_never_gathered(small, ticket, postbox, deliver):
    for number in range(PROMPT_MAILS + 5):
        ticket.reply(f"Answer {number}", small.agent)
    deliver(after(0))
    assert len(postbox.to(small.aigul)) == PROMPT_MAILS + 5


def test_a_handler_run_twice_gathers_once(small, ticket, postbox):
    announce(ticket)
    db.session.commit()
    row = db.session.scalar(sa.select(OutboxRow).filter_by(kind="notify", state="waiting"))
    for _time in range(2):
        HANDLERS["notify"](row, BEGAN)
        db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count(Notification.bundle_id))) == 1
    assert len(rows()) == 1


def test_a_bundle_that_was_given_up_before_it_was_written_does_not_swallow_the_next(small, ticket, postbox, deliver):
    announce(ticket)
    deliver(after(0))
    db.session.execute(sa.update(OutboxRow).filter_by(kind="bundle").values(state="dead"))
    announce(ticket, 150)
    deliver(after(10))
    deliver(after(90))
    assert len(postbox.to(small.agent)) == 1
    outbox.retry(rows()[0].id, after(100))
    deliver(after(110))
    assert len(postbox.to(small.agent)) == 2


def test_a_refused_digest_is_a_dead_letter_that_can_be_tried_again(small, ticket, postbox, deliver):
    postbox.on_rcpt = ["550 no such user"]
    announce(ticket)
    deliver(after(0))
    deliver(after(91))
    (row,) = rows()
    assert (row.state, "550 no such user" in row.last_error) == ("dead", True)
    outbox.retry(row.id, after(95))
    deliver(after(96))
    assert len(postbox.to(small.agent)) == 1


def test_while_there_is_no_relay_it_goes_on_gathering(small, ticket, postbox, deliver):
    announce(ticket)
    deliver(after(0))
    relay.change(host="")
    deliver(after(91))
    assert ("no relay is set" in rows()[0].last_error, rows()[0].key) == (True, f"bundle:{small.agent.id}")
    relay.change(host="127.0.0.1")
    deliver(after(600))
    assert len(postbox.to(small.agent)) == 1


def test_nobody_is_gathered_for_who_has_no_address(small, ticket, postbox, deliver):
    small.agent.email = "agent@import.invalid"
    announce(ticket)
    deliver(after(0))
    assert rows() == []
