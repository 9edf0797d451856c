"""New tickets from mail: whose, where, under what, and what their sender is told."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import Organisation, User
from app.channels.email.mail import Address, Forwarded
from app.channels.email.settings import mail as settings
from app.core import clock
from app.core.db import db
from app.core.events import Event
from app.tickets.models import Proposal
from tests import factories, people
from tests.postbox import html_of, text_of

from .conftest import FORGED, mail, said, signed, tickets

pytestmark = pytest.mark.slow

SECRET = "buy-my-pills"


def made():
    return tickets()[-1]


def confirmed() -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(Event.kind == "ticket.acknowledged"))


def test_a_mail_of_somebody_known_is_a_request(small, mailbox, come):
    row = come(mail(small.aigul.email, subject="No paper", text="Since Monday"))
    assert (row.state, row.reason, row.sender) == ("taken", "filed", small.aigul.email)
    ticket = made()
    assert (ticket.subject, ticket.channel, ticket.requester_id, ticket.team_id, ticket.department_id) == (
        "No paper", "email", small.aigul.id, small.first.id, small.office.id)
    (message,) = said(ticket)
    assert (message.body, message.format, message.kind) == ("Since Monday", "text", "incoming")


def test_a_mailbox_has_its_team_and_its_request_type(small, mailbox, come):
    cable = factories.request_type("cable", small.first)
    mailbox.team_id, mailbox.request_type_id = small.second.id, cable.id
    come(mail())
    assert (made().team_id, made().level, made().request_type_id) == (small.second.id, 2, cable.id)


def test_without_one_the_settings_say_the_type(small, mailbox, come):
    factories.request_type("aaa", small.first, position=-1)
    settings.change(request_type="printer")
    come(mail())
    assert made().request_type_id == small.printer.id


def test_a_team_that_is_switched_off_gets_nothing(small, mailbox, come):
    mailbox.team_id, small.second.is_active = small.second.id, False
    come(mail())
    assert made().team_id == small.first.id


@pytest.mark.parametrize(("subject", "text", "becomes"), [
    ("", "First line\nSecond", "First line"), ("", "", "A mail without a subject"), ("x" * 500, "", "x" * 200),
    ("a\r\nBcc: b\x00", "", "a Bcc: b"),
])
def test_a_ticket_always_has_a_subject_of_one_line(small, mailbox, come, subject, text, becomes):
    come(mail(subject=subject, text=text))
    assert made().subject == becomes


def test_a_hint_proposes_and_nothing_more(small, mailbox, come):
    first = come(mail(message_id="one@x.example"))
    second = come(mail(references=["zero@x.example", "one@x.example"]))
    held = db.session.get(Proposal, second.ticket_id)
    assert (second.reason, held.other_id, held.reason) == ("proposed", first.ticket_id, "thread")


def test_the_confirmation_says_number_promise_and_how_to_answer_and_none_of_their_words(
        small, mailbox, come, postbox, deliver):
    come(mail(small.aigul.email, subject=SECRET, text=SECRET, html=f"<b>{SECRET}</b>"))
    deliver()
    (letter,) = postbox.to(small.aigul)
    whole = f"{letter['Subject']} {text_of(letter)} {html_of(letter)}"
    assert f"#{made().number}" in letter["Subject"] and f"/tickets/{made().number}" in whole
    assert "answer this mail" in whole and SECRET not in whole and "Somebody" not in str(letter)


def test_it_can_be_switched_off(small, mailbox, come):
    settings.change(acknowledge=False)
    come(mail())
    assert confirmed() == 0


def test_one_confirmation_in_ten_minutes_and_five_a_day(small, mailbox, come):
    now = clock.now()
    for minute in range(0, 300, 3):
        come(mail(), at=now + timedelta(minutes=minute))
    assert confirmed() == 5 and len(tickets()) == 100
    come(mail(), at=now + timedelta(days=1, minutes=301))
    assert confirmed() == 6


def test_no_confirmation_for_who_is_forged(small, mailbox, come):
    assert come(mail(proof=FORGED)).reason == "filed" and confirmed() == 0


def test_a_desk_that_takes_in_whoever_writes_makes_customers(small, mailbox, come, welcome):
    acme = Organisation(slug="acme", name="Acme", domains=["acme.example"])
    db.session.add(acme)
    row = come(mail("zoe@acme.example", subject="Help"))
    zoe = db.session.scalars(sa.select(User).where(User.email == "zoe@acme.example")).one()
    assert row.reason == "filed" and made().requester_id == zoe.id and made().is_from_customer
    assert (zoe.is_customer, zoe.password_hash, zoe.language, zoe.name, zoe.organisation_id) == (
        True, None, None, "Somebody", acme.id)
    assert confirmed() == 1 and come(mail("zoe@acme.example")).reason == "filed"


def test_even_then_a_stranger_with_a_reference_waits_for_an_agent(small, mailbox, come, welcome):
    ticket = factories.ticket(small.aigul, small.printer)
    assert come(mail("zoe@x.example", references=[signed(ticket)])).reason == "stranger"
    assert come(mail("zoe@x.example", automatic="bulk")).reason == "automatic_unknown"
    assert db.session.scalar(sa.select(User.id).where(User.email == "zoe@x.example")) is None


def forward(sender="zoe@x.example", by="agent@jardam.example", **about):
    first = Forwarded(Address(sender, "Zoe"), "Old subject", "The first words", "<p>The first words</p>")
    return mail(by, subject="Fwd: Old subject", text="See below", forwarded=first, **about)


def test_what_an_agent_forwards_is_the_first_senders(small, mailbox, come):
    row = come(forward(small.aigul.email))
    ticket = made()
    assert row.reason == "forwarded" and ticket.subject == "Old subject"
    assert (ticket.requester_id, ticket.filed_by_id) == (small.aigul.id, small.agent.id)
    message, note = said(ticket)
    assert (message.body, message.author_id, message.entered_by_id) == (
        "The first words", small.aigul.id, small.agent.id)
    assert (note.kind, note.body, note.author_id) == ("note", "See below", small.agent.id)


def test_where_nobody_knows_the_first_sender_it_is_the_agents_own(small, mailbox, come):
    come(forward())
    ticket = made()
    assert ticket.requester_id == small.agent.id and "zoe@x.example" in said(ticket, "note")[0].body


def test_or_a_new_customers_where_such_are_taken_in(small, mailbox, come, welcome):
    come(forward())
    assert made().requester.email == "zoe@x.example" and made().filed_by_id == small.agent.id


def test_a_forged_agent_forwards_nothing(small, mailbox, come):
    row = come(forward(small.aigul.email, proof=FORGED))
    assert row.reason == "filed" and made().requester_id == small.agent.id


def test_the_desk_is_nobodys_first_sender_under_whatever_tag(small, mailbox, come, welcome):
    assert [come(forward(sender)).reason for sender in ("help@desk.example", "help+it@desk.example")] == ["filed"] * 2


def test_an_employee_who_forwards_asks_for_themselves(small, mailbox, come):
    row = come(forward(small.aigul.email, by=small.bakyt.email))
    assert row.reason == "filed" and made().requester_id == small.bakyt.id


def test_a_switched_off_first_sender_gets_no_ticket(small, mailbox, come):
    gone = people.user("gone")
    gone.is_active = False
    come(forward(gone.email))
    assert made().requester_id == small.agent.id


def test_on_a_desk_that_takes_in_everybody_a_mail_without_a_sender_is_filed_too(small, mailbox, come):
    """Nothing is lost; whoever it was gets no mail, and takes part in nothing."""
    settings.change(unknown_senders="accept")
    row = come(mail(None, text="Somebody's words"))
    ticket = made()
    assert (row.state, row.reason, ticket.messages[0].body) == ("taken", "filed", "Somebody's words")
    assert ticket.requester.is_customer and ticket.requester.email.endswith(".invalid")
    again = come(mail(None, text="Other words", references=[signed(ticket.id)]))
    assert again.state == "held" and len(ticket.messages) == 1
