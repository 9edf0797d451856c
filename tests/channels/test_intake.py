"""Taking in: each mail once, whatever fails; none is lost and none holds up the others."""

import sqlite3
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from app.channels.email import intake
from app.channels.email.mail import Part
from app.channels.email.models import InboundMail, Mailbox
from app.channels.email.understanding import NotUnderstood
from app.core import clock, files
from app.core.db import db
from app.core.registries import RECEIVERS
from app.tickets.models import Attachment, Message, Ticket
from tests.tickets.conftest import browser_of, small
from tests.tickets.inbound.conftest import Reader, come, keep, mail, mailbox, said, tickets

__all__ = ["browser_of", "come", "mailbox", "small"]
RAW = b"From: Aigul <aigul@jardam.example>\r\nSubject: =?utf-8?b?0J/RgNC40L3RgtC10YA=?=\r\n\r\nHello"


def fresh(mail_id) -> InboundMail:
    return db.session.get(InboundMail, mail_id, populate_existing=True)


def messages() -> int:
    return db.session.scalar(sa.select(sa.func.count(Message.id)))


def waiting(mailbox):
    """A moment, and a mail that came then."""
    now = clock.now()
    return now, keep(mailbox, RAW, at=now)


@pytest.fixture
def broken(desk):
    """Makes the receiver fail with an error, as often as it is said."""
    real, errors = RECEIVERS["email"], []

    def receive(*about):
        made = real(*about)
        if errors:
            raise errors.pop(0)
        return made

    RECEIVERS["email"] = receive
    yield errors
    RECEIVERS["email"] = real


def test_a_mail_that_cannot_be_understood_is_a_ticket_with_the_mail_as_it_came(small, mailbox, come):
    row = come(NotUnderstood("too_slow"), row_id=keep(mailbox, RAW))
    (ticket,) = tickets()
    assert (row.state, row.reason, row.ticket_id) == ("taken", "unreadable", ticket.id) and "too_slow" in row.said
    assert (ticket.subject, ticket.requester_id, ticket.channel) == ("Принтер", small.aigul.id, "email")
    kept = db.session.scalars(sa.select(Attachment)).one()
    assert kept.file_id == row.file_id and kept.file.path.read_bytes() == RAW


def test_one_that_came_by_two_addresses_of_a_queue_is_one_ticket(small, mailbox, come):
    other = Mailbox(name="IT", address="it@desk.example", way="pipe")
    db.session.add(other)
    reasons = [come(NotUnderstood("too_slow"), row_id=keep(box, RAW, message_id="one@mail.example")).reason
               for box in (mailbox, other)]
    assert reasons == ["unreadable", "double"] and len(tickets()) == 1


@pytest.mark.parametrize("raw", [b"", b"\0\xff" * 500, b"From: x\r\n\r\n", b"From: zoe@x.example\r\n\r\n"])
def test_nor_is_one_of_nobody_we_know_lost(small, mailbox, come, raw):
    row = come(NotUnderstood("crashed"), row_id=keep(mailbox, raw))
    assert (row.state, row.reason) == ("held", "unreadable_unknown") and row.file.path.read_bytes() == raw


def test_an_agent_has_it_filed_all_the_same(small, mailbox, come, browser_of):
    row = come(NotUnderstood("crashed"), row_id=keep(mailbox, b"\0"))
    browser_of(small.agent).post(f"/mail/held/{row.id}/ticket")
    assert come(NotUnderstood("crashed"), row_id=row.id).reason == "let_in"
    assert tickets()[0].requester_id == small.agent.id


def test_what_fails_is_tried_again_and_leaves_nothing_half_done(small, mailbox, come, broken):
    now, mail_id = waiting(mailbox)
    broken.append(RuntimeError("no luck"))
    row = come(mail(), row_id=mail_id, at=now)
    assert (row.state, row.attempts) == ("waiting", 1) and "no luck" in row.said and tickets() == []
    assert come(mail(), row_id=mail_id, at=now).state == "waiting", "not before its time"
    assert come(mail(), row_id=mail_id, at=now + timedelta(minutes=1)).state == "taken"
    assert messages() == 1 and said(tickets()[0], "note") == []


def test_after_three_tries_it_is_filed_as_it_came(small, mailbox, come, broken):
    now, mail_id = waiting(mailbox)
    broken.extend([RuntimeError("no luck")] * 3)
    for hour in range(3):
        assert come(mail(), row_id=mail_id, at=now + timedelta(hours=hour)).state == "waiting"
    assert come(mail(), row_id=mail_id, at=now + timedelta(hours=3)).reason == "unreadable"
    assert messages() == 1


