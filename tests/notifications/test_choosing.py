"""The page on which people say how they want to be told."""

import re
from datetime import time

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.core.outbox import OutboxRow
from app.notifications import bundles, choices
from app.notifications.models import Choice, Notification, Rhythm
from app.notifications.topics import TOPICS, shown_to
from tests import factories, people
from tests.notifications.test_pages import fill

pytestmark = pytest.mark.slow

PAGE = "/notifications/settings"
AS_USUAL = {
    **{f"app_{name}": "y" for name, topic in TOPICS.items() if len(topic.app) > 1},
    **{f"mail_{name}": topic.mail[0] for name, topic in TOPICS.items() if len(topic.mail) > 1},
    "digest_1": "09:00", "days": ["0", "1", "2", "3", "4"],
}


def without(*names):
    return {name: value for name, value in AS_USUAL.items() if name not in names}


def kept(person):
    return {(one.topic, one.channel): one.way
            for one in db.session.scalars(sa.select(Choice).where(Choice.user_id == person.id))}


def test_strangers_are_asked_to_sign_in(small, client):
    assert "next=/notifications/settings" in client.get(PAGE).location
    assert [client.post(address).status_code for address in (PAGE, f"{PAGE}/removal", "/focus", "/focus/removal")] \
        == [401] * 4


def test_requesters_see_what_concerns_them_and_staff_sees_more(small):
    assert [topic.name for topic in shown_to(small.aigul)] == ["my_requests", "watched", "ratings"]
    assert "team_queue" in [topic.name for topic in shown_to(small.agent)]
    assert "account" not in [topic.name for topic in shown_to(small.agent)]


def test_the_page_stands_with_what_holds(small, browser_of):
    choices.choose(small.agent, TOPICS["team_queue"], "mail", "digest")
    text = browser_of(small.agent).get(PAGE).text
    assert '<option selected value="digest">In the digest</option>' in text
    assert 'name="digest_1" type="time" value="09:00"' in text
    assert "Always in the app" in text


def test_what_was_chosen_is_kept_and_shown_again(small, browser_of):
    browser = browser_of(small.agent)
    chosen = without("app_watched") | {"mail_team_queue": "digest", "mail_absences": "never",
                                       "digest_1": "17:30", "digest_2": "08:15", "days": ["5", "0"],
                                       "quiet_from": "22:00", "quiet_to": "7:00"}
    assert browser.post(PAGE, data=chosen).status_code == 303
    assert kept(small.agent) == {("watched", "app"): "never", ("team_queue", "mail"): "digest",
                                 ("absences", "mail"): "never"}
    rhythm = db.session.get(Rhythm, small.agent.id)
    assert (rhythm.digest_at, rhythm.days, rhythm.quiet_from, rhythm.quiet_to) == (
        ["08:15", "17:30"], [0, 5], time(22), time(7))
    text = browser.get(PAGE).text
    assert 'value="08:15"' in text
    assert 'value="07:00"' in text


def test_back_to_what_is_usual_keeps_muted_tickets_aside(small, browser_of):
    browser = browser_of(small.agent)
    browser.post(PAGE, data=AS_USUAL | {"mail_team_queue": "never", "quiet_from": "22:00", "quiet_to": "07:00"})
    assert browser.post(f"{PAGE}/removal").status_code == 303
    assert (kept(small.agent), db.session.get(Rhythm, small.agent.id)) == ({}, None)


@pytest.mark.parametrize(("typed", "said"), [
    ({"digest_1": "25:00"}, "Write a time as 09:30"),
    ({"digest_1": "soon"}, "Write a time as 09:30"),
    ({"quiet_from": "22:00"}, "a beginning and an end"),
    ({"quiet_from": "22:00", "quiet_to": "22:00"}, "another time"),
    ({"quiet_from": "08:00", "quiet_to": "10:00"}, "lies in the quiet hours"),
    ({"digest_1": "", "digest_3": "", "mail_team_queue": "digest"}, "Say when"),
    ({"days": [], "mail_team_queue": "digest"}, "at least one day"),
    ({"mail_team_queue": "sometimes"}, "Not a valid choice"),
    ({"days": ["9"]}, "is not a valid choice"),
])
def test_what_makes_no_sense_is_refused_and_what_was_typed_stays(small, browser_of, typed, said):
    answer = browser_of(small.agent).post(PAGE, data=AS_USUAL | {"mail_watched": "never", "digest_3": "18:45"} | typed)
    assert answer.status_code == 400
    assert said in answer.text
    assert ('value="18:45"' in answer.text) == ("digest_3" not in typed)
    assert '<option selected value="never">' in answer.text
    assert kept(small.agent) == {}


