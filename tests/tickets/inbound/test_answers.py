"""Answers by mail: what they open, where they land, what is kept of them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.channels.email import references
from app.channels.email.mail import Part
from app.core import clock, files, outbox
from app.core.db import db
from app.core.events import Event
from app.sla.models import SlaClock
from app.tickets import actions
from app.tickets.models import Message, TicketLink
from app.tickets.searching import find, language
from tests import factories

from .conftest import FORGED, PROVEN, answer, mail, said, signed, tickets


@pytest.fixture
def ticket(small, mailbox):
    made = factories.ticket(small.aigul, small.printer)
    made.take(small.agent)
    db.session.commit()
    return made


def part(tmp_path, content=b"paper", name="log.txt", **about) -> Part:
    path = tmp_path / name
    path.write_bytes(content)
    return Part(str(path), name, "text/plain", len(content), **about)


def kinds(ticket) -> list[str]:
    found = sa.select(Event.kind).where(Event.subject_type == "ticket", Event.subject_id == ticket.id)
    return list(db.session.scalars(found.order_by(Event.id)))


def test_an_answer_opens_what_waits(small, ticket, come):
    ticket.hold(small.waiting, small.agent)
    row = come(answer(ticket, text="Tray 2"))
    assert ticket.status == "open" and row.ticket_id == ticket.id and row.settled_at is not None
    message = said(ticket)[-1]
    assert (message.kind, message.channel, message.format, message.body) == ("incoming", "email", "text", "Tray 2")
    assert message.author_id == small.aigul.id and message.mailed.mail_id == row.id


def test_an_answer_in_time_opens_what_was_solved_and_a_late_one_follows_up(small, ticket, come):
    ticket.resolve(small.agent)
    assert come(answer(ticket)).reason == "joined" and ticket.status == "open"
    ticket.resolve(small.agent)
    late = come(answer(ticket, text="Again"), at=clock.now() + timedelta(days=8))
    assert late.reason == "followed_up" and late.ticket_id != ticket.id
    link = db.session.scalars(sa.select(TicketLink)).one()
    assert (link.ticket_id, link.other_id, link.kind) == (late.ticket_id, ticket.id, "follow_up_of")
    new = tickets()[-1]
    assert new.channel == "email" and said(new)[0].format == "text" and said(new)[0].mailed is not None


def test_what_was_said_on_a_merged_ticket_reaches_the_one_where_the_work_goes_on(small, ticket, come):
    duplicate = factories.ticket(small.bakyt, small.printer)
    actions.merge(duplicate, ticket, small.agent)
    row = come(answer(duplicate, small.bakyt.email, text="Mine too"))
    message = said(ticket)[-1]
    assert row.ticket_id == ticket.id and (message.body, message.via_id) == ("Mine too", duplicate.id)


def test_who_asked_for_the_duplicate_may_answer_a_mail_about_the_original(small, ticket, come):
    duplicate = factories.ticket(small.bakyt, small.printer)
    actions.merge(duplicate, ticket, small.agent)
    row = come(answer(ticket, small.bakyt.email, text="Thanks"))
    assert row.reason == "joined" and said(ticket)[-1].via_id == duplicate.id


def test_the_staff_of_a_merged_ticket_is_that_of_the_original(small, ticket, come):
    duplicate = factories.ticket(small.bakyt, small.printer)
    actions.merge(duplicate, ticket, small.agent)
    row = come(answer(duplicate, small.agent.email, proof=PROVEN))
    assert row.reason == "replied" and row.ticket_id == ticket.id


def test_a_reply_by_mail_meets_the_promise_of_an_answer_and_goes_to_the_requester(
        small, ticket, come, postbox, deliver):
    come(answer(ticket, small.agent.email, text="Try the other tray", proof=PROVEN))
    assert "ticket.replied" in kinds(ticket)
    first = db.session.scalar(sa.select(SlaClock).where(SlaClock.target == "first_response"))
    assert first is None or first.stopped_at is not None
    deliver()
    assert any("other tray" in str(letter.get_body(("plain",)).get_content()) for letter in postbox.to(small.aigul))


def test_an_agent_who_watches_still_speaks_for_the_staff(small, ticket, come):
    actions.watch(ticket, small.agent, small.agent)
    assert come(answer(ticket, small.agent.email, proof=PROVEN)).reason == "replied"
    assert come(answer(ticket, small.agent.email)).reason == "unsent"


def test_an_agent_who_asked_for_it_is_its_requester(small, mailbox, come):
    own = factories.ticket(small.agent, small.printer)
    assert come(answer(own, small.agent.email)).reason == "joined"


def test_a_reply_to_what_has_ended_is_a_note(small, ticket, come):
    ticket.cancel("", small.agent)
    row = come(answer(ticket, small.agent.email, proof=PROVEN))
    assert row.reason == "unsent" and said(ticket, "note")[0].mailed.is_unsent


def test_what_answers_an_internal_note_is_an_internal_note(small, ticket, come, deliver):
    """An agent who answers a colleague's note by mail must not tell it to the requester."""
    ticket.note("He forgets paper", small.rival)
    deliver()
    event = db.session.scalar(sa.select(Event).where(Event.kind == "ticket.noted"))
    sent = outbox.enqueue("mail", key="mail:test", event=event, user_id=small.agent.id)
    db.session.flush()
    for proof in (PROVEN, FORGED):
        row = come(mail(small.agent.email, in_reply_to=[signed(ticket, str(sent.id))], text="He does", proof=proof))
        assert row.reason == "noted" and not said(ticket, "note")[-1].mailed.is_unsent
    assert said(ticket, "reply") == []