def test_if_even_that_fails_it_goes_on_waiting(small, mailbox, come, broken):
    now, mail_id = waiting(mailbox)
    broken.extend([RuntimeError("no luck")] * 10)
    for hour in range(10):
        assert come(mail(), row_id=mail_id, at=now + timedelta(hours=2 * hour)).state == "waiting"
    assert come(mail(), row_id=mail_id, at=now + timedelta(hours=40)).reason == "unreadable"


def test_a_busy_database_is_not_the_mails_fault(small, mailbox, come, broken):
    now, mail_id = waiting(mailbox)
    broken.extend([OperationalError("UPDATE", {}, Exception("database is locked"))] * 9)
    for minute in range(9):
        row = come(mail(), row_id=mail_id, at=now + timedelta(minutes=minute))
        assert (row.state, row.attempts) == ("waiting", 0)
    assert come(mail(), row_id=mail_id, at=now + timedelta(hours=1)).reason == "filed"


def test_a_statement_that_cannot_be_is_no_busy_database(small, mailbox, come, broken):
    now, mail_id = waiting(mailbox)
    try:
        sqlite3.connect(":memory:").execute("SELECT no_such_column")
    except sqlite3.OperationalError as error:
        broken.append(OperationalError("SELECT", {}, error))
    row = come(mail(), row_id=mail_id, at=now)
    assert (row.state, row.attempts) == ("waiting", 1)


def test_a_process_that_died_over_it_leaves_it_to_the_next(small, mailbox, come):
    now, mail_id = waiting(mailbox)

    def died(*_about):
        raise KeyboardInterrupt

    reader = Reader(mail())
    reader.understand = died
    with pytest.raises(KeyboardInterrupt):
        intake.take_in_one(mail_id, now, reader)
    db.session.rollback()
    assert come(mail(), row_id=mail_id, at=now + timedelta(seconds=50)).state == "waiting"
    assert come(mail(), row_id=mail_id, at=now + timedelta(seconds=70)).reason == "filed"


def test_two_processes_that_have_the_same_mail_take_it_in_once(small, mailbox, come, desk):
    """The one that was late finds the row settled, and of what it did nothing stays."""
    now, mail_id = waiting(mailbox)

    class Slow(Reader):
        def understand(self, *about):
            come(self.understood, row_id=mail_id, at=now + timedelta(minutes=5))
            return self.understood

    with desk.app_context():
        assert not intake.take_in_one(mail_id, now, Slow(mail()))
    db.session.expire_all()
    assert fresh(mail_id).state == "taken" and messages() == 1 and len(tickets()) == 1


def test_what_was_tried_already_goes_last(small, mailbox, desk):
    now = clock.now()
    ids = [keep(mailbox, at=now) for _each in range(3)]
    fresh(ids[0]).attempts = 2
    fresh(ids[1]).retry_at = now + timedelta(minutes=1)
    db.session.commit()
    assert intake._due(now, 10) == [ids[2], ids[0]]


def test_a_real_mail_goes_all_the_way(small, mailbox, desk):
    raw = (b"From: Aigul <aigul@jardam.example>\r\nTo: help@desk.example\r\nSubject: No paper\r\n"
           b"Message-ID: <real1@x.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
           b"--b\r\nContent-Type: text/plain\r\n\r\nSince Monday\r\n--b\r\nContent-Type: text/plain\r\n"
           b"Content-Disposition: attachment; filename=log.txt\r\n\r\njammed\r\n--b--\r\n")
    first, second = keep(mailbox, raw), keep(mailbox, b"\0\0\0")
    with desk.app_context():
        assert intake.take_in(clock.now()) == 2
    db.session.expire_all()
    ticket = db.session.scalars(sa.select(Ticket)).one()
    assert (ticket.subject, said(ticket)[0].body) == ("No paper", "Since Monday")
    assert [one.file.name for one in said(ticket)[0].attachments] == ["log.txt"]
    assert fresh(first).message_id == "real1@x.example" and fresh(second).state == "held"


def test_a_disk_that_is_full_loses_nothing(small, mailbox, come, tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"x")
    parts = [Part(str(path), "x", "text/plain", 1), Part(str(tmp_path / "gone"), "y", "text/plain", 1)]
    row = come(mail(parts=parts), row_id=keep(mailbox, RAW))
    assert row.state == "waiting" and "FileNotFoundError" in row.said and tickets() == []
    assert not list(files.root().glob("??/*.part"))