def test_rubbish_is_no_error(small, browser_of):
    for data in ({}, {"digest_1": "9" * 5000}, {"days": "x" * 900}, {"app_mentions": "\0"}, {"quiet_to": "٢٢:٠٠"}):
        assert browser_of(small.agent).post(PAGE, data=data).status_code in (303, 400)


def test_who_may_choose_nothing_more_changes_nothing_of_it(small, browser_of):
    browser_of(small.aigul).post(PAGE, data=AS_USUAL | {"mail_team_queue": "never", "mail_account": "never"})
    assert kept(small.aigul) == {}


def test_what_waits_takes_the_new_times(small, browser_of):
    digest = bundles.gather(small.agent.id, clock.now(), bundles.DIGEST)
    browser_of(small.agent).post(PAGE, data=AS_USUAL | {"digest_1": "23:59", "days": list("0123456")})
    moment = db.session.get(OutboxRow, digest).available_at
    assert (moment.hour, moment.minute) == (17, 59)


def test_the_address_from_which_mail_comes_back_is_said(small, browser_of):
    small.agent.bounced_at, small.agent.bounce_reason = clock.now(), "550 no such user"
    assert "550 no such user" in browser_of(small.agent).get(PAGE).text


def test_focus_time_begins_and_ends(small, browser_of):
    browser = browser_of(small.agent)
    began = clock.now()
    assert browser.post("/focus", data={"minutes": "60"}).location == "/notifications"
    assert 3500 < (small.agent.focus_until - began).total_seconds() < 3700
    assert "You concentrate until" in browser.get("/notifications").text
    assert browser.post("/focus/removal", data={"next": "/tickets"}).location == "/tickets"
    assert small.agent.focus_until is None


@pytest.mark.parametrize("data", [{}, {"minutes": "0"}, {"minutes": "721"}, {"minutes": "x"}, {"minutes": "9" * 50},
                                  {"until": "99:99"}])
def test_focus_time_that_makes_no_sense_does_not_begin(small, browser_of, data):
    browser = browser_of(small.agent)
    assert browser.post("/focus", data=data | {"next": "https://evil.example"}).location == "/notifications"
    assert small.agent.focus_until is None


def test_who_concentrates_is_marked_where_work_is_given_out(small, browser_of):
    ticket = factories.ticket(small.aigul, small.printer)
    browser_of(small.rival).post("/focus", data={"minutes": "60"})
    assert "Rival (concentrates until" in browser_of(small.agent).get(f"/tickets/{ticket.number}/assignment").text


def test_a_ticket_is_muted_by_who_sees_it(small, browser_of):
    ticket = factories.ticket(small.aigul, small.printer)
    page = f"/tickets/{ticket.number}"
    browser = browser_of(small.agent)
    assert "Tell me nothing more of it" in browser.get(page).text
    for _twice in range(2):
        assert browser.post(f"{page}/mute").location == page
    assert "You muted this ticket" in browser.get(page).text
    assert browser.post(f"{page}/mute/removal").status_code == 303
    assert not choices.is_muted(small.agent, ticket)
    stranger = browser_of(people.user("stranger"))
    assert [stranger.post(f"{page}/mute{end}").status_code for end in ("", "/removal")] == [404, 404]


def test_unread_ones_can_be_shown_alone_and_say_why(small, browser_of, deliver):
    ticket = factories.ticket(small.aigul, small.printer, subject="Printer in room 12")
    ticket.take(small.agent)
    ticket.reply("Done?", small.agent)
    deliver()
    browser = browser_of(small.aigul)
    text = browser.get("/notifications?show=unread").text
    assert "Printer in room 12 · You asked for it." in text
    browser.post("/notifications/reading", data={"up_to": "99999999"})
    assert "Nothing is unread" in browser.get("/notifications?show=unread").text
    assert "Printer in room 12" in browser.get("/notifications").text


def test_the_next_page_of_the_unread_is_of_the_unread_too(small, browser_of, deliver):
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.reply("Done?", small.agent)
    deliver()
    fill(small.aigul, ticket, db.session.scalar(sa.select(Notification.event_id)), 30)
    browser = browser_of(small.aigul)
    page = browser.get("/notifications?show=unread").text
    older = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert "show=unread" in older
    assert browser.get(older).text.count("data-row") == 6
