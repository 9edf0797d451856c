"""The administrator's own words for a message: seen before they are saved, kept in versions, never a template."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app.core import clock, outbox
from app.core.db import db
from app.core.events import Event, record
from app.core.i18n import LANGUAGES
from app.notifications import sample, wordings
from app.notifications.letters import Said
from app.notifications.models import Wording
from tests import factories
from tests.postbox import html_of, postbox, text_of

pytestmark = pytest.mark.slow

__all__ = ["postbox"]
PATH = "/admin/wordings/ticket_replied/en"
FORGED = "[click](http://evil.example) <b>x</b> **bold** `c` ![i](http://evil.example/i.png)"


def values(**about):
    ticket = SimpleNamespace(number=12, subject="Printer", is_confidential=False,
                             requester=SimpleNamespace(name="Aigul"))
    return {"ticket": ticket, "number": "#12", "url": "https://desk.example/tickets/12", "actor": "Agent",
            "desk": "Desk", "reader": SimpleNamespace(name="Aigul"), "quote": Said("Do **this**"),
            "promise": lambda: "Soon", "look": lambda part: "", **about}


def fill(body, subject="x", name="ticket_replied", **about):
    return wordings.fill(name, subject, body, values(**about))


@pytest.fixture
def deliver(desk, place):
    def drain():
        db.session.commit()
        with desk.app_context():
            while outbox.drain(clock.now(), "test"):
                pass
        db.session.expire_all()

    return drain


def test_what_is_put_in_is_text_and_a_link_is_a_link():
    filled = fill("Hello {requester.name},\n\nsee [the request]({ticket.link}) or {ticket.link}",
                  "{ticket.number}: {ticket.subject}")
    assert filled.subject == "#12: Printer"
    assert filled.text.startswith("Hello Aigul,\n\nsee [the request](https://desk.example/tickets/12)")
    assert filled.html.count('href="https://desk.example/tickets/12"') == 2
    assert ">the request</a>" in filled.html


@pytest.mark.parametrize("forged", [FORGED, "# heading", "- list", "1. list", "    code", "***", "a\n\nb", "&lt;b&gt;",
                                    "https://evil.example", "<https://evil.example>", "[x]: http://evil.example",
                                    "{desk.name}", "{{ 7 * 7 }}", "{% raw %}", "\\", "javascript:alert(1)"])
def test_a_subject_or_a_name_never_becomes_markup(forged):
    ticket = SimpleNamespace(number=12, subject=forged, is_confidential=False,
                             requester=SimpleNamespace(name=forged))
    filled = fill("{ticket.subject}\n\n[x] {requester.name} [y]({requester.name})", "{ticket.subject}", ticket=ticket)
    for sign in ("<b>", "<strong>", "<code>", "<h1>", "<li>", "<hr>", "<img", '">click', "javascript:alert(1)\"", "49"):
        assert sign not in filled.html.replace('href="javascript', "")
    assert 'href="javascript' not in filled.html
    assert "\n" not in filled.subject
    assert " ".join(forged.split()) in filled.text


def test_what_was_said_is_drawn_by_itself_and_changes_nothing_around_it():
    filled = fill("Before [here]\n{words}\nafter", quote=Said("[here]: http://evil.example\n\n```\nopen **fence**"))
    assert "evil.example" not in filled.html
    assert "<p>Before [here]</p>" in filled.html
    assert "<p>after</p>" in filled.html
    assert "open **fence**" in filled.html
    plain = fill("{words}", quote=Said("<script>*x*", "text"))
    assert "&lt;script&gt;*x*" in plain.html


def test_what_was_said_stands_nowhere_but_on_a_line_of_its_own():
    assert wordings.wrong_with("ticket_replied", "x", "He said: {words}")[1]
    assert not wordings.wrong_with("ticket_replied", "x", "He said:\n{words}\nSo long")[1]
    assert wordings.wrong_with("ticket_replied", "{words}", "x")[0]
    assert wordings.wrong_with("ticket_replied", "{ticket.link}", "x")[0]


def test_of_a_confidential_ticket_nothing_tells_its_content():
    ticket = SimpleNamespace(number=12, subject="Harassment", is_confidential=True,
                             requester=SimpleNamespace(name="Aigul"))
    filled = fill("{ticket.number} {ticket.subject} {requester.name}\n\n{words}", "{ticket.subject}", ticket=ticket,
                  quote=Said())
    assert filled.html.strip() == "<p>#12</p>"
    assert filled.subject == ""


def test_the_acknowledgement_has_nothing_of_its_sender():
    for name in ("words", "ticket.subject", "requester.name", "reader.name", "agent.name"):
        assert name not in wordings.MESSAGES["ticket_acknowledged"].placeholders


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", wordings.MESSAGES)
def test_the_original_words_are_words_that_could_be_saved(desk, name, language):
    subject, body = sample.original(name, language)
    assert subject and body
    assert wordings.wrong_with(name, subject, body) == ([], [])
    reader = SimpleNamespace(name="Aigul", time_zone=None)
    filled = sample.preview(name, language, subject, body, reader, clock.now())
    assert "{" not in filled.text
    assert "{" not in filled.html


def test_a_message_may_have_every_placeholder_it_names(desk):
    reader = SimpleNamespace(name="Aigul", time_zone=None)
    for name, message in wordings.MESSAGES.items():
        body = "\n\n".join(f"{{{one}}}" for one in message.placeholders)
        assert wordings.wrong_with(name, "x", body) == ([], [])
        filled = sample.preview(name, "en", "x", body, reader, clock.now())
        assert "{" not in filled.text


def test_the_list_names_every_message_with_one_query_for_all(root, statements):
    page = root.get("/admin/wordings").text
    assert page.count("/admin/wordings/ticket_replied/") == len(LANGUAGES)
    few = statements(lambda: root.get("/admin/wordings"))
    for name in wordings.MESSAGES:
        db.session.add(Wording(name=name, language="en", subject="x", body="x", changed_at=clock.now()))
    assert statements(lambda: root.get("/admin/wordings")) == few
    assert "your own words" in root.get("/admin/wordings").text


def test_own_words_are_seen_then_saved_then_taken_back(place, root, save, filled):
    body = "Hello {reader.name}!\n\n{words}"
    seen = root.post(f"{PATH}/preview", data=filled(PATH, body=body))
    assert seen.status_code == 200
    assert "Hello root!" in seen.text.replace("Root", "root")
    assert db.session.scalar(sa.select(Wording)) is None
    assert save(PATH, subject="News of {ticket.number}", body=body).status_code == 302
    own = db.session.scalars(sa.select(Wording)).one()
    assert (own.name, own.language, own.body) == ("ticket_replied", "en", body)
    assert save(PATH, body="Other").status_code == 302
    assert root.post(f"{PATH}/removal").status_code == 303
    assert root.post(f"{PATH}/removal").status_code == 303
    events = db.session.scalars(sa.select(Event).where(Event.subject_type == "wording").order_by(Event.id)).all()
    assert [event.kind for event in events] == ["wording.changed", "wording.changed", "wording.restored"]
    assert events[1].data["changes"]["body"] == [body, "Other"]
    assert events[2].data["changes"]["body"] == ["Other", ""]
    assert "ticket_replied" in root.get("/admin/events?kind=wording.restored").text


@pytest.mark.parametrize("way", ["", "/preview"])
def test_an_unknown_placeholder_is_named_and_what_was_typed_stays(root, filled, way):
    answer = root.post(PATH + way, data=filled(PATH, body="Dear {customer.name}, {7*7}"))
    assert answer.status_code == 400
    assert "There is no placeholder {customer.name} here." in answer.text
    assert "Dear {customer.name}, {7*7}" in answer.text


def test_the_second_saver_is_told(root, filled, save):
    mine = filled(PATH, body="Mine")
    save(PATH, body="Theirs")
    answer = root.post(PATH, data=mine)
    assert answer.status_code == 409
    assert "Mine" in answer.text


@pytest.mark.parametrize("path", ["/admin/wordings/nothing/en", "/admin/wordings/ticket_replied/de",
                                  "/admin/wordings/digest/en"])
def test_what_is_no_message_is_not_there(root, path):
    assert root.get(path).status_code == 404


def test_a_mail_says_the_own_words_in_the_frame_of_the_message(place, postbox, deliver):
    db.session.add(Wording(name="ticket_replied", language="en", subject="News of {ticket.number}",
                           body="**Hello {requester.name}**\n\n{words}\n\n{{ 7 * 7 }}", changed_at=clock.now()))
    ticket = factories.ticket(place.aigul, place.printer, subject="Printer")
    ticket.take(place.bakyt)
    deliver()
    postbox.letters.clear()
    ticket.reply("New *toner*", place.bakyt)
    deliver()
    (letter,) = postbox.to(place.aigul)
    assert letter["Subject"] == f"News of #{ticket.number}"
    assert "<strong>Hello Aigul</strong>" in html_of(letter)
    assert "New <em>toner</em>" in html_of(letter)
    assert "New *toner*" in text_of(letter)
    assert "{{ 7 * 7 }}" in html_of(letter)
    assert f"/tickets/{ticket.number}" in html_of(letter)
    assert "You get this because you asked for it." in text_of(letter)
    assert "replied to the request" not in text_of(letter)
    place.aigul.language = "ru"
    ticket.reply("New *toner*", place.bakyt)
    deliver()
    assert "Hello" not in text_of(postbox.to(place.aigul)[-1])


def test_own_words_of_an_invitation_keep_its_link(place, postbox, deliver):
    db.session.add(Wording(name="invitation", language="en", subject="Come to {desk.name}",
                           body="[Choose a password]({link}) within {hours} hours", changed_at=clock.now()))
    record("user.invited", place.aigul, place.root)
    deliver()
    (letter,) = postbox.letters
    assert letter["Subject"] == "Come to Jardam"
    assert html_of(letter).count("/password/") == 2
