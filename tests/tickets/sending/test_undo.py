"""A reply can be taken back for some seconds, leaves once, and not at all when it does not fit any more."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.core.events import events_of
from app.core.files import StoredFile, path_of
from app.notifications.models import Notification
from app.tickets import actions
from app.tickets.models import Ticket
from app.tickets.sending import housekeeping
from tests import factories
from tests.experiments.forms import fields

from .conftest import outgoing, replies

pytestmark = pytest.mark.slow


def fresh(ticket) -> Ticket:
    return db.session.get(Ticket, ticket.id, populate_existing=True)


def test_what_the_page_sends_waits_and_leaves_by_itself(small, ticket, browser_of, press, leave):
    agent = browser_of(small.agent)
    assert press(agent).status_code == 303
    assert replies() == [] and [row.state for row in outgoing()] == ["waiting"]
    assert leave(5) == 0
    assert leave(11) == 1
    assert [(reply.body, reply.author_id) for reply in replies()] == [("We will come tomorrow.", small.agent.id)]
    assert leave(20) == 0 and len(replies()) == 1


def test_it_counts_when_it_leaves(small, ticket, browser_of, press, leave):
    press(browser_of(small.agent))
    later = clock.now() + timedelta(seconds=40)
    housekeeping.send_due(later)
    assert replies()[0].created_at == later
    assert [event.occurred_at for event in events_of("ticket", ticket.id) if event.kind == "ticket.replied"] == [later]


def test_a_form_without_the_field_speaks_at_once(small, ticket, browser_of):
    browser_of(small.agent).post(f"/tickets/{ticket.id}/replies", data={"body": "Hello {name}"})
    assert len(replies()) == 1 and outgoing() == []


def test_who_wants_no_time_to_undo_speaks_at_once(small, ticket, browser_of, press):
    small.agent.undo_seconds = 0
    press(browser_of(small.agent))
    assert len(replies()) == 1 and outgoing() == []


def test_nobody_waits_longer_than_half_a_minute(small, ticket, browser_of, press):
    press(browser_of(small.agent), undo_seconds="999999")
    row = outgoing()[0]
    assert row.send_at - row.created_at == timedelta(seconds=30)


def test_the_requester_sees_nothing_of_it_and_colleagues_see_it(small, ticket, browser_of, press):
    agent, rival, aigul = (browser_of(person) for person in (small.agent, small.rival, small.aigul))
    press(agent, "A secret until it leaves")
    here = f"/tickets/{ticket.id}"
    assert "A secret until it leaves" in agent.get(here).text and "Take it back" in agent.get(here).text
    shown = rival.get(here).text
    assert "A reply of Agent is going out" in shown and "A secret until it leaves" in shown
    assert "Take it back" not in shown and "undoing" not in shown
    for path in (here, f"{here}/history", "/tickets"):
        assert "until it leaves" not in aigul.get(path).text and "going out" not in aigul.get(path).text


def test_the_offer_to_take_it_back_goes_along_to_other_pages(small, ticket, browser_of, press):
    agent = browser_of(small.agent)
    press(agent)
    text = agent.get("/queues").text
    assert f"/tickets/{ticket.id}/outgoing/{outgoing()[0].id}/undoing" in text
    assert "undoing" not in browser_of(small.rival).get("/queues").text


def test_undo_puts_the_words_back_into_the_composer(small, ticket, browser_of, press, leave):
    agent = browser_of(small.agent)
    press(agent, "Taken back, not lost", then="resolve")
    back = agent.post(f"/tickets/{ticket.id}/outgoing/{outgoing()[0].id}/undoing")
    assert back.status_code == 303
    assert leave() == 0 and replies() == []
    page = agent.get(f"/tickets/{ticket.id}").text
    assert "You took the reply back" in page and "Taken back, not lost</textarea>" in page.replace("\n", "")
    assert "Taken back" not in browser_of(small.rival).get(f"/tickets/{ticket.id}").text
    assert "undoing" not in agent.get("/queues").text


def test_what_came_back_is_sent_again_with_its_files(small, ticket, browser_of, press, leave):
    agent = browser_of(small.agent)
    press(agent, files=[(io.BytesIO(b"one"), "one.txt")])
    agent.post(f"/tickets/{ticket.id}/outgoing/{outgoing()[0].id}/undoing")
    press(agent, "With the file")
    assert [row.state for row in outgoing()] == ["done", "waiting"]
    assert leave() == 1
    assert [(said.body, [held.file.name for held in said.attachments]) for said in replies()] == [
        ("With the file", ["one.txt"])]


def test_a_file_that_is_not_wanted_any_more_stays_behind(small, ticket, browser_of, press, leave):
    agent = browser_of(small.agent)
    press(agent, files=[(io.BytesIO(b"one"), "one.txt")])
    agent.post(f"/tickets/{ticket.id}/outgoing/{outgoing()[0].id}/undoing")
    press(agent, "Without", returned_files=[])
    leave()
    assert replies()[0].attachments == []
    name = db.session.scalars(sa.select(StoredFile.storage_name)).one()
    housekeeping.forget(clock.now() + timedelta(days=3))
    assert outgoing() == [] and db.session.scalars(sa.select(StoredFile)).all() == [] and not path_of(name).exists()


def test_files_go_along(small, ticket, browser_of, press, leave):
    press(browser_of(small.agent), files=[(io.BytesIO(b"x"), "a.txt"), (io.BytesIO(b"y"), "b.txt")])
    leave()
    assert [held.file.name for held in replies()[0].attachments] == ["a.txt", "b.txt"]
    housekeeping.forget(clock.now() + timedelta(days=3))
    assert all(held.file.path.is_file() for held in replies()[0].attachments)


def test_undo_comes_too_late(small, ticket, browser_of, press, leave):
    agent = browser_of(small.agent)
    press(agent)
    leave()
    answer = agent.post(f"/tickets/{ticket.id}/outgoing/{outgoing()[0].id}/undoing", follow_redirects=True)
    assert "too late" in answer.text and len(replies()) == 1


def test_nobody_undoes_for_somebody_else(small, ticket, browser_of, press):
    press(browser_of(small.agent))
    for person in (small.rival, small.aigul, small.expert):
        for deed in ("undoing", "removal"):
            answer = browser_of(person).post(f"/tickets/{ticket.id}/outgoing/{outgoing()[0].id}/{deed}")
            assert answer.status_code == 404
    assert outgoing()[0].state == "waiting"


def test_the_same_form_sent_twice_leaves_once(small, ticket, browser_of, press, leave):
    agent = browser_of(small.agent)
    answers = [press(agent, submission="0123456789abcdef") for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303} and len(outgoing()) == 1
    leave()
    assert press(agent, submission="0123456789abcdef").status_code == 303
    assert leave() == 0 and len(replies()) == 1 and len(outgoing()) == 1


@pytest.mark.parametrize(("then", "status"), [("resolve", "resolved"), ("wait", "pending"), ("stay", "open")])
def test_what_is_to_become_of_the_ticket_comes_when_it_leaves(small, ticket, browser_of, press, leave, then, status):
    press(browser_of(small.agent), then=then, reason="requester")
    assert fresh(ticket).status == "new"
    leave()
    assert fresh(ticket).status == status


def test_what_was_taken_back_still_knows_until_when_it_waits(small, ticket, browser_of, press):
    agent, day = browser_of(small.agent), f"{clock.now() + timedelta(days=40):%Y-%m-%d}"
    press(agent, then="wait", reason="requester", until=day)
    agent.post(f"/tickets/{ticket.id}/outgoing/{outgoing()[0].id}/undoing")
    assert fields(agent.get(f"/tickets/{ticket.id}").text, f"/tickets/{ticket.id}/replies")["until"] == day


def test_the_button_that_resolves_says_more_than_the_choice_above(small, ticket, browser_of, press, leave):
    press(browser_of(small.agent), then=["stay", "resolve"])
    leave()
    assert fresh(ticket).status == "resolved"


@pytest.mark.parametrize("form", [{"then": "wait", "reason": "nonsense"}, {"then": "wait", "reason": "requester",
                                                                            "until": "2020-01-01"}])
def test_what_could_not_be_done_now_is_refused_now(small, ticket, browser_of, press, form):
    assert press(browser_of(small.agent), "Kept words", **form).status_code == 400
    assert outgoing() == []


def not_sent(small, browser) -> str:
    page = browser.get("/profile/sending").text
    assert "We will come tomorrow." in page
    return page


def test_it_is_held_when_the_requester_writes_meanwhile(small, ticket, browser_of, press, leave, client):
    agent = browser_of(small.agent)
    press(agent, then="resolve")
    browser_of(small.aigul).post(f"/tickets/{ticket.id}/answers", data={"body": "It prints again"})
    assert leave() == 1
    assert replies() == [] and fresh(ticket).status == "new"
    page = agent.get(f"/tickets/{ticket.id}").text
    assert "Your reply was not sent: Aigul wrote meanwhile." in page and "We will come tomorrow.</textarea>" in page
    assert "Aigul wrote meanwhile." in not_sent(small, agent)
    assert press(agent).status_code == 303 and leave() == 1
    assert len(replies()) == 1 and outgoing()[0].state == "done"


def test_its_author_is_told_and_nobody_else(small, ticket, browser_of, press, leave, deliver):
    press(browser_of(small.agent))
    browser_of(small.aigul).post(f"/tickets/{ticket.id}/answers", data={"body": "It prints again"})
    leave()
    deliver()
    told = [(one.user_id, one.channel) for one in db.session.scalars(sa.select(Notification))
            if one.event.kind == "ticket.reply_not_sent"]
    assert told == [(small.agent.id, "app")]
    assert "A reply of Agent was not sent" in browser_of(small.agent).get("/notifications").text


def test_a_note_or_ones_own_reply_holds_nothing_back(small, ticket, browser_of, press, leave):
    agent = browser_of(small.agent)
    press(agent)
    agent.post(f"/tickets/{ticket.id}/replies", data={"body": "One more thing"})
    browser_of(small.rival).post(f"/tickets/{ticket.id}/notes", data={"body": "Aha"})
    leave()
    assert len(replies()) == 2


def test_a_reply_of_a_colleague_holds_it_back(small, ticket, browser_of, press, leave):
    press(browser_of(small.agent))
    browser_of(small.rival).post(f"/tickets/{ticket.id}/replies", data={"body": "It is on its way"})
    leave()
    assert [reply.author_id for reply in replies()] == [small.rival.id]


@pytest.mark.parametrize("meanwhile", ["merged", "cancelled", "moved", "disabled", "out_of_team"])
def test_everything_is_asked_again(small, ticket, browser_of, press, leave, meanwhile):
    agent = browser_of(small.agent)
    press(agent)
    if meanwhile == "merged":
        actions.merge(fresh(ticket), factories.ticket(small.bakyt, small.printer), small.rival)
    elif meanwhile == "cancelled":
        fresh(ticket).cancel("Not needed", small.rival)
    elif meanwhile == "moved":
        fresh(ticket).team = small.second
        fresh(ticket).level = 2
    elif meanwhile == "disabled":
        small.agent.is_active = False
    else:
        small.agent.memberships = []
    db.session.commit()
    assert leave() == 1
    assert replies() == [] and [row.state for row in outgoing()] == ["back"] and outgoing()[0].why


def test_the_words_are_not_lost_with_the_ticket(small, ticket, browser_of, press, leave):
    """Who may not see the ticket any more finds the text on a page of their own."""
    agent = browser_of(small.agent)
    press(agent)
    fresh(ticket).team, fresh(ticket).level = small.second, 2
    db.session.commit()
    leave()
    assert agent.get(f"/tickets/{ticket.id}").status_code == 404
    not_sent(small, agent)
    assert agent.post(f"/tickets/{ticket.id}/outgoing/{outgoing()[0].id}/removal").status_code == 303
    assert outgoing()[0].state == "done"


def test_whoever_opens_the_ticket_sends_what_is_late(small, ticket, browser_of, press):
    """The leader is down."""
    press(browser_of(small.agent))
    row = outgoing()[0]
    row.send_at = clock.now() - timedelta(seconds=1)
    page = browser_of(small.aigul).get(f"/tickets/{ticket.id}").text
    assert "We will come tomorrow." in page and len(replies()) == 1


def test_a_bug_while_sending_gives_the_words_back(small, ticket, browser_of, press, leave):
    press(browser_of(small.agent))
    outgoing()[0].then = "explode"
    db.session.commit()
    assert leave() == 1
    assert replies() == [] and [(row.state, bool(row.why)) for row in outgoing()] == [("back", True)]


def test_what_came_back_is_kept_until_its_author_says_otherwise(small, ticket, browser_of, press):
    agent = browser_of(small.agent)
    press(agent)
    agent.post(f"/tickets/{ticket.id}/outgoing/{outgoing()[0].id}/undoing")
    housekeeping.forget(clock.now() + timedelta(days=400))
    assert [row.state for row in outgoing()] == ["back"]


def test_the_page_costs_one_statement_more(small, ticket, browser_of, press, statements):
    agent = browser_of(small.agent)
    agent.get(f"/tickets/{ticket.id}")
    with statements() as said:
        agent.get(f"/tickets/{ticket.id}")
    assert sum("outgoing_replies" in one or "reply_checklist" in one for one in said) == 1


def test_a_form_that_is_refused_for_a_newer_message_keeps_its_seconds(small, ticket, browser_of, press):
    agent = browser_of(small.agent)
    stale = press(agent, seen_message_id="0")
    assert stale.status_code == 409
    assert 'name="undo_seconds"' in stale.text and "We will come tomorrow." in stale.text
    assert outgoing() == []
