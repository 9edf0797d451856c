"""What could not be sent, in words: to whom, about which ticket, why; trying again, and giving up for good."""

import smtplib
import socket

import pytest
import sqlalchemy as sa

from app.channels.email import send
from app.core import clock, outbox
from app.core.db import db
from app.core.events import Event, record
from app.core.outbox import OutboxRow, PermanentFailure
from app.core.relay import relay
from app.notifications.models import Notification
from tests import factories

pytestmark = pytest.mark.slow


@pytest.fixture
def dead(place):
    """A mail to Aigul about a ticket, refused."""
    relay.change(host="relay.example", sender="help@jardam.example")
    ticket = factories.ticket(place.aigul, place.printer, subject="Printer")
    row = outbox.enqueue("mail", event=record("ticket.reminded", ticket), user_id=place.aigul.id)
    return refused(row)


def refused(row, error="SMTPRecipientsRefused: {'aigul@jardam.example': (450, b'greylisted')}"):
    row.state, row.last_error, row.attempts, row.ended_at = "dead", error, 55, clock.now()
    db.session.flush()
    return row


def test_a_dead_mail_says_to_whom_about_what_and_why(root, dead):
    page = root.get("/admin/outbox").text
    assert "aigul@jardam.example" in page
    assert f'href="/tickets/{dead.event.subject_id}"' in page
    assert "refused the address of the recipient: 450 greylisted." in page


def test_gathered_mail_says_about_which_tickets(root, place):
    row = refused(outbox.enqueue("bundle", user_id=place.aigul.id))
    tickets = [factories.ticket(place.aigul, place.printer) for _time in range(2)]
    for ticket in tickets:
        db.session.add(Notification(event=record("ticket.reminded", ticket), user_id=place.aigul.id, channel="mail",
                                    ticket_id=ticket.id, created_at=clock.now(), bundle_id=row.id))
    page = root.get("/admin/outbox").text
    assert "Gathered mail" in page
    assert all(f'href="/tickets/{ticket.id}">#{ticket.id}</a>' in page for ticket in tickets)


def test_all_of_one_kind_is_tried_again(root, place, dead):
    other, alive = refused(outbox.enqueue("notify")), outbox.enqueue("mail")
    refused(outbox.enqueue("mail"))
    assert root.post("/admin/outbox/retry", data={"kind": "mail"}).status_code == 303
    assert [row.state for row in (dead, other, alive)] == ["waiting", "dead", "waiting"]
    assert dead.attempts == 0
    assert "2 things will be tried again" in root.get("/admin/outbox").text


def test_giving_up_for_good_needs_a_reason_and_is_written_down(root, dead):
    assert root.post(f"/admin/outbox/{dead.id}/removal", data={"reason": " "}).status_code == 303
    assert dead.state == "dead"
    for _time in range(2):
        root.post(f"/admin/outbox/{dead.id}/removal", data={"reason": "She has left"})
    assert dead.state == "done"
    (event,) = db.session.scalars(sa.select(Event).where(Event.kind == "outbox.dropped"))
    assert event.data["reason"] == "She has left"
    assert "She has left" in root.get("/admin/events?kind=outbox.dropped").text
    assert root.post(f"/admin/outbox/{dead.id}/retry").status_code == 302
    assert dead.state == "done"
    for number in (404404, 2**63, 10**30):
        assert root.post(f"/admin/outbox/{number}/removal", data={"reason": "x"}).status_code == 303


def test_the_page_costs_the_same_however_much_there_is(root, place, statements, dead):
    few = statements(lambda: root.get("/admin/outbox"))
    for _time in range(30):
        ticket = factories.ticket(place.aigul, place.printer)
        refused(outbox.enqueue("mail", event=record("ticket.reminded", ticket), user_id=place.bakyt.id))
    assert statements(lambda: root.get("/admin/outbox")) == few
    assert db.session.scalar(sa.select(sa.func.count()).where(OutboxRow.state == "dead")) == 31


@pytest.mark.parametrize(("error", "words"), [
    (ConnectionRefusedError(111, "Connection refused"), "nothing answers on port 25"),
    (socket.gaierror(-2, "Name or service not known"), "The host relay.example was not found"),
    (TimeoutError("timed out"), "did not answer on port 25"),
    (smtplib.SMTPDataError(451, b"later"), "relay.example refused: 451 later."),
    (smtplib.SMTPAuthenticationError(535, b"no"), "refused the user name or the password: 535 no."),
    (smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), "closed the connection"),
    (OSError("Network is unreachable"), "cannot be reached: Network is unreachable."),
    (PermanentFailure("554 we know you"), "refused the mail for good: 554 we know you."),
    (PermanentFailure("“x” is not an address"), "“x” is not an address"),
    (KeyError("x"), ""),
])
def test_an_error_that_was_written_down_is_said_as_the_error_itself(desk, error, words):
    relay.change(host="relay.example", port=25)
    said = send.remembered(f"{type(error).__name__}: {error}", send.route())
    assert words in said
    assert bool(said) == bool(words)


def test_without_a_relay_that_is_said(desk):
    assert send.remembered("OSError: no relay is set", send.route()) == "No relay is set."
    assert send.remembered("", send.route()) == ""
