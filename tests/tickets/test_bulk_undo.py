"""Taking a deed back: each ticket to which nothing newer happened is as it was, and its history says so."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.core.errors import Conflict
from app.core.events import Event, record
from app.tickets import actions
from app.tickets.bulk import deeds, housekeeping
from app.tickets.bulk.models import BulkDeed, BulkItem
from app.tickets.bulk.undoing import FACTS
from app.tickets.bulk.verbs import Order
from app.tickets.models import Ticket, TicketAccess
from tests import factories, people

from .test_bulk import kinds, send

pytestmark = pytest.mark.slow


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def three(small):
    """New, open with Rival, waiting."""
    made = [factories.ticket(small.aigul, small.printer, f"Printer {n}") for n in range(3)]
    made[1].take(small.rival)
    made[2].take(small.rival)
    made[2].hold(small.waiting, small.rival)
    db.session.flush()
    return made


def facts(ticket: Ticket) -> tuple:
    """All that a deed may change, and for what the ticket waits."""
    db.session.expire_all()
    held = [hold.reason for hold in ticket.holds if hold.ended_at is None]
    return (*(getattr(ticket, fact) for fact in FACTS), [tag.name for tag in ticket.tags], held, ticket.merged_into_id,
            [watch.user_id for watch in ticket.watches], ticket.awaits,
            [resolution.at for resolution in ticket.resolutions if not resolution.ended_at])


def ids(tickets: list[Ticket]) -> list[int]:
    return [ticket.id for ticket in tickets]


@pytest.mark.parametrize("verb", ["assign", "give_back", "move", "priority", "tag", "untag", "resolve", "cancel",
                                  "merge", "watch"])
def test_each_deed_is_taken_back(small, three, now, verb):
    actions.tag(three[0], "old", small.agent)
    order = {
        "assign": Order(assignee=small.agent), "give_back": Order(),
        "move": Order(team=people.team("printers"), reason="x"), "priority": Order(impact="high", urgency="high"),
        "tag": Order(name="toner"), "untag": Order(name="old"),
        "resolve": Order(), "cancel": Order(reason="x"), "merge": Order(original=three[1]), "watch": Order(),
    }[verb]
    chosen = [three[0], three[2]] if verb == "merge" else three
    before = [facts(ticket) for ticket in three]
    deed = deeds.do("assign" if verb == "give_back" else verb, order, ids(chosen), small.agent, now)
    assert deed.of("refused") == []
    assert any(facts(ticket) != was for ticket, was in zip(three, before, strict=True))
    assert deeds.undo(deed, small.agent, now + timedelta(minutes=9))
    assert deed.of("kept") == []
    assert [facts(ticket) for ticket in three] == before


def test_taking_and_waiting_are_taken_back(small, three, browser_of):
    """By the pages, as they happen."""
    agent, before = browser_of(small.agent), facts(three[0])
    for verb, said in (("take", {}), ("wait", {"waits_for": "requester"})):
        text = send(agent, verb, three[:1], **said)
        assert "data-undo" in text
        assert facts(three[0]) != before
        answer = agent.post(f"/tickets/bulk/{latest().id}/undo", data={"next": "/queues/service-desk"})
        assert "1 ticket is again as it was." in agent.get(answer.location).text
        assert facts(three[0]) == before
    assert kinds(three[0]) == ["filed", "taken", "restored", "held", "restored"]


def latest() -> BulkDeed:
    return db.session.scalar(sa.select(BulkDeed).order_by(BulkDeed.id.desc()).limit(1))


def test_what_somebody_changed_since_is_left_alone_and_said(small, three, now):
    deed = deeds.do("assign", Order(assignee=small.agent), ids(three), small.agent, now)
    three[1].note("Looking", small.rival)
    record("sla.warned", three[2], target="resolution", cycle=1, share=75, is_late=False, due=None, actions=[])
    db.session.flush()
    deeds.undo(deed, small.agent, now)
    assert [(item.ticket_id, item.why) for item in deed.of("kept")] \
        == [(three[1].id, "Rival did something here meanwhile.")]
    assert three[1].assignee_id == small.agent.id
    assert (three[0].assignee_id, three[2].assignee_id) == (None, small.rival.id)


def test_undoing_twice_does_nothing(small, three, now):
    deed = deeds.do("tag", Order(name="toner"), ids(three), small.agent, now)
    assert deeds.undo(deed, small.agent, now)
    said = db.session.scalar(sa.select(sa.func.count(Event.id)))
    assert not deeds.undo(deed, small.agent, now)
    assert db.session.scalar(sa.select(sa.func.count(Event.id))) == said


def test_after_ten_minutes_it_is_too_late(small, three, now):
    deed = deeds.do("tag", Order(name="toner"), ids(three), small.agent, now)
    with pytest.raises(Conflict):
        deeds.undo(deed, small.agent, now + timedelta(minutes=11))
    assert three[0].tags


def test_nobody_undoes_what_somebody_else_did(small, three, browser_of):
    send(browser_of(small.agent), "take", three[:1])
    rival = browser_of(small.rival)
    assert rival.post(f"/tickets/bulk/{latest().id}/undo").status_code == 404
    assert rival.get(f"/tickets/bulk/{latest().id}").status_code == 404
    assert browser_of(small.agent).get(f"/tickets/bulk/{latest().id}").status_code == 200
    assert browser_of(small.agent).post("/tickets/bulk/99999999999999999999/undo").status_code == 404


def test_what_was_moved_out_of_sight_comes_back(small, three, now):
    """A confidential ticket, too; and the other team is named on it no more."""
    other = people.team("printers")
    three[0].is_confidential = True
    three[0].accesses = [TicketAccess(team_id=small.first.id)]
    db.session.flush()
    deed = deeds.do("move", Order(team=other, reason="x"), ids(three[:1]), small.agent, now)
    assert {access.team_id for access in three[0].accesses} == {small.first.id, other.id}
    deeds.undo(deed, small.agent, now)
    assert {access.team_id for access in three[0].accesses} == {small.first.id}
    assert three[0].team_id == small.first.id


def test_an_answer_that_was_sent_stays_said(small, three, now):
    deed = deeds.do("resolve", Order(body="Done"), ids(three[:1]), small.agent, now)
    deeds.undo(deed, small.agent, now)
    assert three[0].status == "new"
    assert [message.body for message in three[0].messages] == ["It does not print", "Done"]
    assert kinds(three[0]) == ["filed", "replied", "resolved", "revived"]


def test_who_merged_wrongly_gets_both_back_unless_somebody_spoke(small, three, now):
    deed = deeds.do("merge", Order(original=three[0]), ids(three[1:]), small.agent, now)
    three[0].receive("Still broken", small.aigul)
    deeds.undo(deed, small.agent, now)
    assert len(deed.of("kept")) == 2
    assert "Something was said since the merge" in deed.of("kept")[0].why


def test_after_a_month_a_deed_is_forgotten_and_what_was_done_is_not(small, three, now):
    deeds.do("tag", Order(name="toner"), ids(three), small.agent, now)
    assert housekeeping.forget(now + timedelta(days=29)) == 0
    assert housekeeping.forget(now + timedelta(days=31)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BulkItem)) == 0
    assert [tag.name for tag in three[0].tags] == ["toner"]


@pytest.mark.parametrize("verb", ["assign", "move", "resolve", "tag", "merge"])
def test_who_has_left_the_team_puts_nothing_back(small, three, now, verb):
    order = {"assign": Order(assignee=small.rival), "move": Order(team=people.team("printers"), reason="x"),
             "resolve": Order(), "tag": Order(name="toner"), "merge": Order(original=three[1])}[verb]
    deed = deeds.do(verb, order, [three[0].id], small.agent, now)
    assert len(deed.of("done")) == 1
    was = facts(three[0])
    three[0].note("Between us", small.rival)
    small.agent.memberships.clear()
    db.session.flush()
    db.session.expire_all()
    deeds.undo(deed, small.agent, now + timedelta(minutes=1))
    assert [(item.state, item.why) for item in deed.items] == [("kept", "You cannot do this here.")]
    assert facts(three[0]) == was
