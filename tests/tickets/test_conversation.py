"""Replies, notes and answers through the browser: who reads them, once each, never on a stale view."""

import io

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.tickets import queries
from app.tickets.models import Attachment, Message, Ticket
from tests import factories

SENT_TWICE = "0123456789abcdef"


@pytest.fixture
def ticket(small):
    made = factories.ticket(small.aigul, small.printer)
    db.session.commit()
    return made


def messages(kind: str) -> list[Message]:
    return list(db.session.scalars(sa.select(Message).where(Message.kind == kind).order_by(Message.id)))


def last_id() -> int:
    return db.session.scalar(sa.select(sa.func.max(Message.id)))


def say(browser, ticket, noun, **form):
    return browser.post(f"/tickets/{ticket.id}/{noun}", data={"body": "Hello", **form})


def fresh(ticket) -> Ticket:
    return db.session.get(Ticket, ticket.id, populate_existing=True)


def test_a_note_is_seen_by_agents_and_never_by_the_requester(small, ticket, browser_of):
    agent, aigul = browser_of(small.agent), browser_of(small.aigul)
    say(agent, ticket, "notes", body="She always forgets paper", files=[(io.BytesIO(b"x"), "log.txt")])
    here = f"/tickets/{ticket.id}"
    assert "forgets" in agent.get(here).text
    for url in (here, f"{here}/history", "/tickets"):
        assert "forgets" not in aigul.get(url).text and "log.txt" not in aigul.get(url).text
    file = db.session.scalars(sa.select(Attachment)).one()
    assert agent.get(f"/attachments/{file.id}").status_code == 200
    assert aigul.get(f"/attachments/{file.id}").status_code == 404


def test_the_requester_cannot_reply_or_note_and_the_agent_cannot_answer(small, ticket, browser_of):
    agent, aigul = browser_of(small.agent), browser_of(small.aigul)
    assert [say(aigul, ticket, noun).status_code for noun in ("replies", "notes")] == [403, 403]
    assert say(agent, ticket, "answers").status_code == 403
    assert [say(browser_of(small.expert), ticket, n).status_code for n in ("replies", "notes", "answers")] == [404] * 3


@pytest.mark.parametrize(("who", "noun", "kind"), [
    ("agent", "replies", "reply"), ("agent", "notes", "note"), ("aigul", "answers", "incoming"),
])
def test_the_same_form_sent_twice_is_said_once(small, ticket, browser_of, who, noun, kind):
    browser, before = browser_of(getattr(small, who)), len(messages(kind))
    first, second = (say(browser, ticket, noun, submission=SENT_TWICE) for _ in range(2))
    assert (first.status_code, first.location) == (303, second.location)
    assert len(messages(kind)) == before + 1


def test_a_form_without_a_key_is_none_that_was_sent_before(small, ticket):
    ticket.note("By no form", small.agent)
    db.session.flush()
    assert queries.said_by_form(small.agent, None) is None
    assert queries.filed_by_form(small.aigul, None) is None


def test_a_double_click_is_done_once_even_if_somebody_wrote_in_between(small, ticket, browser_of):
    agent, seen = browser_of(small.agent), last_id()
    say(agent, ticket, "replies", submission=SENT_TWICE, seen_message_id=seen)
    say(browser_of(small.aigul), ticket, "answers", body="Thanks")
    assert say(agent, ticket, "replies", submission=SENT_TWICE, seen_message_id=seen).status_code == 303
    assert len(messages("reply")) == 1


def test_a_reply_on_a_stale_view_is_held_back_and_nothing_typed_is_lost(small, ticket, browser_of):
    agent, seen = browser_of(small.agent), last_id()
    say(browser_of(small.aigul), ticket, "answers", body="It is solved, thank you")
    held = say(agent, ticket, "replies", body="We will come tomorrow", seen_message_id=seen)
    assert held.status_code == 409
    assert "It is solved, thank you" in held.text and "We will come tomorrow" in held.text
    assert messages("reply") == []
    sent = say(agent, ticket, "replies", body="We will come tomorrow", seen_message_id=last_id())
    assert sent.status_code == 303


def test_ones_own_newer_message_holds_nothing_back(small, ticket, browser_of):
    agent, seen = browser_of(small.agent), last_id()
    say(agent, ticket, "notes", seen_message_id=seen)
    assert say(agent, ticket, "replies", seen_message_id=seen).status_code == 303


def test_a_note_somebody_wrote_does_not_hold_the_requester_back(small, ticket, browser_of):
    seen = last_id()
    say(browser_of(small.agent), ticket, "notes")
    assert say(browser_of(small.aigul), ticket, "answers", seen_message_id=seen).status_code == 303


