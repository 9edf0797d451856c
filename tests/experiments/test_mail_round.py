"""Mail all the way round: out of a real IMAP server, through a desk that is killed over and over, back by SMTP."""

import asyncio
import random
import time
from collections import Counter
from email import message_from_bytes, policy

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller

from app.accounts.models import User
from app.channels.email import mailboxes
from app.channels.email.models import InboundMail, Mailbox
from app.core.relay import relay
from app.tickets.models import Message, Ticket
from tests import people
from tests.channels.fetching.dovecot import PASSWORD, dovecot

from .desk import free_port

__all__ = ["dovecot"]
ADDRESS = "help@desk.example"


class Relay:
    """Takes every mail; `taken` are (recipient, Message-ID, the whole mail)."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, bytes]] = []
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(0)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.taken += [(recipient, mail["Message-ID"], envelope.content) for recipient in envelope.rcpt_tos]
        return "250 OK"


@pytest.fixture
def smtp():
    made = Relay()
    yield made
    made.controller.stop()


def mail_of(n):
    """A request of one employee, in words that stand nowhere else."""
    return (f"From: Sender {n} <sender{n}@house.example>\r\nTo: {ADDRESS}\r\nSubject: subject-of-{n}-words\r\n"
            f"Message-ID: <first-{n}@house.example>\r\nDate: Sun, 22 Nov 2026 09:00:00 +0000\r\n"
            f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"Content-Transfer-Encoding: 8bit\r\n\r\nСаламатсызбы, body-of-{n}-words\r\n").encode()


def prepare(desk, dovecot, smtp, user, count):
    """So many employees, a relay, and a mailbox in which each of them has written once."""
    with desk.inside() as session:
        for n in range(count):
            people.user(f"sender{n}").email = f"sender{n}@house.example"
        relay.change(host="127.0.0.1", port=smtp.port, security="none", sender=ADDRESS)
        box = Mailbox(name="Help", address=ADDRESS, aliases=[], way="imap", host="127.0.0.1", port=dovecot.port,
                      security="none", user=user, about={})
        box.secrets = mailboxes.sealed({"password": PASSWORD})
        session.add(box)
        session.commit()
    dovecot.put(user, *(mail_of(n) for n in range(count)))


def state(desk):
    """How many mails were kept, how many settled, how many tickets came of them."""
    with desk.inside() as session:
        kept = session.scalar(sa.select(sa.func.count()).select_from(InboundMail))
        settled = session.scalar(sa.select(sa.func.count()).select_from(InboundMail).where(
            InboundMail.state == "taken"))
        return kept, settled


def acknowledgements(smtp):
    """Recipient -> the Message-IDs of the mails that went to those who had written."""
    found = {}
    for recipient, message_id, _content in list(smtp.taken):
        if recipient.startswith("sender"):
            found.setdefault(recipient, []).append(message_id)
    return found


@pytest.mark.parametrize(("count", "kills", "minutes"), [
    pytest.param(30, 2, 4, marks=pytest.mark.real), pytest.param(500, 30, 20, marks=pytest.mark.long),
])
def test_each_is_acknowledged_once_though_the_desk_is_killed(own_desk, dovecot, smtp, count, kills, minutes):
    user, chance = f"round{count}@desk.example", random.Random(count)
    prepare(own_desk, dovecot, smtp, user, count)
    own_desk.start()
    until, killed = time.monotonic() + minutes * 60, 0
    while time.monotonic() < until:
        kept, settled = state(own_desk)
        if killed < kills and kept > count * killed / (kills + 1):
            time.sleep(chance.uniform(0, 0.5))
            own_desk.kill()
            own_desk.start()
            killed += 1
        if killed == kills and settled == count and len(acknowledgements(smtp)) == count:
            break
        time.sleep(0.2)
    audit(own_desk, smtp, dovecot, user, count, killed)
    assert killed == kills


def audit(desk, smtp, dovecot, user, count, killed):
    """None lost, none doubled, each acknowledged by one mail, however often a kill made us send that one again."""
    with desk.inside() as session:
        said = session.scalars(sa.select(Message.body).where(Message.kind == "incoming")).all()
        assert Counter(body.split("body-of-")[1].split("-")[0] for body in said) == Counter(map(str, range(count)))
        assert session.scalar(sa.select(sa.func.count()).select_from(Ticket)) == count
        owners = session.execute(sa.select(User.email, Ticket.subject).join(Ticket, Ticket.requester_id == User.id))
        assert {(email, subject) for email, subject in owners} == {
            (f"sender{n}@house.example", f"subject-of-{n}-words") for n in range(count)}
    found = acknowledgements(smtp)
    assert len(found) == count
    assert {len(set(ids)) for ids in found.values()} == {1}
    assert sum(len(ids) - 1 for ids in found.values()) <= killed
    assert all("\\Seen" in flags for flags in dovecot.flags(user).values())
    for recipient, _id, content in smtp.taken:
        if recipient.startswith("sender"):
            assert b"-words" not in content
