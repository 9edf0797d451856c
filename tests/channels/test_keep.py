"""Keeping mail as it came: once each, whatever it is, with nothing left behind when it cannot be."""

import io
import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from app.channels.email import keep as keeping
from app.channels.email.head import head_of
from app.channels.email.keep import TooLarge, keep
from app.channels.email.models import InboundMail, Mailbox
from app.core import files
from app.core.db import db
from tests.channels.reading.nasty import collection

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
RAW = b"""From: =?utf-8?b?0JDQudCz0YPQu9GM?= <Aigul@jardam.example>\r
To: help@jardam.example\r
Subject: =?koi8-r?B?8NLJztTF0g==?=\r
Message-ID: <one@mail.example>\r
\r
It is jammed.\r
"""


@pytest.fixture
def mailbox(desk):
    return box("help@jardam.example")


def box(address, **about):
    made = Mailbox(name=address, address=address, **{"way": "pipe", **about})
    db.session.add(made)
    db.session.commit()
    return made


def kept(raw, mailbox):
    found = keep(io.BytesIO(raw), mailbox, NOW)
    db.session.commit()
    return found


def stored():
    return {path.name for path in files.root().glob("??/*")}


def rows():
    return db.session.scalar(sa.select(sa.func.count()).select_from(InboundMail))


def test_mail_is_kept_as_it_came_and_shown_before_it_is_understood(mailbox):
    mail = kept(RAW, mailbox).mail
    assert mail.file.path.read_bytes() == RAW
    assert (mail.state, mail.came_at, mail.retry_at) == ("waiting", NOW, NOW)
    assert (mail.sender, mail.sender_name, mail.subject) == ("aigul@jardam.example", "Айгуль", "Принтер")
    assert (mail.message_id, mail.size_bytes) == ("one@mail.example", len(RAW))
    assert mail.file.content_type == "message/rfc822"


def test_a_double_finds_its_row_and_leaves_no_file(mailbox):
    first = kept(RAW, mailbox)
    before = stored()
    second = kept(RAW.replace(b"jammed", b"jammed, really"), mailbox)
    assert (first.is_new, second.is_new, second.mail.id) == (True, False, first.mail.id)
    assert stored() == before


def test_each_mailbox_has_its_own(mailbox):
    assert kept(RAW, mailbox).is_new and kept(RAW, box("second@jardam.example")).is_new


@pytest.mark.parametrize("header", [b"", b"Message-ID:\r\n", b"Message-ID:   \r\n \r\n", b"Message-ID: < >\r\n"])
def test_without_a_message_id_all_of_it_counts(mailbox, header):
    raw = header + b"From: a@b.example\r\n\r\nHello"
    assert kept(raw, mailbox).is_new
    assert not kept(raw, mailbox).is_new
    assert kept(raw + b"!", mailbox).is_new


def test_a_folded_message_id_is_the_same(mailbox):
    assert kept(RAW, mailbox).is_new
    assert not kept(RAW.replace(b"Message-ID: ", b"message-id:\r\n\t"), mailbox).is_new


@pytest.mark.parametrize("raw", [
    b"", b"\0\0\0", b"\xff\xfe" * 5000, b"\r\n" * 1000, b"From: \0@\0\r\nSubject: \xed\xa0\x80\0\r\n\r\n",
    b"Subject: =?x-none?B?!!!?= =?utf-8?Q?=zz?=\r\nMessage-ID: <[id]>\r\n\r\n", b"From " * 100_000,
    b"From: " + b"a" * 300_000 + b"@" + b"b" * 300_000, b"X: 1\r\n" * 200_000, b"To: " + b"a@b.example, " * 50_000,
    b"Message-ID: <" + b"x" * 200_000 + b">\r\n\r\n",
])
def test_whatever_comes_is_kept(mailbox, raw):
    mail = kept(raw, mailbox).mail
    db.session.refresh(mail)
    assert mail.file.path.read_bytes() == raw


@pytest.mark.parametrize("sender", [
    b"(" * 5000 + b"x" + b")" * 5000 + b" a@b.example", b"<" * 5000 + b"a@b.example", b'"' * 5001 + b" <a@b.example>",
    b"=?utf-8?b?" * 500, b"\x00\xff <a@b.example>", b"a@b.example" * 5000,
])
def test_a_head_that_no_library_can_read_keeps_no_mail_out(mailbox, sender):
    """One such mail would keep out all that come behind it."""
    found = kept(b"From: " + sender + b"\r\nSubject: x\r\n\r\nwords\r\n", mailbox).mail
    assert found.state == "waiting" and found.subject == "x"


@pytest.mark.slow
def test_the_whole_collection_of_nasty_mails_is_kept(mailbox):
    """Each once, whatever is wrong with it."""
    ids = {kept(raw, mailbox).mail.id for raw in {one.raw for one in collection().values() if one.raw}}
    assert rows() == len(ids) > 200


def test_letters_of_no_charset_are_read_as_those_of_here():
    head = head_of("Subject: Принтер\nFrom: Бакыт <b@x.example>\n\n".encode("cp1251"))
    assert (head.subject, head.sender) == ("Принтер", ("Бакыт", "b@x.example"))


def test_the_envelope_says_for_whom_it_is_before_the_author_does():
    head = head_of(b"To: x@a.example, \"Y, Z\" <Y@a.example>\nCc: z@a.example\nX-Original-To: o@a.example\n"
                   b"Delivered-To: d@a.example\n\nDelivered-To: body@a.example\n")
    assert head.recipients() == ["d@a.example", "o@a.example", "x@a.example", "y@a.example", "z@a.example"]


def test_a_stream_that_breaks_leaves_nothing(mailbox):
    class Broken(io.BytesIO):
        def read(self, size=-1):
            raise OSError("cut")

    before = stored()
    with pytest.raises(OSError):
        keep(Broken(), mailbox, NOW)
    assert (stored(), rows()) == (before, 0)


def test_more_than_can_be_kept_is_refused_and_leaves_nothing(mailbox, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_KEPT_BYTES", 1000)
    before = stored()
    with pytest.raises(TooLarge):
        keep(io.BytesIO(RAW + b"x" * 1000), mailbox, NOW)
    assert (stored(), rows()) == (before, 0)


def test_a_large_mail_is_never_whole_in_memory(mailbox):
    import tracemalloc

    class Endless(io.RawIOBase):
        left = 40

        def read(self, size=-1):
            self.left -= 1
            return b"a" * (1 << 20) if self.left >= 0 else b""

    tracemalloc.start()
    mail = keep(Endless(), mailbox, NOW).mail
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert mail.size_bytes == 40 << 20
    assert peak < 8 << 20


@pytest.mark.real
def test_one_mail_brought_by_several_at_once_is_one_row(own_desk):
    with own_desk.inside():
        mailbox_id = box("help@jardam.example").id
    news, gate = [], threading.Barrier(6)

    def bring():
        with own_desk.inside() as session:
            mailbox = session.get(Mailbox, mailbox_id)
            session.rollback()
            gate.wait()
            news.append(kept(RAW, mailbox).is_new)

    threads = [threading.Thread(target=bring) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with own_desk.inside():
        assert (sorted(news), rows(), len(stored())) == ([False] * 5 + [True], 1, 1)
