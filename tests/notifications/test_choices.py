"""Each is told as they chose: at once, in a digest, or not; and the rest waits for the end of focus time and night."""

from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa

from app.accounts import absences
from app.accounts.absence_models import Absence, Deputy
from app.attention import focus
from app.core import clock
from app.core.db import db
from app.core.events import record
from app.core.outbox import OutboxRow
from app.core.registries import HANDLERS
from app.notifications import bundles, choices, queries
from app.notifications.models import Notification, Rhythm
from app.notifications.topics import APP, DIGEST, MAIL, NEVER, TOPICS
from app.tickets import actions
from tests import factories
from tests.postbox import text_of
from tests.sla.conftest import at, calendar

pytestmark = pytest.mark.slow

MONDAY = at("2082-11-30 09:30")
"""Long after the real clock's now: nothing is delivered before it was written."""


def choose(person, topic, way, channel=MAIL):
    choices.choose(person, TOPICS[topic], channel, way)


def rhythm(person, digest_at=("09:00",), days=(0, 1, 2, 3, 4), night=(None, None)):
    db.session.merge(Rhythm(user_id=person.id, digest_at=list(digest_at), days=list(days), quiet_from=night[0],
                            quiet_to=night[1]))


def after(minutes, seconds=0):
    return MONDAY + timedelta(minutes=minutes, seconds=seconds)


def in_app(person):
    return db.session.scalar(sa.select(sa.func.count()).where(Notification.user_id == person.id,
                                                              Notification.channel == "app")) or 0


def breach(ticket, share=100, due="2082-11-30 09:30", moment=None):
    return record("sla.breached" if share >= 100 else "sla.warned", ticket, at=moment, target="resolution", cycle=1,
                  share=share, is_late=False, due=at(due).isoformat(), actions=[{"action": "notify_assignee"}])


def away(person, start, end):
    db.session.add(Absence(user_id=person.id, starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 2), starts_at=at(start),
                           ends_at=at(end), reason="leave", made_at=clock.now()))
    absences.renew()


def test_never_by_mail_leaves_the_app_and_the_other_way_round(small, ticket, postbox, deliver):
    choose(small.agent, "conversation", NEVER)
    choose(small.aigul, "my_requests", NEVER, APP)
    ticket.receive("Room 12", small.aigul)
    ticket.reply("Thank you", small.agent)
    before = in_app(small.agent)
    deliver(MONDAY)
    assert (postbox.to(small.agent), in_app(small.agent)) == ([], before + 1)
    assert (len(postbox.to(small.aigul)), in_app(small.aigul)) == (1, 0)


def test_a_topic_is_what_its_reader_is_to_the_ticket(small, ticket, postbox, deliver):
    actions.watch(ticket, small.bakyt, small.agent)
    choose(small.bakyt, "watched", NEVER)
    choose(small.aigul, "watched", NEVER)
    ticket.reply("Room 12?", small.agent)
    deliver(MONDAY)
    assert (len(postbox.to(small.aigul)), postbox.to(small.bakyt)) == (1, [])


def test_a_digest_comes_at_its_time_with_all_that_gathered(small, ticket, postbox, deliver):
    choose(small.aigul, "my_requests", DIGEST)
    rhythm(small.aigul, ["17:00"])
    other = factories.ticket(small.aigul, small.printer, subject="Scanner")
    ticket.reply("One", small.agent)
    other.reply("Two", small.agent)
    deliver(MONDAY)
    deliver(at("2082-11-30 16:59"))
    assert postbox.to(small.aigul) == []
    deliver(at("2082-11-30 17:00"))
    (letter,) = postbox.to(small.aigul)
    assert letter["Subject"] == "2 tickets: what is new"
    deliver(at("2082-12-01 17:00"))
    assert len(postbox.to(small.aigul)) == 1


