"""E21: two desks that confirm what comes in write to each other and fall silent after at most three mails, also when
what stands between them takes away every mark of a machine. Real bytes, real processes that understand them."""

import io
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app import create_app
from app.channels.email import intake
from app.channels.email.keep import keep
from app.channels.email.models import InboundMail, Mailbox
from app.channels.email.settings import mail as settings
from app.core import clock, outbox, schema
from app.core.db import db
from app.core.relay import relay
from app.tickets.models import Ticket
from tests import factories, people
from tests.postbox import Postbox

pytestmark = [pytest.mark.real, pytest.mark.slow]
MARKS = ("Auto-Submitted", "X-Auto-Response-Suppress", "X-Jardam-Loop", "Precedence", "Return-Path")
LISTS = ("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post")
THREAD = ("References", "In-Reply-To")


@pytest.fixture
def two_desks(tmp_path):
    desks = [_desk(tmp_path / name, name) for name in ("a", "b")]
    yield desks
    for desk in desks:
        desk.box.close()
        with desk.app.app_context():
            db.engine.dispose()


def _desk(folder, name):
    """A desk at help@<name>.example that takes in whoever writes."""
    folder.mkdir()
    app, box = create_app({"JARDAM_INSTANCE": str(folder)}), Postbox()
    box.open()
    with app.app_context():
        schema.bring_up_to_date()
        team = people.team("first")
        people.user("agent", member=(team,)).email = f"agent@{name}.example"
        factories.request_type("printer", team)
        db.session.add(Mailbox(name="Help", address=f"help@{name}.example", way="pipe"))
        relay.change(host="127.0.0.1", port=box.port, security="none", sender=f"help@{name}.example")
        settings.change(unknown_senders="accept")
        db.session.commit()
    return SimpleNamespace(app=app, box=box, address=f"help@{name}.example")


def _take(desk, raw: bytes) -> None:
    with desk.app.app_context():
        mailbox = db.session.scalars(sa.select(Mailbox)).one()
        db.session.commit()
        keep(io.BytesIO(raw), mailbox, clock.now())
        db.session.commit()
        intake.take_in(clock.now())
        while outbox.drain(clock.now(), "test"):
            pass


def _first(sender: str, to: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = sender, to, "Hello", "<first@x.example>"
    mail.set_content("Is anybody there?")
    return mail.as_bytes()


def _exchange(one, other, strip) -> int:
    """How many mails there are until both are silent, the first one included; 20 at most."""
    _take(one, _first(other.address, one.address))
    total, speaking, hearing = 1, one, other
    while total < 20:
        letters = [letter for letter in speaking.box.letters if letter["To"].addresses[0].addr_spec == hearing.address]
        speaking.box.letters.clear()
        if not letters:
            return total
        total += len(letters)
        for letter in letters:
            for name in strip:
                del letter[name]
            _take(hearing, letter.as_bytes())
        speaking, hearing = hearing, speaking
    return total


@pytest.mark.parametrize("strip", [(), MARKS + LISTS, MARKS + LISTS + THREAD, (*MARKS, *LISTS, *THREAD, "Message-ID")],
                         ids=["as sent", "no marks", "no thread either", "nothing"])
def test_two_desks_fall_silent(two_desks, strip):
    one, other = two_desks
    assert 2 <= _exchange(one, other, strip) <= 3
    with one.app.app_context():
        waiting = sa.select(sa.func.count(InboundMail.id)).where(InboundMail.state == "waiting")
        assert db.session.scalar(waiting) == 0 and db.session.scalar(sa.select(sa.func.count(Ticket.id))) <= 2


def test_a_machine_that_answers_everything_is_answered_no_more(two_desks):
    """Somebody's robot that writes like a person, and starts a new mail each time."""
    desk, robot = two_desks[0], "robot@elsewhere.example"
    _take(desk, _first(robot, desk.address))
    sent = 1
    for turn in range(30):
        letters = [letter for letter in desk.box.letters if letter["To"].addresses[0].addr_spec == robot]
        desk.box.letters.clear()
        sent += len(letters)
        if not letters:
            break
        _take(desk, _first(robot, desk.address).replace(b"first@", b"turn%d@" % turn))
    assert sent <= 3