@pytest.mark.parametrize("form", [{"body": " \0 "}, {"body": "x" * 100_001}, {"then": "explode"}])
def test_a_refused_reply_keeps_what_was_typed(small, ticket, browser_of, form):
    answer = say(browser_of(small.agent), ticket, "replies", **form)
    assert answer.status_code == 400
    assert form["body"][:50].strip("\0 ") in answer.text if "body" in form else "Hello" in answer.text
    assert messages("reply") == []


def test_a_file_alone_is_an_answer(small, ticket, browser_of):
    sent = say(browser_of(small.aigul), ticket, "answers", body="", files=[(io.BytesIO(b"x"), "a.txt")])
    assert sent.status_code == 303
    assert messages("incoming")[-1].attachments[0].file.name == "a.txt"


def test_a_reply_may_wait_and_the_answer_goes_on(small, ticket, browser_of):
    say(browser_of(small.agent), ticket, "replies", then="wait", reason="requester")
    assert fresh(ticket).status == "pending"
    assert "We wait for your answer" in browser_of(small.aigul).get(f"/tickets/{ticket.id}").text
    say(browser_of(small.aigul), ticket, "answers")
    assert fresh(ticket).status == "open"


@pytest.mark.parametrize("form", [{"reason": "nonsense"}, {"reason": "date"},
                                  {"reason": "date", "until": "2020-01-01"}])
def test_waiting_for_nothing_sensible_says_nothing(small, ticket, browser_of, form):
    factories.pending_reason("date", needs_date=True)
    db.session.commit()
    answer = say(browser_of(small.agent), ticket, "replies", body="Remember me", then="wait", **form)
    assert answer.status_code == 400 and "Remember me" in answer.text
    assert (messages("reply"), fresh(ticket).status) == ([], "new")


def test_a_reply_may_resolve_and_an_answer_opens_again(small, ticket, browser_of):
    say(browser_of(small.agent), ticket, "replies", then="resolve")
    assert fresh(ticket).status == "resolved"
    say(browser_of(small.aigul), ticket, "answers")
    assert fresh(ticket).status == "open"


def test_an_answer_after_the_end_becomes_a_request_of_its_own(small, ticket, browser_of):
    ticket.resolve(small.agent)
    ticket.close()
    db.session.commit()
    aigul = browser_of(small.aigul)
    first, second = (say(aigul, ticket, "answers", submission=SENT_TWICE) for _ in range(2))
    follow_up = messages("incoming")[-1].ticket_id
    assert first.location == second.location == f"/tickets/{follow_up}#m{last_id()}"
    assert follow_up != ticket.id and db.session.scalar(sa.select(sa.func.count(Ticket.id))) == 2


def test_a_reply_to_a_closed_ticket_is_refused_with_the_text_kept(small, ticket, browser_of):
    ticket.resolve(small.agent)
    ticket.close()
    db.session.commit()
    answer = say(browser_of(small.agent), ticket, "replies", body="Remember me")
    assert answer.status_code == 409 and "Remember me" in answer.text and "file a follow-up" in answer.text


def test_level_1_still_writes_to_what_it_escalated_but_does_not_resolve_it(small, ticket, browser_of):
    ticket.escalate(small.second, "Cable", small.agent)
    db.session.commit()
    agent = browser_of(small.agent)
    assert say(agent, ticket, "notes").status_code == 303
    assert say(agent, ticket, "replies", then="resolve").status_code == 400
    assert agent.post(f"/tickets/{ticket.id}/resolution").status_code == 403


def test_a_long_conversation_comes_in_parts(small, ticket, browser_of):
    for n in range(105):
        ticket.note(f"note-{n}-", small.agent)
    db.session.commit()
    agent, here = browser_of(small.agent), f"/tickets/{ticket.id}"
    newest = agent.get(here).text
    assert "note-104-" in newest and "note-3-" not in newest
    before = newest.split(f"{here}?before=")[1].split('"')[0]
    assert "note-3-" in agent.get(f"{here}?before={before}").text


def test_a_managers_page_has_the_conversation_but_no_notes_and_no_composer(small, ticket, browser_of):
    small.office.head_id = small.bakyt.id
    ticket.note("between us", small.agent)
    ticket.reply("to all", small.agent)
    db.session.commit()
    page = browser_of(small.bakyt).get(f"/tickets/{ticket.id}").text
    assert "to all" in page and "between us" not in page
    assert "/answers" not in page and "/replies" not in page