def test_a_digest_waits_for_its_day_and_for_who_is_away(small, ticket, postbox, deliver):
    choose(small.aigul, "my_requests", DIGEST)
    rhythm(small.aigul, ["09:00"])
    away(small.aigul, "2082-12-07 00:00", "2082-12-09 00:00")
    ticket.reply("One", small.agent)
    deliver(at("2082-12-04 10:00"))
    for moment in ("2082-12-05 09:01", "2082-12-07 09:01", "2082-12-08 09:01"):
        deliver(at(moment))
    assert postbox.to(small.aigul) == []
    deliver(at("2082-12-09 09:00"))
    assert len(postbox.to(small.aigul)) == 1


def test_who_goes_away_before_the_digest_finds_it_on_return(small, ticket, postbox, deliver):
    choose(small.aigul, "my_requests", DIGEST)
    ticket.reply("One", small.agent)
    deliver(MONDAY)
    away(small.aigul, "2082-12-01 00:00", "2082-12-03 00:00")
    deliver(at("2082-12-01 09:01"))
    assert postbox.to(small.aigul) == []
    deliver(at("2082-12-03 09:01"))
    assert len(postbox.to(small.aigul)) == 1


def test_who_returns_early_gets_the_next_digest(small, ticket, postbox, deliver):
    choose(small.aigul, "my_requests", DIGEST)
    away(small.aigul, "2082-11-30 00:00", "2082-12-18 00:00")
    ticket.reply("One", small.agent)
    deliver(MONDAY)
    absence = db.session.scalar(sa.select(Absence))
    absence.ends_at = at("2082-12-01 00:00")
    absences.renew()
    record("absence.ended", absence, None, at("2082-12-01 00:00"), person="Aigul", recorded_at=at("2082-12-01 00:00"))
    deliver(at("2082-12-01 09:00"))
    subjects = [letter["Subject"] for letter in postbox.to(small.aigul)]
    assert [subject for subject in subjects if "Printer" in subject] != []


def test_what_is_digested_does_not_hold_up_what_comes_at_once(small, ticket, postbox, deliver):
    choose(small.agent, "conversation", DIGEST)
    rhythm(small.agent, ["17:00"])
    ticket.receive("Room 12", small.aigul)
    breach(ticket)
    deliver(MONDAY)
    deliver(after(2))
    (letter,) = postbox.to(small.agent)
    assert "deadline" in letter["Subject"]
    deliver(at("2082-11-30 17:00"))
    assert len(postbox.to(small.agent)) == 2


def test_what_was_switched_off_since_falls_out_of_the_digest(small, ticket, postbox, deliver):
    choose(small.aigul, "my_requests", DIGEST)
    ticket.reply("One", small.agent)
    deliver(MONDAY)
    choose(small.aigul, "my_requests", NEVER)
    deliver(at("2082-12-01 09:00"))
    assert postbox.to(small.aigul) == []


def test_a_muted_ticket_is_silent_but_for_what_must_come(small, ticket, postbox, deliver):
    choices.mute(small.agent, ticket, clock.now())
    before = in_app(small.agent)
    ticket.receive("Room 12", small.aigul)
    deliver(MONDAY)
    assert (postbox.to(small.agent), in_app(small.agent)) == ([], before)
    breach(ticket)
    ticket.note("@agent have a look", small.rival)
    ticket.assign(None, small.rival)
    ticket.assign(small.agent, small.rival)
    deliver(after(1))
    deliver(after(3))
    assert in_app(small.agent) == before + 3


def test_in_focus_time_it_waits_and_then_comes_as_one_mail(small, ticket, postbox, deliver):
    other = factories.ticket(small.bakyt, small.printer, subject="Scanner")
    other.take(small.agent)
    deliver(MONDAY)
    focus.begin(small.agent, at("2082-11-30 11:00"), MONDAY)
    ticket.receive("Room 12", small.aigul)
    other.receive("Room 13", small.bakyt)
    before = in_app(small.agent)
    deliver(after(1))
    assert (postbox.to(small.agent), in_app(small.agent)) == ([], before + 2)
    deliver(at("2082-11-30 11:00"))
    (letter,) = postbox.to(small.agent)
    assert letter["Subject"] == "2 tickets: what is new"


