"""Which thread a mail is of, from whom it comes, whether it may be answered, what goes with it."""

import io
import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest

from app.accounts.models import User
from app.channels.email import references
from app.channels.email.envelope import Letter, Manner, envelope
from app.channels.email.folding.marker import MARKER
from app.channels.email.models import InboundMail, Mailbox
from app.core import clock, files
from app.core.db import db
from app.core.events import record
from app.core.relay import relay
from app.notifications import frames
from app.tickets import actions
from app.tickets.models import Mailed
from app.tickets.models.message import Attachment
from tests import factories
from tests.postbox import html_of, text_of

pytestmark = pytest.mark.slow
NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
IDS = re.compile(r"<([^>]+)>")


@pytest.fixture
def box(small):
    return mailbox("help@jardam.example")


def mailbox(address, **about):
    made = Mailbox(name=address, address=address, way="pipe", **about)
    db.session.add(made)
    db.session.flush()
    return made


def by_mail(ticket, person, message_id, box, body="Grey again"):
    """What this person said in a mail that came to a mailbox."""
    file = files.store(io.BytesIO(b"raw"), "mail.eml")
    db.session.flush()
    mail = InboundMail(mailbox_id=box.id, key=message_id[:64], file_id=file.id, size_bytes=3, came_at=clock.now(),
                       state="taken", retry_at=clock.now(), message_id=message_id, sender=person.email,
                       ticket_id=ticket.id)
    db.session.add(mail)
    message = ticket.receive(body, person, channel="email", format="text")
    db.session.flush()
    db.session.add(Mailed(message_id=message.id, mail_id=mail.id))
    return message


def ids(letter, header):
    return IDS.findall(letter[header] or "")


def attach(message, name, size):
    file = files.store(io.BytesIO(b"x" * size), name)
    db.session.flush()
    db.session.add(Attachment(message_id=message.id, file_id=file.id))


def test_all_mail_of_a_ticket_is_one_thread_with_one_subject(small, ticket, postbox, deliver):
    ticket.reply("One", small.agent)
    ticket.reply("Two", small.agent)
    ticket.resolve(small.agent, clock.now() + timedelta(hours=1))
    deliver()
    deliver(clock.now() + timedelta(minutes=3))
    letters = postbox.to(small.aigul)
    assert len(letters) == 3
    assert {letter["Subject"] for letter in letters} == {f"[#{ticket.number}] Printer"}
    assert {letter["References"].strip() for letter in letters} == {references.root(ticket.id, "jardam.example")}
    assert {references.ticket_of(*ids(letter, "Message-ID")) for letter in letters} == {ticket.id}
    assert all(letter["In-Reply-To"] is None for letter in letters)
    assert {str(letter["List-Id"]) for letter in letters} == {"Jardam <desk.jardam.example>"}


def test_the_readers_own_newest_mail_is_answered_and_nobody_elses(small, ticket, postbox, deliver, box):
    actions.watch(ticket, small.bakyt, small.agent)
    by_mail(ticket, small.aigul, "first@home.example", box)
    by_mail(ticket, small.aigul, "second@home.example", box)
    deliver()
    postbox.letters.clear()
    ticket.reply("Come and see", small.agent)
    deliver()
    (to_aigul,), (to_bakyt,) = postbox.to(small.aigul), postbox.to(small.bakyt)
    assert ids(to_aigul, "In-Reply-To") == ["second@home.example"]
    assert ids(to_aigul, "References") == [references.root(ticket.id, "jardam.example")[1:-1], "second@home.example"]
    assert to_bakyt["In-Reply-To"] is None


@pytest.mark.parametrize("evil", ["a b@c", "a@b>\r\nBcc: <x@y", "no-at-sign", "", "ж@b.example",
                                  "=?utf-8?q?a?=@b", "<a@b>"])
def test_what_is_no_message_id_goes_into_no_header(desk, evil):
    relay.change(host="127.0.0.1", sender="help@jardam.example")
    letter = Letter("x", "x", "x", Manner(ticket_id=12, answers=evil))
    mail = message_from_bytes(envelope(letter, ("A", "a@jardam.example"), "7", NOON).message.as_bytes())
    assert mail["In-Reply-To"] is None
    assert mail["Bcc"] is None
    assert mail["References"].strip() == references.root(12, "jardam.example")


