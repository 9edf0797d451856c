"""Health, what is outgoing, the audit list; and that none of it exists for anybody else."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock, lease, outbox
from app.core.db import db
from app.core.events import record
from app.core.outbox import OutboxRow
from tests import factories, people

pytestmark = pytest.mark.slow


def paths(app, method):
    """Every address of the administration, with a number or a name where one is asked for."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/admin") and method in rule.methods]
    return [re.sub(r"<[^>]+>", "1", rule.rule) for rule in rules]


@pytest.mark.parametrize("name", ["aigul", "bakyt", "cholpon"])
def test_administration_does_not_exist_for_anybody_else(client, app, place, name):
    people.sign_in(client, getattr(place, name))
    assert [path for path in paths(app, "GET") if client.get(path).status_code != 404] == []
    assert [path for path in paths(app, "POST") if client.post(path).status_code != 404] == []
    assert "Administration" not in client.get("/").text


def test_strangers_are_asked_to_sign_in(client, app, place):
    assert {client.get(path).status_code for path in paths(app, "GET")} == {302}
    assert {client.post(path).status_code for path in paths(app, "POST")} == {401}


def test_overview_says_who_does_the_background_work(root):
    assert "Nobody does it at this moment" in root.get("/admin").text
    lease.hold("scheduler", "host-a:1")
    assert "host-a:1" in root.get("/admin").text


def test_overview_tells_what_was_given_up(root):
    db.session.add(dead(outbox.enqueue("mail", to="x")))
    assert "1 thing was given up" in root.get("/admin").text


def dead(row):
    row.state, row.last_error, row.attempts = "dead", "OSError: no route to host", 12
    return row


def test_what_was_given_up_is_shown_with_its_error_and_tried_again(root):
    row = dead(outbox.enqueue("mail", to="x"))
    db.session.commit()
    assert "no route to host" in root.get("/admin/outbox").text
    assert root.post(f"/admin/outbox/{row.id}/retry").status_code == 302
    assert (row.state, row.attempts) == ("waiting", 0)
    root.post(f"/admin/outbox/{row.id}/retry")
    assert row.attempts == 0


def test_what_waits_is_shown_apart(root):
    outbox.enqueue("mail", at=clock.now() + timedelta(hours=1))
    assert "Everything has been sent" not in root.get("/admin/outbox?state=waiting").text
    assert "Nothing here" in root.get("/admin/outbox").text


def test_outgoing_costs_the_same_however_much_there_is(root, statements):
    dead(outbox.enqueue("mail"))
    few = statements(lambda: root.get("/admin/outbox"))
    for _ in range(60):
        dead(outbox.enqueue("mail"))
    assert statements(lambda: root.get("/admin/outbox")) == few
    assert statements(lambda: root.get("/admin")) < 40  # half of it checks the settings: 20 ms
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxRow)) == 61


def test_audit_shows_who_changed_what_from_what_to_what(root, place):
    record("user.changed", place.aigul, by=place.root, changes={"name": ["Aigul", "Aigul T."]})
    page = root.get("/admin/events").text
    assert "Aigul → Aigul T." in page and "Root" in page


def test_audit_keeps_the_content_of_tickets_to_itself(root, place):
    ticket = factories.ticket(place.aigul, place.printer)
    ticket.change({"subject": "What nobody should read"}, place.bakyt)
    page = root.get("/admin/events").text
    assert "ticket.changed" in page and "What nobody should read" not in page


def test_audit_is_filtered_by_kind_and_person(root, place):
    record("user.changed", place.aigul, by=place.root, changes={"name": ["a", "by root"]})
    record("team.changed", place.first, by=place.bakyt, changes={"level": ["x", "by bakyt"]})
    assert "by bakyt" not in root.get("/admin/events?kind=user.changed").text
    assert "by root" not in root.get("/admin/events?actor=bakyt").text
    assert "by root" in root.get("/admin/events?kind=nonsense").text
    assert "Nothing found" in root.get("/admin/events?actor=nobody-like-that").text


def test_audit_goes_on_by_pages_with_the_same_number_of_statements(root, place, statements):
    record("user.changed", place.aigul, by=place.root, changes={"name": ["", "number-00"]})
    few = statements(lambda: root.get("/admin/events"))
    for number in range(1, 60):
        record("user.changed", place.aigul, by=place.root, changes={"name": ["", f"number-{number:02}"]})
    for address in ("/admin/events", "/admin/events?kind=user.changed"):
        assert statements(lambda address=address: root.get(address)) == few
        first = root.get(address).text
        further = root.get(re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")).text
        assert "number-59" in first and "number-59" not in further and "number-30" in further


def test_audit_speaks_in_sentences_and_plain_values(root, place):
    changes = {"names": [None, {"en": "Printers"}], "is_active": [None, True]}
    record("team.changed", place.first, by=place.root, changes=changes)
    page = root.get("/admin/events").text
    assert "Root changed the team" in page and "– → en: Printers" in page and "– → Yes" in page