def test_focus_time_that_ends_early_lets_out_what_waited(small, ticket, postbox, deliver):
    focus.begin(small.agent, at("2082-11-30 11:00"), MONDAY)
    ticket.receive("Room 12", small.aigul)
    deliver(after(1))
    focus.end(small.agent)
    bundles.reckon_anew(small.agent, after(2))
    deliver(after(2))
    assert len(postbox.to(small.agent)) == 1


def test_what_was_to_wait_for_the_morning_comes_when_focus_time_ends_before_the_evening(
        small, ticket, postbox, deliver):
    """The focus time was to end after the hours of work."""
    small.first.calendar_id = calendar().id
    focus.begin(small.agent, at("2082-11-30 20:00"), at("2082-11-30 16:00"))
    breach(ticket, 75, "2082-12-03 12:00")
    deliver(at("2082-11-30 16:05"))
    focus.end(small.agent)
    bundles.reckon_anew(small.agent, at("2082-11-30 16:30"))
    deliver(at("2082-11-30 16:31"))
    assert len(postbox.to(small.agent)) == 1


def test_focus_time_that_is_prolonged_holds_it_on(small, ticket, postbox, deliver):
    focus.begin(small.agent, at("2082-11-30 10:00"), MONDAY)
    ticket.receive("Room 12", small.aigul)
    deliver(after(1))
    focus.begin(small.agent, at("2082-11-30 12:00"), after(2))
    deliver(at("2082-11-30 10:01"))
    assert postbox.to(small.agent) == []
    deliver(at("2082-11-30 12:00"))
    assert len(postbox.to(small.agent)) == 1


@pytest.mark.parametrize(("share", "due", "passes"), [
    (100, "2082-11-30 09:29", True), (150, "2082-11-30 08:00", True), (75, "2082-11-30 10:00", True),
    (75, "2082-11-30 15:00", False)])
def test_a_deadline_passes_focus_time_when_it_is_near_or_past(small, ticket, postbox, deliver, share, due, passes):
    focus.begin(small.agent, at("2082-11-30 12:00"), MONDAY)
    breach(ticket, share, due)
    deliver(MONDAY)
    deliver(after(2))
    assert bool(postbox.to(small.agent)) == passes
    deliver(at("2082-11-30 12:01"))
    assert len(postbox.to(small.agent)) == 1


def test_what_is_urgent_does_not_take_along_what_can_wait(small, ticket, postbox, deliver):
    focus.begin(small.agent, at("2082-11-30 12:00"), MONDAY)
    ticket.receive("Room 12", small.aigul)
    breach(ticket, 75, "2082-11-30 18:00")
    breach(ticket)
    deliver(MONDAY)
    deliver(after(2))
    (letter,) = postbox.to(small.agent)
    assert letter["Subject"].startswith("A deadline has passed")
    deliver(at("2082-11-30 12:00"))
    assert len(postbox.to(small.agent)) == 2


def test_who_begins_to_concentrate_keeps_out_what_was_about_to_come(small, ticket, postbox, deliver):
    """The bundle had gathered already: the urgent part of it goes, the rest waits on."""
    breach(ticket, 75, "2082-11-30 18:00")
    deliver(MONDAY)
    breach(ticket, 100, "2082-11-30 09:30")
    focus.begin(small.agent, at("2082-11-30 12:00"), MONDAY)
    deliver(after(0, 20))
    deliver(after(5))
    deliver(after(6))
    assert [letter["Subject"].startswith("A deadline has passed") for letter in postbox.to(small.agent)] == [True]
    deliver(at("2082-11-30 12:00"))
    assert len(postbox.to(small.agent)) == 2


def test_the_lead_and_who_is_mentioned_are_told_in_focus_time(small, lead, ticket, postbox, deliver):
    for person in (lead, small.rival):
        focus.begin(person, at("2082-11-30 12:00"), MONDAY)
    ticket.tell_lead("They shout", small.agent)
    ticket.note("@rival can you help?", small.agent)
    deliver(MONDAY)
    assert (len(postbox.to(lead)), len(postbox.to(small.rival))) == (1, 1)


