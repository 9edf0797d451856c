"""The web form of people without an account: nothing is filed before an address is confirmed, and nobody is told
whether it is known."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import Organisation, User
from app.accounts.sign_in import digest
from app.channels.email.models import Mailbox
from app.channels.form import actions, limits, routes
from app.channels.form.models import FormRequest
from app.channels.form.settings import form as settings
from app.channels.ways import channels
from app.core import clock, outbox
from app.core.db import db
from app.core.outbox import OutboxRow
from app.core.pace import Pace
from app.core.relay import relay
from app.tickets.models import Ticket
from tests import factories, people
from tests.experiments.forms import fields
from tests.postbox import html_of, text_of

pytestmark = pytest.mark.slow

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
FILLED = {"name": "Nurlan", "address": "nurlan@client.example", "subject": "No water", "body": "On the *third* floor."}


@pytest.fixture
def moment(monkeypatch):
    """Noon; `moment(hours)` lets so many hours go by."""
    now = [NOON]
    monkeypatch.setattr(clock, "now", lambda: now[0])

    def later(hours=0.0):
        now[0] += timedelta(hours=hours)
        return now[0]

    return later


@pytest.fixture
def desk_with_form(desk, postbox, moment, monkeypatch):
    """A desk with one request type whose form is open."""
    people.user("root", administrator=True)
    made = factories.request_type("water", people.team("service-desk", 1))
    channels.change(form=True)
    monkeypatch.setattr(routes, "SENDINGS", Pace(1000))
    db.session.commit()
    return made


@pytest.fixture
def stranger(desk_with_form, client):
    return client


def send(browser, code=200, lang="en", **about):
    answer = browser.post(f"/form?lang={lang}", data=FILLED | about)
    assert answer.status_code == code, answer.text
    return answer


def count(model, *conditions) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions))


def delivered(postbox):
    """What the outbox has sent by now."""
    outbox.drain(clock.now(), "test")
    return postbox.letters


def link(postbox) -> str:
    """The path of the newest confirm link."""
    return re.search(r"(/form/\S+)", text_of(delivered(postbox)[-1])).group(1)


def confirm(browser, path, code=200):
    page = browser.get(path).text
    answer = browser.post(path, data=fields(page, path) if f'action="{path}"' in page else {})
    assert answer.status_code == code, answer.text
    return answer


def test_it_is_off_on_a_new_desk(desk, client):
    people.user("root", administrator=True)
    assert {client.get("/form").status_code, client.post("/form").status_code, client.get("/form/x").status_code,
            client.post("/form/x").status_code} == {404}


def test_a_confirmed_request_becomes_a_ticket_of_a_new_customer(stranger, postbox):
    db.session.add(Organisation(slug="client", name="Client Ltd", domains=["client.example"]))
    send(stranger)
    assert count(Ticket) == 0 and count(User, User.is_customer) == 0
    path = link(postbox)
    assert "On the *third* floor." in stranger.get(path).text and count(Ticket) == 0
    answer = confirm(stranger, path)
    ticket = db.session.scalar(sa.select(Ticket))
    assert f"Its number is {ticket.number}" in answer.text
    assert (ticket.subject, ticket.channel, ticket.requester.name, ticket.filed_by_id) == ("No water", "form", "Nurlan",
                                                                                            None)
    assert (ticket.requester.email, ticket.requester.is_customer, ticket.requester.organisation.name) == (
        "nurlan@client.example", True, "Client Ltd")
    said = ticket.messages[0]
    assert (said.body, said.format, said.channel, said.kind) == ("On the *third* floor.", "text", "form", "incoming")


def test_who_is_known_stays_who_they_are(stranger, postbox):
    people.user("aigul")
    send(stranger, address="Aigul@Jardam.example", name="Somebody else")
    confirm(stranger, link(postbox))
    requester = db.session.scalar(sa.select(Ticket)).requester
    assert (requester.email, requester.name) == ("aigul@jardam.example", "Aigul")
    assert count(User, User.is_customer) == 0


def test_an_account_that_is_switched_off_files_nothing(stranger, postbox):
    people.user("aigul").is_active = False
    send(stranger, address="aigul@jardam.example")
    path = link(postbox)
    assert "switched off" in confirm(stranger, path, 403).text
    assert count(Ticket) == 0 and count(FormRequest, FormRequest.confirmed_at.is_not(None)) == 0


def test_the_answer_is_the_same_whether_the_address_is_known(stranger):
    people.user("aigul")
    known, unknown = (send(stranger, address=f"{name}@jardam.example").text.replace(name, "") for name in
                      ("aigul", "nobody"))
    assert known == unknown


def test_the_mail_holds_none_of_the_writer_s_words(stranger, postbox):
    send(stranger, name="WORD-n", subject="WORD-s", body="WORD-b", address="x@client.example")
    letter = delivered(postbox)[0]
    assert "WORD" not in letter.as_string() and "WORD" not in text_of(letter) + html_of(letter)
    assert letter["Auto-Submitted"] == "auto-generated" and postbox.envelopes[0][1] == ["x@client.example"]


def test_the_mail_speaks_the_language_of_the_form(stranger, postbox):
    send(stranger, lang="ru")
    assert "lang=ru" in text_of(delivered(postbox)[0])
    assert '<html lang="ky"' in stranger.get("/form?lang=ky").text
    assert '<html lang="ru"' in stranger.get("/form", headers={"Accept-Language": "ru"}).text
    assert stranger.get("/form?lang=xx").status_code == 200


def test_the_token_is_stored_as_its_hash_and_survives_a_second_try(stranger, postbox):
    send(stranger)
    postbox.on_data = ["451 later"]
    delivered(postbox)
    row = db.session.scalar(sa.select(OutboxRow).where(OutboxRow.kind == "form_confirm"))
    first = row.payload["token"]
    row.available_at = clock.now()
    db.session.commit()
    token = re.search(r"/form/([^?]+)", link(postbox)).group(1)
    request = db.session.scalar(sa.select(FormRequest))
    assert request.token_hash == digest(token) and len(token) >= 43
    assert row.payload["token"] == first and token not in str(row.payload)


def test_twice_is_harmless(stranger, postbox):
    send(stranger)
    path = link(postbox)
    page = stranger.get(path).text
    answers = [stranger.post(path, data=fields(page, path)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200] and answers[0].text == answers[1].text
    assert count(Ticket) == 1
    assert "Its number is" in stranger.get(path).text
    assert db.session.scalar(sa.select(FormRequest)).body == ""


def test_a_link_of_yesterday_says_so(stranger, postbox, moment):
    send(stranger)
    path = link(postbox)
    moment(24)
    assert "has run out" in stranger.get(path).text
    assert stranger.get(path).status_code == stranger.post(path).status_code == 410 and count(Ticket) == 0


def test_a_link_that_is_none_is_not_there(stranger):
    assert stranger.get("/form/nothing").status_code == stranger.post("/form/nothing").status_code == 404


def test_old_ones_are_forgotten(stranger, moment):
    send(stranger)
    assert actions.forget(moment(24 * 7)) == 0
    assert actions.forget(moment(25)) == 1


def test_while_there_is_no_relay_the_mail_waits_for_one(stranger, postbox, moment):
    send(stranger)
    port = relay.port
    relay.change(host="")
    db.session.commit()
    assert delivered(postbox) == []
    relay.change(host="127.0.0.1", port=port)
    db.session.commit()
    moment(1)
    assert len(delivered(postbox)) == 1


def test_what_is_confirmed_before_the_mail_leaves_is_not_asked_about(stranger, postbox, moment):
    send(stranger)
    moment(25)
    assert delivered(postbox) == []


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("address", "x@"), ("address", "help@jardam.example"),
                                              ("address", "desk@client.example"), ("address", "a@caller.invalid"),
                                              ("subject", " "), ("body", ""), ("body", "x" * 20_001)])
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(stranger, field, value):
    db.session.add(Mailbox(name="Desk", address="it@client.example", aliases=["desk@client.example"], way="pipe"))
    page = send(stranger, 400, **{field: value}).text
    assert f'id="{field}-error"' in page and 'aria-invalid="true"' in page
    assert re.search(rf'aria-describedby="[^"]*{field}-error"', page)
    kept = {name: text for name, text in FILLED.items() if name != field}
    assert all(text in page for text in kept.values())
    assert count(FormRequest) == count(OutboxRow) == 0


def test_a_mailbox_is_asked_three_times_until_it_answers_and_five_times_a_day(stranger, postbox, moment):
    for _ in range(3):
        send(stranger)
    assert "third" in send(stranger, 429).text
    assert "wait to be confirmed" in send(stranger, 429).text
    send(stranger, address="another@client.example")
    for letter in delivered(postbox)[:3]:
        confirm(stranger, re.search(r"(/form/\S+)", text_of(letter)).group(1))
    for _ in range(2):
        send(stranger)
    assert count(FormRequest, FormRequest.email == "nurlan@client.example") == 5
    confirm(stranger, link(postbox))
    assert "in a day" in send(stranger, 429).text
    moment(24)
    send(stranger)


def test_the_desk_takes_so_many_in_an_hour(stranger, moment):
    settings.change(per_hour=2)
    for number in range(2):
        send(stranger, address=f"{number}@client.example")
    assert "too many requests at the moment" in send(stranger, 429).text
    moment(1)
    send(stranger)


def test_one_host_sends_so_many_in_an_hour(stranger, monkeypatch):
    monkeypatch.setattr(limits, "PER_HOST_AND_HOUR", 2)
    for number in range(2):
        send(stranger, address=f"{number}@client.example")
    send(stranger, 429)


def test_one_host_sends_so_many_in_a_minute(stranger, monkeypatch):
    monkeypatch.setattr(routes, "SENDINGS", Pace(1))
    send(stranger)
    page = send(stranger, 429).text
    assert "wait a minute" in page and "third" in page


def test_a_program_that_fills_in_everything_gets_the_same_answer_and_nothing_is_kept(stranger):
    assert send(stranger, website="https://spam.example").text == send(stranger).text
    assert count(FormRequest) == 1


def test_without_a_relay_nothing_is_taken(stranger):
    relay.change(host="")
    page = stranger.get("/form")
    assert page.status_code == 503 and "cannot be used" in page.text and "<button" not in page.text


def test_no_cookie_is_needed_or_set(desk_with_form, desk):
    """With the guard against forged requests on: in a frame of another site a browser sends no cookie."""
    browser = desk.test_client(use_cookies=False)
    assert desk.config["WTF_CSRF_ENABLED"]
    assert "Set-Cookie" not in browser.get("/form").headers
    assert "Set-Cookie" not in send(browser).headers


def test_the_confirmation_asks_for_its_token(desk_with_form, desk, postbox):
    browser = desk.test_client()
    send(browser)
    assert browser.post(link(postbox)).status_code == 400 and count(Ticket) == 0


def test_only_the_form_may_be_framed_and_only_by_the_sites_named(stranger, postbox):
    send(stranger)
    path = link(postbox)
    assert "frame-ancestors 'none'" in stranger.get("/form").headers["Content-Security-Policy"]
    settings.change(sites=["https://intranet.example", "https://shop.example:8443"])
    for answer in (stranger.get("/form"), send(stranger), send(stranger, 400, body="")):
        assert "frame-ancestors https://intranet.example https://shop.example:8443;" in answer.headers[
            "Content-Security-Policy"]
        assert "X-Frame-Options" not in answer.headers
    for other in (path, "/form/none", "/session"):
        answer = stranger.get(other)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"
    channels.change(form=False)
    assert stranger.get("/form").headers["X-Frame-Options"] == "DENY"


def test_what_may_be_asked_for_is_chosen_by_the_administrator(stranger, desk_with_form, postbox):
    team = people.team("network", 2)
    second = factories.request_type("roads", team)
    secret = factories.request_type("secret", team, is_confidential=True)
    assert 'name="request_type"' not in stranger.get("/form").text
    settings.change(request_types=[desk_with_form.id, second.id, secret.id])
    page = stranger.get("/form").text
    assert ">roads<" in page and "secret" not in page
    send(stranger, 400, request_type=str(secret.id))
    send(stranger, request_type=str(second.id))
    confirm(stranger, link(postbox))
    assert db.session.scalar(sa.select(Ticket)).request_type.slug == "roads"


def test_what_is_no_longer_offered_falls_to_what_is(stranger, desk_with_form, postbox):
    second = factories.request_type("roads", people.team("network", 2))
    settings.change(request_types=[desk_with_form.id, second.id])
    send(stranger, request_type=str(second.id))
    settings.change(request_types=[desk_with_form.id])
    db.session.commit()
    confirm(stranger, link(postbox))
    assert db.session.scalar(sa.select(Ticket)).request_type.slug == "water"


def test_the_words_above_the_form_are_plain_text(stranger):
    settings.change(intro={"en": "<b>Hello</b>"})
    assert "&lt;b&gt;Hello" in stranger.get("/form").text