def test_what_a_person_wrote_is_not_marked_as_automatic_all_else_is(small, ticket, postbox, deliver):
    ticket.reply("By hand", small.agent)
    ticket.tell_requester("By the desk", clock.now())
    ticket.receive("Thanks", small.aigul)
    record("ticket.acknowledged", ticket)
    deliver()
    marks = {letter["Auto-Submitted"] for letter in postbox.to(small.agent)}
    assert marks == {"auto-generated"}
    assert [letter["Auto-Submitted"] for letter in postbox.to(small.aigul)] == [None, "auto-generated", "auto-replied"]
    for letter in postbox.letters:
        assert letter["X-Jardam-Loop"] == references.signature("loop")
        assert "AutoReply" in letter["X-Auto-Response-Suppress"]
        assert letter["Precedence"] is None


def test_an_answer_comes_back_to_the_mailbox_of_the_newest_mail_else_of_the_team_else_of_the_desk(
        small, ticket, postbox, deliver):
    def sender():
        postbox.letters.clear()
        ticket.reply("Hello", small.agent)
        deliver()
        (letter,) = postbox.to(small.aigul)
        assert postbox.envelopes[-1][0] == letter["From"].addresses[0].addr_spec
        return letter["From"].addresses[0].addr_spec

    assert sender() == "help@jardam.example"
    mailbox("it@jardam.example", team_id=small.second.id)
    assert sender() == "help@jardam.example"
    mailbox("desk@jardam.example")
    assert sender() == "desk@jardam.example"
    of_team = mailbox("printers@jardam.example", team_id=ticket.team_id)
    assert sender() == "printers@jardam.example"
    other = mailbox("sales@jardam.example", team_id=small.second.id)
    by_mail(ticket, small.aigul, "x@y.example", other)
    assert sender() == "sales@jardam.example"
    other.is_active = False
    assert sender() == "printers@jardam.example"
    of_team.is_active = False
    assert sender() == "desk@jardam.example"


def test_who_may_answer_is_asked_to_write_above_a_line(small, ticket, postbox, deliver, box):
    ticket.reply("Done", small.agent)
    ticket.note("Between us", small.rival)
    deliver()
    to_aigul, to_agent = postbox.to(small.aigul)[0], postbox.to(small.agent)[0]
    assert text_of(to_aigul).startswith(MARKER)
    assert MARKER in html_of(to_aigul)
    assert "You may simply answer this mail" in text_of(to_aigul)
    assert MARKER not in text_of(to_agent) + html_of(to_agent)
    assert "your answer becomes an internal note" in text_of(to_agent)


def test_without_a_mailbox_nobody_is_asked_to_answer(small, ticket, postbox, deliver):
    ticket.reply("Done", small.agent)
    deliver()
    (letter,) = postbox.to(small.aigul)
    assert MARKER not in text_of(letter) + html_of(letter)
    assert "Answers to it are not read" in text_of(letter)


def test_an_agent_is_told_that_an_answer_goes_to_the_requester(small, ticket, postbox, deliver, box):
    ticket.receive("Still grey", small.aigul)
    deliver()
    (letter,) = postbox.to(small.agent)
    assert "your answer goes to the requester" in text_of(letter)


def test_the_last_words_of_the_other_side_stand_below(small, ticket, postbox, deliver, box):
    ticket.receive("<b>Grey</b>\nand *streaky*", small.aigul, format="text")
    ticket.reply("Which one?", small.agent)
    ticket.receive("The left one", small.aigul, clock.now() + timedelta(seconds=1))
    deliver()
    (to_aigul,) = postbox.to(small.aigul)
    assert "> <b>Grey</b>" in text_of(to_aigul)
    assert "> and *streaky*" in text_of(to_aigul)
    assert "&lt;b&gt;Grey&lt;/b&gt;<br>and *streaky*" in html_of(to_aigul)
    assert "> Which one?" in text_of(postbox.to(small.agent)[-1])