def test_quiet_hours_hold_what_people_did_until_the_morning(small, ticket, postbox, deliver):
    rhythm(small.agent, night=(time(20), time(7)))
    ticket.receive("Room 12", small.aigul)
    deliver(at("2082-11-30 23:00"))
    deliver(at("2082-12-01 06:59"))
    assert postbox.to(small.agent) == []
    deliver(at("2082-12-01 07:00"))
    assert len(postbox.to(small.agent)) == 1


def test_what_the_desk_did_at_night_waits_for_the_hours_of_work(small, ticket, postbox, deliver):
    small.first.calendar_id = calendar().id
    rhythm(small.agent, night=(time(20), time(7)))
    breach(ticket, 75, "2082-12-01 18:00")
    deliver(at("2082-11-30 23:00"))
    deliver(at("2082-12-01 07:01"))
    assert postbox.to(small.agent) == []
    deliver(at("2082-12-01 09:01"))
    assert len(postbox.to(small.agent)) == 1


def test_quiet_hours_into_the_hours_of_work_hold_what_the_desk_did(small, ticket, postbox, deliver):
    small.first.calendar_id = calendar().id
    rhythm(small.agent, night=(time(22), time(10)))
    breach(ticket, 75, "2082-12-01 18:00")
    deliver(at("2082-11-30 19:00"))
    deliver(at("2082-12-01 09:06"))
    assert postbox.to(small.agent) == []
    deliver(at("2082-12-01 10:00"))
    assert len(postbox.to(small.agent)) == 1


def test_what_follows_on_a_ticket_within_a_minute_is_one_mail(small, ticket, postbox, deliver):
    ticket.assign(small.rival, small.agent)
    deliver(MONDAY)
    ticket.assign(small.agent, small.rival)
    deliver(after(0, 10))
    ticket.assign(small.rival, small.agent)
    ticket.cancel("Never mind", small.aigul)
    deliver(after(0, 20))
    assert len(postbox.to(small.rival)) == 1
    deliver(after(2))
    assert len(postbox.to(small.rival)) == 2
    assert "what is new" in postbox.to(small.rival)[-1]["Subject"]


def test_what_somebody_said_is_never_held_back_for_that(small, ticket, postbox, deliver):
    for number in range(3):
        ticket.reply(f"Answer {number}", small.agent)
        deliver(after(0, number))
    assert len(postbox.to(small.aigul)) == 3


def test_from_an_address_that_bounces_only_the_app_is_left(small, ticket, postbox, deliver):
    small.aigul.bounced_at = clock.now()
    before = in_app(small.aigul)
    ticket.reply("Room 12?", small.agent)
    record("user.reset_asked", small.aigul)
    deliver(MONDAY)
    assert in_app(small.aigul) == before + 1
    assert [letter["Subject"] for letter in postbox.to(small.aigul) if "Printer" in letter["Subject"]] == []
    assert len(postbox.to(small.aigul)) == 1


def test_absences_can_be_switched_off_and_wait_for_the_end_of_focus_time(small, postbox, deliver):
    away(small.agent, "2082-12-05 00:00", "2082-12-06 00:00")
    absence = db.session.scalar(sa.select(Absence))
    focus.begin(small.agent, at("2082-11-30 12:00"), MONDAY)
    record("absence.changed", absence, small.rival, person="Agent")
    deliver(MONDAY)
    assert postbox.to(small.agent) == []
    deliver(at("2082-11-30 12:00"))
    assert len(postbox.to(small.agent)) == 1
    choose(small.agent, "absences", NEVER)
    record("absence.changed", absence, small.rival, person="Agent")
    deliver(at("2082-11-30 13:00"))
    assert len(postbox.to(small.agent)) == 1


