"""Links of mails that switch something off without signing in."""

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.notifications import choices, off
from app.notifications.models import Choice, Mute
from app.notifications.topics import NEVER, TOPICS
from tests import factories

pytestmark = pytest.mark.slow

TOPIC = TOPICS["my_requests"]


@pytest.fixture
def path(desk):
    """The part of a link that a browser of the tests asks for."""

    def of(link):
        return link.removeprefix(desk.config["BASE_URL"])

    return of


@pytest.fixture
def ticket(small):
    return factories.ticket(small.aigul, small.printer, subject="A secret subject")


def kept():
    return [(one.user_id, one.topic, one.channel, one.way) for one in db.session.scalars(sa.select(Choice))]


def test_opening_a_link_changes_nothing_and_says_what_it_would(small, client, path):
    link = path(off.link(small.aigul, TOPIC))
    for _scanner in range(3):
        text = client.get(link).text
    assert client.head(link).status_code == 200
    assert "aigul@jardam.example" in text
    assert "My requests" in text
    assert kept() == []


def test_the_page_speaks_the_language_of_the_mail(small, client, path):
    small.aigul.language = "ru"
    assert '<html lang="ru"' in client.get(path(off.link(small.aigul, TOPIC))).text
    assert client.get("/session").text.count('<html lang="en"') == 1


def test_pressing_the_button_switches_the_mails_of_a_topic_off(small, client, path):
    link = path(off.link(small.aigul, TOPIC))
    assert "It is switched off" in client.post(link).text
    assert client.post(link).status_code == 200
    assert kept() == [(small.aigul.id, "my_requests", "mail", NEVER)]


def test_one_click_of_a_mail_program_needs_no_cookie_and_no_token(small, client, path, desk):
    desk.config["WTF_CSRF_ENABLED"] = True
    answer = client.post(path(off.link(small.aigul, TOPIC)), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert len(kept()) == 1


def test_one_ticket_is_muted_without_a_word_of_it(small, client, path, ticket):
    link = path(off.link(small.aigul, TOPIC, ticket))
    text = client.get(link).text
    assert f"#{ticket.number}" in text
    assert "A secret subject" not in text
    assert client.post(link).status_code == 200
    assert choices.is_muted(small.aigul, ticket)
    assert kept() == []


def test_whoever_is_signed_in_it_is_switched_off_for_the_reader_of_the_mail(small, browser_of, path):
    browser_of(small.bakyt).post(path(off.link(small.aigul, TOPIC)))
    assert [row[0] for row in kept()] == [small.aigul.id]


def test_what_was_not_signed_is_not_there(small, client, path, ticket):
    good = path(off.link(small.aigul, TOPIC, ticket)).rpartition("/")[2]
    number, name, of, signature = good.split(".")
    forged = [f"{int(number) + 1}.{name}.{of}.{signature}", f"{number}.watched.{of}.{signature}",
              f"{number}.{name}.0.{signature}", f"{number}.{name}.{of}.{'0' * 32}", f"{number}.{name}.{of}", good[:-1],
              good + "0", good.upper(), "x", "1.my_requests.0." + "é" * 32, "²." + good]
    for token in forged:
        assert client.get(f"/notifications/off/{token}").status_code == 404
        assert client.post(f"/notifications/off/{token}").status_code == 404
    assert kept() == []
    assert db.session.scalars(sa.select(Mute)).all() == []


def test_of_who_has_gone_it_is_not_there(small, client, path):
    link = path(off.link(small.aigul, TOPIC))
    small.aigul.is_active = False
    assert client.get(link).status_code == 404


def test_what_cannot_be_switched_off_has_no_link(small, ticket):
    assert off.link(small.aigul, TOPICS["account"]) == ""
    assert off.link(small.agent, TOPICS["escalations"]) != ""
    assert off.link(small.agent, TOPICS["escalations"], ticket) == ""
    assert off.link(small.agent, TOPICS["assigned"], ticket) == ""
