"""The ways in, as an administrator switches them, and what the web form may do."""

import pytest
import sqlalchemy as sa

from app.catalogue.vocabulary import CHANNELS
from app.channels.email.models import Mailbox
from app.channels.form.settings import form
from app.channels.ways import WAYS, channels, is_on
from app.core.db import db
from app.core.events import Event
from tests import factories, people
from tests.experiments.forms import fields

pytestmark = pytest.mark.slow

WAYS_PAGE, FORM_PAGE = "/admin/ways", "/admin/ways/form"


def test_every_channel_is_a_way_and_has_a_name():
    assert list(CHANNELS) == list(WAYS) and all(str(way.label) for way in WAYS.values())


def test_a_new_desk_takes_everything_but_the_web_form(desk):
    assert {name: is_on(name) for name in WAYS} == {
        "web": True, "email": True, "phone": True, "walk_in": True, "form": False, "api": True}


def test_a_way_is_switched_off_and_written_down(root, save):
    assert save(WAYS_PAGE, phone=None).status_code == 303
    assert not is_on("phone") and is_on("walk_in")
    told = db.session.scalar(sa.select(Event).where(Event.kind == "setting.changed").order_by(Event.id.desc()))
    assert told.data["changes"] == {"channels.phone": [True, False]}
    assert 'href="/calls/phone"' not in root.get(WAYS_PAGE).text
    assert save(WAYS_PAGE, phone="y").status_code == 303 and is_on("phone")


def test_who_saves_over_somebody_else_is_told(root, filled):
    sent = filled(WAYS_PAGE, form="y")
    channels.change(phone=False)
    assert root.post(WAYS_PAGE, data=sent).status_code == 409
    assert not is_on("form")


def test_the_page_says_how_many_mailboxes_are_read(root):
    assert "0 mailboxes are read" in root.get(WAYS_PAGE).text
    db.session.add(Mailbox(name="Desk", address="it@desk.example", way="pipe"))
    assert "1 mailbox is read" in root.get(WAYS_PAGE).text


def test_a_choice_of_a_way_that_is_off_is_not_offered(client, place):
    channels.change(phone=False, email=False)
    browser = people.sign_in(client, place.bakyt)
    page = browser.get("/tickets/new/printer").text
    assert 'value="walk_in"' in page and 'value="web"' in page
    assert 'value="phone"' not in page and 'value="email"' not in page
    sent = fields(page, "/tickets") | {"subject": "S", "body": "B", "channel": "phone"}
    assert browser.post("/tickets", data=sent).status_code == 400


def test_without_the_web_employees_are_told_the_other_ways_and_agents_go_on(client, place):
    channels.change(web=False)
    db.session.add(Mailbox(name="Desk", address="it@desk.example", way="pipe"))
    browser = people.sign_in(client, place.aigul)
    page = browser.get("/tickets/new").text
    assert "it@desk.example" in page and "Call the desk" in page
    assert 'href="/tickets/new"' not in browser.get("/tickets").text.split("<main")[0]
    assert browser.get("/tickets/new/printer").status_code == 404
    assert browser.post("/tickets", data={"request_type": "printer", "subject": "S", "body": "B"}).status_code == 404
    people.sign_in(client, place.bakyt)
    assert client.get("/tickets/new/printer").status_code == 200


def test_what_is_under_way_goes_on_without_the_web(client, place):
    ticket = factories.ticket(place.aigul, place.printer)
    channels.change(web=False)
    browser = people.sign_in(client, place.aigul)
    page = browser.get(f"/tickets/{ticket.number}").text
    action = f"/tickets/{ticket.number}/answers"
    assert browser.post(action, data=fields(page, action) | {"body": "And?"}).status_code == 303


def test_the_form_s_settings_are_kept(root, place, filled):
    sent = filled(FORM_PAGE, sites="https://WWW.example.com/\nhttp://localhost:8000", intro_en="Hello", per_hour="7")
    assert root.post(FORM_PAGE, data=sent | {"request_types": [str(place.printer.id)]}).status_code == 303
    assert (form.sites, form.intro, form.per_hour, form.request_types) == (
        ["https://www.example.com", "http://localhost:8000"], {"en": "Hello"}, 7, [place.printer.id])
    assert "https://www.example.com\nhttp://localhost:8000</textarea>" in root.get(FORM_PAGE).text


@pytest.mark.parametrize("site", ["example.com", "https://*", "https://a.example/path", "https://a.example;x *",
                                  "'self'", "javascript:x", "https://-a.example", "https://a..example", "https://"])
def test_what_is_no_site_is_refused(save, site):
    answer = save(FORM_PAGE, sites=site)
    assert answer.status_code == 400 and "not the address of a site" in answer.text
    assert form.sites == []


def test_confidential_kinds_are_not_offered_outside(root, place, filled):
    secret = factories.request_type("secret", place.first, is_confidential=True)
    assert ">secret<" not in root.get(FORM_PAGE).text
    assert root.post(FORM_PAGE, data=filled(FORM_PAGE) | {"request_types": [str(secret.id)]}).status_code == 400


def test_the_page_gives_the_frame_to_copy(root):
    page = root.get(FORM_PAGE).text
    assert "&lt;iframe src=&#34;" in page or '&lt;iframe src="http' in page
    assert "/form" in page and "switched off" in page
    channels.change(form=True)
    assert "switched off" not in root.get(FORM_PAGE).text


def test_the_page_costs_the_same_however_many_kinds_there_are(root, place, statements):
    few = statements(lambda: root.get(FORM_PAGE))
    for number in range(20):
        factories.request_type(f"kind-{number}", place.first)
    assert statements(lambda: root.get(FORM_PAGE)) == few