@pytest.mark.parametrize(("topic", "channel", "way"), [
    ("account", MAIL, NEVER), ("escalations", APP, NEVER), ("absences", MAIL, DIGEST), ("my_requests", APP, DIGEST),
    ("my_requests", MAIL, "sometimes")])
def test_what_cannot_be_chosen(small, topic, channel, way):
    with pytest.raises(ValueError, match=topic):
        choose(small.agent, topic, way, channel)


def test_what_is_as_usual_is_not_kept(small):
    choose(small.agent, "mentions", NEVER)
    choose(small.agent, "mentions", "now")
    assert db.session.scalars(sa.select(choices.Choice)).all() == []


def test_a_handler_run_twice_gathers_once(small, ticket, postbox):
    choose(small.aigul, "my_requests", DIGEST)
    ticket.reply("One", small.agent)
    db.session.commit()
    row = db.session.scalar(sa.select(OutboxRow).filter_by(kind="notify", state="waiting"))
    for _time in range(2):
        HANDLERS["notify"](row, MONDAY)
        db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count(Notification.bundle_id))) == 1


def test_what_people_chose_costs_the_same_however_many_are_told(small, ticket, statements):
    ticket.note("Hello", small.rival)
    db.session.commit()
    row = db.session.scalar(sa.select(OutboxRow).filter_by(kind="notify", state="waiting"))
    with statements() as few:
        HANDLERS["notify"](row, MONDAY)
    db.session.rollback()
    asked = [text for text in few if "notification_choices" in text or "notification_rhythms" in text]
    assert len(asked) == 2


def test_the_number_in_the_menu_is_still_in_focus_time_but_for_the_urgent(small, ticket, deliver):
    deliver()
    was = queries.unread_count(small.agent)
    focus.begin(small.agent, clock.now() + timedelta(hours=1), clock.now())
    ticket.receive("Room 12", small.aigul)
    deliver()
    assert queries.unread_count(small.agent) is None
    ticket.note("@agent look", small.rival)
    deliver()
    assert queries.unread_count(small.agent) == 1
    focus.end(small.agent)
    assert queries.unread_count(small.agent) == (was or 0) + 2


def test_a_digest_says_what_happened(small, ticket, postbox, deliver):
    choose(small.aigul, "my_requests", DIGEST)
    ticket.reply("Room 12?", small.agent)
    ticket.hold(small.waiting, small.agent)
    deliver(MONDAY)
    deliver(at("2082-12-01 09:00"))
    assert "Agent replied" in text_of(postbox.to(small.aigul)[0])


def test_a_deputy_who_acts_is_not_told_of_the_own_act(small, ticket, postbox, deliver):
    away(small.agent, "2026-01-01 00:00", "2083-01-01 00:00")
    absence = db.session.scalar(sa.select(Absence))
    absence.deputies = [Deputy(kind="tickets", deputy_id=small.rival.id)]
    absences.renew()
    ticket.note("I take over", small.rival)
    deliver(MONDAY)
    assert (postbox.to(small.rival), postbox.to(small.agent)) == ([], [])
    ticket.receive("Room 12", small.aigul)
    deliver(MONDAY)
    assert (len(postbox.to(small.rival)), postbox.to(small.agent)) == (1, [])


def test_who_has_quiet_hours_holds_up_no_other_reader_of_the_same_absence(small, postbox, deliver):
    away(small.agent, "2082-12-05 00:00", "2082-12-06 00:00")
    absence = db.session.scalar(sa.select(Absence))
    absence.deputies = [Deputy(kind="tickets", deputy_id=small.bakyt.id)]
    first, second = sorted((small.agent, small.bakyt), key=lambda person: person.id)
    rhythm(first, night=(time(20), time(7)))
    record("absence.changed", absence, small.rival, person="Agent")
    deliver(at("2082-11-30 23:00"))
    assert (postbox.to(first), len(postbox.to(second))) == ([], 1)
    deliver(at("2082-12-01 07:00"))
    assert len(postbox.to(first)) == 1
