"""What keeps mail from running in circles, counted in the database."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.core.events import Event
from app.notifications.models import Notification
from app.tickets import actions
from tests import factories, people
from tests.postbox import html_of, text_of

from .conftest import answer, mail, said, tickets

pytestmark = pytest.mark.slow

WORDS = "buy my pills"


def count(column, *conditions) -> int:
    return db.session.scalar(sa.select(sa.func.count(column)).where(*conditions))


def mailed(user) -> int:
    return count(Notification.id, Notification.user_id == user.id, Notification.channel == "mail")


def test_a_hundred_mails_of_one_sender_get_one_confirmation_and_wake_nobody_a_hundred_times(
        small, mailbox, come, postbox, deliver):
    for _number in range(100):
        come(mail(small.aigul.email, subject=WORDS, text=WORDS))
    deliver()
    assert len(tickets()) == 100 and mailed(small.aigul) == 1 and mailed(small.agent) == 10
    (letter,) = postbox.to(small.aigul)
    assert WORDS not in f"{letter['Subject']} {text_of(letter)} {html_of(letter)}"
    on_desk = count(Notification.id, Notification.user_id == small.agent.id, Notification.channel == "app")
    assert on_desk == 100


def test_a_flood_of_answers_on_one_ticket_is_told_on_the_desk_only(small, mailbox, come, postbox, deliver):
    ticket = factories.ticket(small.aigul, small.printer)
    ticket.take(small.agent)
    for _number in range(15):
        come(answer(ticket))
    deliver()
    assert len(said(ticket)) == 16
    unmailed = [event for event in db.session.scalars(sa.select(Event).where(Event.kind == "ticket.answered"))
                if "is_unmailed" in event.data]
    assert len(unmailed) == 5


def test_a_flood_from_many_senders_on_one_ticket_is_one_too(small, mailbox, come):
    ticket = factories.ticket(small.aigul, small.printer)
    crowd = [people.user(f"watcher{number}") for number in range(12)]
    for person in crowd:
        actions.watch(ticket, person, small.agent)
    for person in crowd:
        come(answer(ticket, person.email))
    events = db.session.scalars(sa.select(Event).where(Event.kind == "ticket.answered").order_by(Event.id))
    assert ["is_unmailed" in event.data for event in events] == [False] * 10 + [True] * 2


def test_when_the_flood_is_over_mail_goes_out_again(small, mailbox, come):
    now = clock.now()
    for _number in range(11):
        come(mail(), at=now)
    come(mail(), at=now + timedelta(minutes=11))
    events = list(db.session.scalars(sa.select(Event).where(Event.kind == "ticket.filed").order_by(Event.id)))
    assert [("is_unmailed" in event.data) for event in events] == [False] * 10 + [True, False]


@pytest.mark.slow
def test_five_hundred_known_senders_are_each_told_once(small, mailbox, come):
    crowd = [people.user(f"sender{number}").email for number in range(500)]
    for address in crowd:
        come(mail(address))
    told = sa.select(Event.subject_id).where(Event.kind == "ticket.acknowledged")
    assert sorted(db.session.scalars(told)) == [ticket.id for ticket in tickets()] and len(tickets()) == 500