@pytest.mark.parametrize(("happens", "reason"), [
    (lambda small, ticket: ticket.receive("Tray 2", small.aigul), "replied"),
    (lambda small, ticket: ticket.note("He forgets paper", small.rival), "noted")])
def test_what_waited_for_a_calm_moment_is_answered_as_if_it_had_not(
        small, ticket, come, postbox, deliver, happens, reason):
    """Also when the desk has forgotten that it sent it."""
    deliver()
    small.agent.focus_until = clock.now() + timedelta(hours=1)
    happens(small, ticket)
    deliver()
    deliver(clock.now() + timedelta(hours=2))
    (letter,) = postbox.to(small.agent)
    answered = letter["Message-ID"].strip(" <>")
    for text in ("First", "Second"):
        row = come(answer(ticket, small.agent.email, in_reply_to=[answered], text=text, proof=PROVEN))
        assert row.reason == reason
        outbox.sweep_done(clock.now() + timedelta(days=31))
    assert db.session.get(outbox.OutboxRow, references.row_of(answered)) is None


def test_parts_are_files_of_the_message_and_pictures_keep_their_names(small, ticket, come, tmp_path):
    parts = [part(tmp_path), part(tmp_path, name="p.png", content_id="p1@x", is_inline=True),
             part(tmp_path, content=b"", name="empty.bin")]
    come(answer(ticket, text="", html='<img src="cid:p1@x">', parts=parts, folded="> Try", folded_html="<p>Try</p>"))
    message = said(ticket)[-1]
    assert [(one.file.name, one.content_id) for one in message.attachments] == [
        ("log.txt", ""), ("p.png", "p1@x"), ("empty.bin", "")]
    assert message.body == "" and message.mailed.folded == "> Try" and "cid:" in message.mailed.html


def test_what_could_not_be_taken_is_written_into_the_ticket(small, ticket, come):
    come(answer(ticket, losses=["a.zip is larger than 25 MB"]))
    (note,) = said(ticket, "note")
    assert "a.zip is larger" in note.body and note.author_id is None


def test_a_very_long_mail_is_kept_whole(small, ticket, come):
    text = "word " * 60_000
    come(answer(ticket, text=text, folded="> old"))
    message = said(ticket)[-1]
    assert len(message.body) == 100_000
    assert (message.body + message.mailed.folded).replace("> old", "").split() == text.split()


def test_the_words_of_a_mail_are_found(small, ticket, come):
    come(answer(ticket, text="Zylinderkopfdichtung"))
    come(answer(ticket, text="Urlaubsvertretung", automatic="out_of_office"))
    for word in ("Zylinderkopfdichtung", "Urlaubsvertretung"):
        found = find.find(language.read(word), small.aigul, clock.now(), None)
        assert [row.id for row in found.page.rows] == [ticket.id]


def test_what_is_markup_elsewhere_is_text_here(small, ticket, come, browser_of):
    come(answer(ticket, text="<script>alert(1)</script> *not bold*"))
    page = browser_of(small.agent).get(f"/tickets/{ticket.id}").text
    assert "<script>alert" not in page


def test_order_is_that_of_arrival(small, ticket, come):
    for number in range(5):
        come(answer(ticket, text=f"Word {number}"))
    bodies = db.session.scalars(sa.select(Message.body).where(Message.ticket_id == ticket.id).order_by(
        Message.created_at, Message.id))
    assert list(bodies)[1:] == [f"Word {number}" for number in range(5)]


def test_a_mail_of_somebody_whose_mail_came_back_shows_that_it_arrives_again(small, ticket, come):
    small.aigul.bounced_at, small.aigul.bounce_reason = clock.now(), "5.1.1"
    db.session.commit()
    come(answer(ticket, automatic="out_of_office"))
    assert small.aigul.bounced_at is not None
    come(answer(ticket, proof=FORGED))
    assert small.aigul.bounced_at is not None
    come(answer(ticket))
    assert small.aigul.bounced_at is None and small.aigul.bounce_reason == ""
    assert kinds(ticket).count("ticket.answered") == 1


def test_nothing_is_left_of_files_whose_mail_was_not_taken(small, ticket, come, tmp_path):
    come(mail("stranger@x.example", parts=[part(tmp_path, content=b"left over once")]))
    assert not [path for path in files.root().glob("??/*") if path.read_bytes() == b"left over once"]
