"""The start page: each person finds what they come for, at a fixed price."""

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.kb.settings import settings as articles
from tests import factories, people

pytestmark = pytest.mark.slow


def home(client, user):
    return people.sign_in(client, user).get("/").text


def test_stranger_begins_at_the_articles_where_these_are_public(client, place):
    assert client.get("/").location == "/kb"


def test_stranger_is_asked_to_sign_in_and_sees_the_name_of_the_desk(client, place):
    articles.change(is_public=False)
    assert client.get("/").location == "/session?next=/"
    assert "Jardam" in client.get("/session").text


def test_employee_files_from_here_and_sees_the_own_open_requests(client, place):
    mine = factories.ticket(place.aigul, place.printer, subject="My printer")
    factories.ticket(place.bakyt, place.printer, subject="Not mine")
    done = factories.ticket(place.aigul, place.printer, subject="Done already")
    done.resolve(place.bakyt)
    page = home(client, place.aigul)
    assert f"/tickets/{mine.number}" in page and "My printer" in page
    assert "/tickets/new/printer" in page
    assert "Not mine" not in page and "Done already" not in page and "Your queues" not in page


def test_agent_sees_the_own_queues_in_numbers(client, place):
    factories.ticket(place.aigul, place.printer).take(place.bakyt)
    factories.ticket(place.aigul, place.printer)
    page = home(client, place.bakyt)
    assert "Your queues" in page and "/queues/service-desk" in page and "/queues/network" not in page


def test_confidential_tickets_do_not_show_in_the_numbers(client, place):
    secret = factories.request_type("secret", place.first, is_confidential=True)
    ticket = factories.ticket(place.aigul, secret)
    for access in list(ticket.accesses):
        ticket.accesses.remove(access)
    assert '<a class="value" href="/queues/service-desk">0</a>' in home(client, place.bakyt)


def test_type_not_offered_is_not_shown(client, place):
    place.printer.is_active = False
    assert "/tickets/new/printer" not in home(client, place.aigul)


@pytest.mark.parametrize("name", ["aigul", "bakyt", "cholpon", "root"])
def test_page_costs_the_same_with_few_and_with_many_tickets(client, place, statements, name):
    people.sign_in(client, getattr(place, name))
    factories.ticket(place.aigul, place.printer)
    few = statements(lambda: client.get("/"))
    for _ in range(30):
        factories.ticket(place.aigul, place.printer)
    assert statements(lambda: client.get("/")) == few
    assert few < 14


def test_each_language_greets(client, place):
    for code in ("ru", "ky"):
        db.session.execute(sa.update(type(place.aigul)).values(language=code))
        assert f'lang="{code}"' in home(client, place.aigul)