def test_of_a_confidential_ticket_nothing_is_quoted_or_enclosed(small, postbox, deliver, box):
    small.printer.is_confidential = True
    ticket = factories.ticket(small.aigul, small.printer, subject="Harassment", body="By my boss")
    message = ticket.reply("About your boss", small.agent)
    attach(message, "boss.txt", 10)
    deliver()
    (letter,) = postbox.to(small.aigul)
    assert letter["Subject"] == f"[#{ticket.number}] Confidential request"
    assert "boss" not in letter.as_string()
    assert list(letter.iter_attachments()) == []
    assert text_of(letter).startswith(MARKER)


def test_a_reply_brings_its_files(small, ticket, postbox, deliver, monkeypatch):
    message = ticket.reply("Read this", small.agent)
    attach(message, "инструкция.txt", 100)
    attach(message, "second.bin", 2000)
    deliver()
    (letter,) = postbox.to(small.aigul)
    assert [part.get_filename() for part in letter.iter_attachments()] == ["инструкция.txt", "second.bin"]
    assert [len(part.get_content()) for part in letter.iter_attachments()] == [100, 2000]
    assert "- инструкция.txt (" in text_of(letter)
    monkeypatch.setattr(frames, "MOST_ENCLOSED", 2000)
    message = ticket.reply("And this", small.agent)
    attach(message, "large.bin", 2001)
    deliver()
    letter = postbox.to(small.aigul)[-1]
    assert list(letter.iter_attachments()) == []
    assert "large.bin" in text_of(letter)
    assert "too large for a mail" in text_of(letter)


def test_a_file_that_is_gone_holds_nothing_up(small, ticket, postbox, deliver):
    message = ticket.reply("Read this", small.agent)
    attach(message, "gone.txt", 10)
    db.session.flush()
    db.session.scalar(db.select(files.StoredFile)).path.unlink()
    deliver()
    (letter,) = postbox.to(small.aigul)
    assert "gone.txt" in text_of(letter)
    assert list(letter.iter_attachments()) == []


def test_an_acknowledgement_says_nothing_of_its_sender_not_even_the_name(small, postbox, deliver, box):
    small.aigul.name = "Cheap pills http://evil.example"
    ticket = factories.ticket(small.aigul, small.printer, subject="BUY NOW", body="evil words")
    record("ticket.acknowledged", ticket)
    deliver()
    (letter,) = postbox.to(small.aigul)
    assert str(letter["To"]) == "aigul@jardam.example"
    assert letter["Subject"] == f"We have your request #{ticket.number}"
    for text in ("BUY", "evil", "pills"):
        assert text not in letter.as_string()
        assert text not in text_of(letter) + html_of(letter)


def test_each_is_told_why(small, ticket, postbox, deliver):
    actions.watch(ticket, small.bakyt, small.agent)
    ticket.reply("Hello", small.agent)
    ticket.receive("Hello", small.aigul)
    ticket.escalate(small.second, "Cable", small.agent)
    deliver()
    why = {(str(letter["To"]).split()[0], re.search("You get this because .*", text_of(letter))[0].strip())
           for letter in postbox.letters}
    assert why == {
        ("Aigul", "You get this because you asked for it."), ("Bakyt", "You get this because you watch it."),
        ("Expert", "You get this because you work in the team Network."),
    }


def test_nothing_goes_to_our_own_mailbox_or_to_an_address_that_is_dead(small, ticket, postbox, deliver):
    mailbox("Loop@jardam.example", aliases=["aigul@jardam.example"], is_active=False)
    actions.watch(ticket, small.bakyt, small.agent)
    small.bakyt.bounced_at = clock.now()
    ticket.reply("Hello", small.agent)
    deliver()
    assert postbox.letters == []


def test_who_bounces_while_a_mail_waits_gets_it_no_more(small, ticket, postbox, deliver):
    postbox.on_data = ["451 later"]
    ticket.reply("Hello", small.agent)
    deliver()
    db.session.get(User, small.aigul.id).bounced_at = clock.now()
    deliver(clock.now() + timedelta(minutes=1))
    assert postbox.letters == []
