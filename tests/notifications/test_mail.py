"""From what happened to a mail in somebody's box, through a real relay that is not always there."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts import links
from app.accounts.models import LinkToken
from app.core import clock, outbox
from app.core.db import db
from app.core.events import Event, record
from app.core.outbox import OutboxRow
from app.core.registries import HANDLERS
from app.core.relay import relay
from app.notifications.models import Notification
from app.tickets import actions
from tests import factories
from tests.postbox import CUT, html_of, text_of

pytestmark = pytest.mark.slow


@pytest.fixture
def ticket(small, deliver):
    """A request that Agent has taken; what was told of that is out of the way."""
    made = factories.ticket(small.aigul, small.printer, subject="Принтер")
    made.take(small.agent)
    deliver()
    return made


def rows(kind="mail"):
    return list(db.session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == kind).order_by(OutboxRow.id)))


def later(minutes):
    return clock.now() + timedelta(minutes=minutes)


def subjects(letters):
    return [letter["Subject"] for letter in letters]


def test_a_reply_reaches_the_requester_once_in_their_language(small, ticket, postbox, deliver):
    small.aigul.language = "ky"
    ticket.reply("Бөлмө **12**?", small.agent)
    deliver()
    deliver()
    (letter,) = postbox.to(small.aigul)
    assert postbox.envelopes[-1] == ("help@jardam.example", ["aigul@jardam.example"])
    assert letter["Subject"] == f"[#{ticket.number}] Принтер"
    assert "Бөлмө **12**?" in text_of(letter)
    assert f"http://127.0.0.1:8000/tickets/{ticket.number}" in text_of(letter)
    assert '<html lang="ky">' in html_of(letter)
    assert "<strong>12</strong>" in html_of(letter)


def test_each_reads_times_in_the_own_zone(small, ticket, postbox, deliver):
    until = clock.now().replace(hour=20, minute=30, second=0, microsecond=0) + timedelta(days=5)
    small.waiting.needs_date = True
    ticket.hold(small.waiting, small.agent, until=until)
    deliver()
    (letter,) = postbox.to(small.aigul)
    assert "02:30" in text_of(letter)


def test_a_handler_run_twice_tells_once(small, ticket, postbox):
    ticket.reply("Done", small.agent)
    db.session.commit()
    row = next(row for row in rows("notify") if row.state == "waiting")
    for _time in range(2):
        HANDLERS["notify"](row, clock.now())
        db.session.commit()
    told = db.session.scalars(sa.select(Notification).where(Notification.event_id == row.event_id)).all()
    assert sorted((one.user.name, one.channel) for one in told) == [("Aigul", "app"), ("Aigul", "mail")]
    assert [row.key for row in rows()] == [f"mail:{row.event_id}:{small.aigul.id}"]


def test_a_relay_that_is_down_delays_and_loses_nothing(small, ticket, postbox, deliver):
    postbox.close()
    for body in ("first", "second", "third"):
        ticket.reply(body, small.agent)
    deliver()
    assert [row.attempts for row in rows()] == [1, 0, 0]
    assert db.session.scalar(sa.select(sa.func.count()).where(Notification.channel == "app",
                                                              Notification.user_id == small.aigul.id)) == 3
    postbox.open()
    deliver()
    assert postbox.letters == []
    for minutes in (1, 2, 3):
        deliver(later(minutes))
    assert [text_of(letter).splitlines()[2] for letter in postbox.to(small.aigul)] == ["first", "second", "third"]


def test_refused_for_now_arrives_once_and_in_order(small, ticket, postbox, deliver):
    postbox.on_data = ["451 later"]
    ticket.reply("first", small.agent)
    ticket.reply("second", small.agent)
    deliver()
    deliver(later(1))
    assert [text_of(letter).splitlines()[2] for letter in postbox.letters] == ["first", "second"]
    assert [row.state for row in rows()] == ["done", "done"]


def test_refused_for_good_is_a_dead_letter_and_the_next_one_goes(small, ticket, postbox, deliver):
    postbox.on_rcpt = ["550 no such user"]
    ticket.reply("first", small.agent)
    ticket.reply("second", small.agent)
    deliver()
    dead, done = rows()
    assert (dead.state, done.state) == ("dead", "done")
    assert "550 no such user" in dead.last_error
    assert [text_of(letter).splitlines()[2] for letter in postbox.letters] == ["second"]
    outbox.retry(dead.id, clock.now())
    deliver()
    assert len(postbox.letters) == 2


def test_cut_after_the_data_comes_again_with_the_same_message_id(small, ticket, postbox, deliver):
    postbox.on_data = [CUT]
    ticket.reply("Done", small.agent)
    deliver()
    deliver(later(1))
    assert len(postbox.letters) == 1
    assert postbox.cut[0]["Message-ID"] == postbox.letters[0]["Message-ID"]


def test_who_lost_sight_of_the_ticket_gets_nothing(small, ticket, postbox, deliver):
    actions.watch(ticket, small.bakyt, small.agent)
    postbox.close()
    ticket.reply("Done", small.agent)
    deliver()
    actions.unwatch(ticket, small.bakyt, small.agent)
    postbox.open()
    for minutes in (1, 2, 3):
        deliver(later(minutes))
    assert postbox.to(small.bakyt) == []
    assert len(postbox.to(small.aigul)) == 1
    assert {row.state for row in rows()} == {"done"}


def test_a_note_is_not_mailed_to_who_is_no_agent_any_more(small, ticket, postbox, deliver):
    postbox.close()
    ticket.note("Coffee", small.rival)
    deliver()
    actions.watch(ticket, small.agent, small.rival)
    ticket.assign(None, small.rival)
    small.agent.memberships.clear()
    postbox.open()
    for minutes in (1, 2, 3):
        deliver(later(minutes))
    assert postbox.to(small.agent) == []


def test_of_a_confidential_ticket_the_mail_says_the_number_only(small, postbox, deliver):
    small.printer.is_confidential = True
    ticket = factories.ticket(small.aigul, small.printer, subject="Harassment", body="By my boss")
    deliver()
    ticket.reply("We are sorry about your boss", small.agent)
    ticket.note("Call the boss", small.rival)
    ticket.escalate(small.second, "The boss again", small.agent)
    deliver()
    assert {str(letter["To"]) for letter in postbox.letters} == {
        f"{name} <{name.lower()}@jardam.example>" for name in ("Aigul", "Agent", "Rival", "Expert")}
    for letter in postbox.letters:
        assert f"#{ticket.number}" in letter["Subject"]
        for secret in ("Harassment", "boss"):
            assert secret not in letter["Subject"] + text_of(letter) + html_of(letter)


def test_the_acknowledgement_carries_no_text_of_the_sender(small, postbox, deliver):
    ticket = factories.ticket(small.aigul, small.printer, subject="BUY NOW", body="http://evil.example", by=small.agent)
    deliver()
    (letter,) = postbox.to(small.aigul)
    assert letter["Subject"] == f"Your request #{ticket.number} is filed"
    for text in ("BUY NOW", "evil.example"):
        assert text not in text_of(letter) + html_of(letter)


def test_what_is_written_cannot_become_markup_or_template(small, ticket, postbox, deliver):
    ticket.reply("<script>alert(1)</script> {{ 7 * 7 }} {% raw %}", small.agent)
    deliver()
    html = html_of(postbox.letters[-1])
    assert "<script>" not in html
    assert "{{ 7 * 7 }}" in html


def test_a_reply_that_resolves_is_one_mail(small, ticket, postbox, deliver):
    now = clock.now()
    ticket.reply("New toner", small.agent, now)
    ticket.resolve(small.agent, now)
    deliver()
    (letter,) = postbox.to(small.aigul)
    assert "New toner" in text_of(letter)
    assert "The request is resolved" in text_of(letter)
    ticket.receive("Still grey", small.aigul, later(1))
    deliver()
    assert subjects(postbox.to(small.agent) + postbox.to(small.rival)) == [
        f"[#{ticket.number}] Принтер"]
    assert db.session.scalar(sa.select(sa.func.count()).where(
        Notification.user_id == small.aigul.id, Notification.channel == "app")) == 2


@pytest.mark.parametrize("verb", ["assign", "note", "remind", "escalate", "hand_back", "tell_lead", "reopen", "cancel",
                                  "warn", "breach"])
def test_every_message_can_be_written(small, lead, ticket, postbox, deliver, verb):
    for person in (small.aigul, small.agent, small.rival, small.expert, lead):
        person.language = "ru"
    about_timers = {"target": "resolution", "cycle": 1, "is_late": False, "actions": ["notify_assignee"],
                    "due": "2026-11-02T09:00:00+00:00"}
    verbs = {
        "assign": lambda: ticket.assign(small.rival, small.agent), "note": lambda: ticket.note("x", small.rival),
        "remind": lambda: record("ticket.reminded", ticket),
        "escalate": lambda: ticket.escalate(small.second, "x", small.agent),
        "hand_back": lambda: (ticket.escalate(small.second, "x", small.agent), ticket.hand_back("y", small.expert)),
        "tell_lead": lambda: ticket.tell_lead("x", small.agent),
        "reopen": lambda: (ticket.resolve(small.agent), ticket.reopen(small.agent)),
        "cancel": lambda: ticket.cancel("x", small.agent),
        "warn": lambda: record("sla.warned", ticket, share=75, **about_timers),
        "breach": lambda: record("sla.breached", ticket, share=100, **about_timers),
    }
    verbs[verb]()
    deliver()
    deliver(later(3))
    assert {row.state for row in rows("notify") + rows() + rows("bundle")} == {"done"}
    assert all(re.search(rf"#{ticket.number}\b\]? Принтер", letter["Subject"]) for letter in postbox.letters)
    assert postbox.letters


def test_no_mail_row_without_a_relay_or_an_address(small, ticket, deliver):
    ticket.reply("Done", small.agent)
    deliver()
    assert rows() == []


def test_no_mail_to_people_made_by_an_import(small, ticket, postbox, deliver):
    small.aigul.email = "aigul@import.invalid"
    ticket.reply("Done", small.agent)
    deliver()
    assert rows() == []


def test_an_invitation_carries_a_link_that_stands_nowhere_else(small, postbox, deliver):
    record("user.invited", small.bakyt, small.agent)
    deliver()
    (letter,) = postbox.to(small.bakyt)
    token = text_of(letter).split("/password/")[1].split()[0]
    assert f'href="http://127.0.0.1:8000/password/{token}"' in html_of(letter)
    assert links.find(token, clock.now()).user_id == small.bakyt.id
    stored = [str(row.payload) for row in rows()] + [str(event.data) for event in db.session.scalars(sa.select(Event))]
    assert all(token not in text for text in stored)


def test_an_invitation_repeated_after_a_cut_is_another_mail_with_the_link_that_works(small, postbox, deliver):
    postbox.on_data = [CUT]
    record("user.invited", small.bakyt, small.agent)
    deliver()
    deliver(later(1))
    (letter,) = postbox.letters
    assert letter["Message-ID"] != postbox.cut[0]["Message-ID"]
    assert links.find(text_of(letter).split("/password/")[1].split()[0], clock.now()) is not None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(LinkToken)) == 1


def test_a_password_that_is_asked_for(small, postbox, client, deliver):
    client.post("/password/forgotten", data={"email": "aigul@jardam.example"})
    client.post("/password/forgotten", data={"email": "nobody@jardam.example"})
    deliver()
    (letter,) = postbox.letters
    page = client.get("/password/" + text_of(letter).split("/password/")[1].split()[0])
    assert page.status_code == 200


def test_mail_waits_while_the_relay_is_taken_away(small, ticket, postbox, deliver):
    postbox.on_data = ["451 later"]
    ticket.reply("Done", small.agent)
    deliver()
    relay.change(host="")
    deliver(later(1))
    assert "no relay is set" in rows()[0].last_error
    relay.change(host="127.0.0.1")
    deliver(later(5))
    assert len(postbox.letters) == 1


def test_filing_writes_one_row_to_the_outbox(small, postbox):
    factories.ticket(small.aigul, small.printer)
    db.session.commit()
    assert [row.kind for row in db.session.scalars(sa.select(OutboxRow))] == ["notify"]
