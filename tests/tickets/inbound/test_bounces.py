"""Reports that a mail did not arrive: they mark an address, and only if they name a mail that we sent there."""

import pytest
import sqlalchemy as sa

from app.channels.email.mail import Bounce
from app.core import outbox
from app.core.db import db
from app.core.events import Event
from app.notifications.models import Notification
from tests import factories

from .conftest import mail, said, signed, tickets


@pytest.fixture
def ticket(small, mailbox):
    made = factories.ticket(small.aigul, small.printer)
    made.take(small.agent)
    db.session.commit()
    return made


@pytest.fixture
def sent(small, ticket):
    """The Message-ID of a mail that went to Aigul."""
    row = outbox.enqueue("mail", key="mail:1:1", user_id=small.aigul.id)
    db.session.commit()
    return signed(ticket, str(row.id))


def report(message_id, recipient="aigul@jardam.example", is_permanent=True):
    return mail(None, automatic="report", text="Undelivered",
                bounce=Bounce(recipient, is_permanent, "5.1.1", "no such user", message_id))


def test_a_mail_come_back_for_good_marks_the_address_and_is_told_to_the_staff(small, ticket, sent, come, deliver):
    row = come(report(sent))
    assert (row.state, row.reason, row.ticket_id) == ("taken", "bounced", ticket.id)
    assert small.aigul.bounced_at is not None and "5.1.1" in small.aigul.bounce_reason
    (note,) = said(ticket, "note")
    assert small.aigul.email in note.body and note.author_id is None and len(tickets()) == 1
    deliver()
    told = db.session.scalars(sa.select(Notification.user_id).join(Event).where(Event.kind == "ticket.noted"))
    assert set(told) == {small.agent.id}


def test_a_second_report_is_no_news(small, ticket, sent, come):
    come(report(sent))
    come(report(sent))
    assert len(said(ticket, "note")) == 1


def test_for_now_is_not_for_good(small, ticket, sent, come):
    assert come(report(sent, is_permanent=False)).reason == "bounce_for_now"
    assert small.aigul.bounced_at is None and said(ticket, "note") == []


@pytest.mark.parametrize("forge", [
    lambda sent: report(sent.replace("desk", "desk")[:-1] + "x@", "aigul@jardam.example"),
    lambda sent: report(""), lambda sent: report("m1@elsewhere.example"),
    lambda sent: report(sent.replace("jardam.t", "jardam.t1")), lambda sent: report(sent, "bakyt@jardam.example"),
    lambda sent: report(sent, "nobody@x.example"),
])
def test_nobody_marks_an_address_by_a_report_about_what_we_did_not_send_there(small, ticket, sent, come, forge):
    row = come(forge(sent))
    assert (row.state, row.reason) == ("dropped", "bounce_elsewhere") and row.said
    assert small.aigul.bounced_at is None and small.bakyt.bounced_at is None and said(ticket, "note") == []


def test_the_page_of_the_ticket_says_that_mail_comes_back(small, ticket, sent, come, browser_of):
    come(report(sent))
    assert "comes back" in browser_of(small.agent).get(f"/tickets/{ticket.id}").text
    assert "comes back" not in browser_of(small.aigul).get(f"/tickets/{ticket.id}").text
