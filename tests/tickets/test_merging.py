"""A merge taken back while nothing new was said; a ticket split; a ticket on paper."""

import re

import pytest

from app.core import clock
from app.core.db import db
from app.core.events import events_of
from app.core.files import StoredFile
from app.tickets import actions, merging, queries
from app.tickets.models import Attachment, Message, Ticket, TicketAccess, TicketLink
from tests import factories


@pytest.fixture
def pair(small):
    """A duplicate merged into its original."""
    original = factories.ticket(small.bakyt, small.printer, "Printer on floor 2")
    duplicate = factories.ticket(small.aigul, small.printer, "The printer again")
    duplicate.take(small.agent)
    actions.merge(duplicate, original, small.agent)
    db.session.commit()
    return duplicate, original


def fresh(ticket) -> Ticket:
    return db.session.get(Ticket, ticket.id, populate_existing=True)


def kinds(ticket) -> list[str]:
    return [event.kind.removeprefix("ticket.") for event in events_of("ticket", ticket.id)]


def test_a_merge_is_taken_back(small, pair, browser_of):
    duplicate, original = pair
    agent = browser_of(small.agent)
    assert "data-undo" in agent.get(f"/tickets/{duplicate.id}").text
    assert agent.post(f"/tickets/{duplicate.id}/merge/removal").status_code == 303
    back = fresh(duplicate)
    assert (back.status, back.merged_into_id, back.assignee) == ("open", None, small.agent)
    assert db.session.query(TicketLink).count() == 0
    assert kinds(duplicate)[-2:] == ["merged", "unmerged"]
    assert "The printer again" not in agent.get(f"/tickets/{original.id}").text


def test_a_new_ticket_is_new_again(small):
    original, duplicate = (factories.ticket(small.bakyt, small.printer) for _ in range(2))
    actions.merge(duplicate, original, small.agent)
    merging.take_apart(duplicate, small.agent, clock.now())
    assert duplicate.status == "new" and duplicate.is_active


@pytest.mark.parametrize("say", [
    lambda small, duplicate, original: original.reply("It is repaired", small.agent),
    lambda small, duplicate, original: original.receive("Still broken", small.bakyt),
    lambda small, duplicate, original: actions.answer(duplicate, "Any news?", small.aigul),
], ids=["answered", "asked", "asked by way of the duplicate"])
def test_not_once_something_was_said(small, pair, browser_of, say):
    duplicate, original = pair
    say(small, duplicate, original)
    db.session.commit()
    answer = browser_of(small.agent).post(f"/tickets/{duplicate.id}/merge/removal")
    assert answer.status_code == 409 and "Something was said since the merge" in answer.text
    assert fresh(duplicate).is_merged


def test_a_note_settles_nothing(small, pair):
    duplicate, original = pair
    original.note("Same cartridge", small.agent)
    merging.take_apart(duplicate, small.agent, clock.now())
    db.session.commit()
    assert not fresh(duplicate).is_merged


def test_what_is_not_merged_cannot_be_taken_apart(small, pair, browser_of):
    answer = browser_of(small.agent).post(f"/tickets/{pair[1].id}/merge/removal")
    assert answer.status_code == 409 and kinds(pair[1]) == ["filed"]


@pytest.fixture
def two_matters(small):
    """A ticket on which its requester also asks for something else, with a file."""
    made = factories.ticket(small.aigul, small.printer, "Printer", "It does not print")
    made.note("only here", small.agent)
    other = made.receive("And I need a chair", small.aigul)
    chair = StoredFile(storage_name="chair", name="chair.png", content_type="image/png", size_bytes=1, sha256="0",
                       created_at=clock.now())
    db.session.add(Attachment(message=other, file=chair))
    db.session.commit()
    return made, other


def split(browser, ticket, **form):
    return browser.post(f"/tickets/{ticket.id}/split", data={"subject": "A chair", "request_type": "printer"} | form)


def test_another_matter_becomes_a_ticket_of_its_own(small, two_matters, browser_of):
    ticket, other = two_matters
    agent = browser_of(small.agent)
    page = agent.get(f"/tickets/{ticket.id}/split").text
    assert "And I need a chair" in page and "only here" not in page
    answer = split(agent, ticket, messages=[other.id])
    new = db.session.get(Ticket, int(re.search(r"\d+", answer.location).group()))
    assert (new.subject, new.requester, new.filed_by, new.status) == ("A chair", small.aigul, small.agent, "new")
    assert [(m.body, m.kind, m.author, len(m.attachments)) for m in new.messages] == [
        ("And I need a chair", "incoming", small.aigul, 1)]
    assert [m.body for m in fresh(ticket).messages][-1] == "And I need a chair", "nothing moves"
    assert db.session.query(TicketLink).one().kind == "split_from"
    assert kinds(ticket)[-1] == "split" and kinds(new) == ["filed"]


def test_nothing_chosen_is_said_and_what_was_typed_stays(small, two_matters, browser_of):
    ticket, _other = two_matters
    note = next(m for m in ticket.messages if m.is_note)
    for messages in ([], [note.id], [999_999]):
        answer = split(browser_of(small.agent), ticket, messages=messages)
        assert answer.status_code == 400 and "A chair" in answer.text
    assert db.session.query(Ticket).count() == 1


def test_the_same_form_sent_twice_splits_once(small, two_matters, browser_of):
    ticket, other = two_matters
    agent = browser_of(small.agent)
    places = {split(agent, ticket, messages=[other.id], submission="0123456789abcdef").location for _ in range(2)}
    assert len(places) == 1 and db.session.query(Ticket).count() == 2


def test_what_was_split_off_a_secret_stays_one(small, two_matters):
    ticket, other = two_matters
    ticket.is_confidential = True
    ticket.accesses = [*ticket.accesses]
    open_type = factories.request_type("furniture", small.second)
    new = merging.split(ticket, merging.Part("A chair", open_type, [other]), small.agent, clock.now())
    assert new.is_confidential and new.team == ticket.team
    assert [(a.team_id, a.user_id) for a in new.accesses] == [(a.team_id, a.user_id) for a in ticket.accesses]


def test_the_desk_gives_what_was_split_off_a_secret_to_nobody_who_was_not_named(small, two_matters):
    ticket, other = two_matters
    ticket.is_confidential, small.first.assignment = True, "least_loaded"
    ticket.accesses = [TicketAccess(user_id=small.agent.id)]
    db.session.flush()
    new = merging.split(ticket, merging.Part("A chair", small.printer, [other]), small.agent, clock.now())
    assert [access.user_id for access in new.accesses] == [small.agent.id]
    assert new.assignee is None and not queries.is_seen(small.rival, new.number)


def test_what_follows_a_secret_of_an_open_type_stays_one(small, two_matters):
    """The answer to an ended ticket files a new one, with the subject and the fields of the old."""
    ticket, other = two_matters
    ticket.is_confidential, ticket.accesses = True, [TicketAccess(user_id=small.agent.id)]
    new = merging.split(ticket, merging.Part("A chair", small.printer, [other]), small.agent, clock.now())
    new.cancel("", small.agent)
    db.session.flush()
    later = db.session.get(Ticket, actions.answer(new, "Between us", small.aigul).ticket_id)
    assert later.id != new.id and later.is_confidential
    assert queries.is_seen(small.agent, later.number) and not queries.is_seen(small.rival, later.number)


def test_on_paper_notes_stand_only_where_the_staff_asks_for_them(small, two_matters, browser_of):
    ticket, _other = two_matters
    agent, aigul = browser_of(small.agent), browser_of(small.aigul)
    assert "only here" not in agent.get(f"/tickets/{ticket.id}/print").text
    assert "only here" in agent.get(f"/tickets/{ticket.id}/print?notes=1").text
    page = aigul.get(f"/tickets/{ticket.id}/print?notes=1")
    assert page.status_code == 200 and "And I need a chair" in page.text and "only here" not in page.text


def test_all_of_a_long_conversation_is_printed(small, browser_of):
    ticket = factories.ticket(small.aigul, small.printer)
    for n in range(120):
        db.session.add(Message(ticket_id=ticket.id, kind="incoming", body=f"word-{n:03}", author_id=small.aigul.id,
                               created_at=clock.now()))
    db.session.commit()
    page = browser_of(small.agent).get(f"/tickets/{ticket.id}/print").text
    assert "word-000" in page and "word-119" in page
