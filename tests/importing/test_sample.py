"""The sample organisation on an empty desk: loaded once for these tests, at noon of a Wednesday in Bishkek."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.accounts import sign_in
from app.accounts.models import Team, User
from app.accounts.roles import roles_of
from app.core.db import db
from app.core.events import Event, events_of
from app.core.outbox import OutboxRow
from app.importing import sample
from app.kpi.refresh import is_behind
from app.sla.book import live_book
from app.sla.models import SlaClock, SlaFiring
from app.sla.reactions import happening
from app.sla.rebuild import fold
from app.tickets import housekeeping
from app.tickets.models import Handover, Hold, Message, Ticket
from app.tickets.vocabulary import ACTIVE
from tests.conftest import rolled_back

pytestmark = pytest.mark.slow

NOON = datetime(2026, 11, 18, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded(app):
    with rolled_back(app):
        yield {"lines": sample.load(NOON)}


def count(*conditions, model=Ticket):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions))


def tickets(*conditions):
    return db.session.scalars(sa.select(Ticket).where(*conditions).order_by(Ticket.id)).all()


def test_two_thousand_tickets_of_the_last_year(loaded):
    assert count() == 2000
    assert count(Ticket.filed_at < NOON - timedelta(days=365)) == count(Ticket.filed_at >= NOON) == 0


def test_two_teams_of_level_1_and_four_of_level_2(loaded):
    levels = Counter(db.session.scalars(sa.select(Team.level)))
    assert levels[1] >= 2 and levels[2] == 4


def test_somebody_for_every_role_can_sign_in(loaded):
    held = set()
    for line in loaded["lines"]:
        role, email, password = line.split()
        user = db.session.scalar(sa.select(User).where(User.email == email))
        assert sign_in.is_right(password, user.password_hash)
        assert role in roles_of(user)
        held.add(role)
    assert held == {"customer", "employee", "agent", "lead", "manager", "administrator"}


def test_sixty_to_ninety_are_open_of_every_kind(loaded):
    open_ones = tickets(Ticket.status.in_(ACTIVE))
    assert 60 <= len(open_ones) <= 90
    assert {ticket.status for ticket in open_ones} == {"new", "open", "pending"}
    assert {ticket.level for ticket in open_ones} == {1, 2}
    assert any(t.due_at and t.due_at < NOON for t in open_ones)
    assert any(t.due_at and NOON < t.due_at < NOON + timedelta(days=1) for t in open_ones)


def test_there_is_life_today(loaded):
    midnight = NOON.replace(hour=0) - timedelta(hours=6)
    assert count(Event.occurred_at >= midnight, model=Event) > 5
    assert count(Event.occurred_at > NOON, model=Event) == 0


def test_everything_a_conversation_can_hold(loaded):
    assert set(db.session.scalars(sa.select(Message.kind).distinct())) == {"incoming", "reply", "note"}
    assert set(db.session.scalars(sa.select(Handover.kind).distinct())) == {"escalation", "return"}
    assert {"ticket.reopened", "ticket.resolved", "ticket.held", "ticket.cancelled", "ticket.tagged"} <= set(
        db.session.scalars(sa.select(Event.kind).distinct()))
    assert all(handover.answers for handover in db.session.scalars(
        sa.select(Handover).where(Handover.kind == "escalation").limit(20)))


def test_three_languages_are_spoken(loaded):
    spoken = Counter(db.session.scalars(sa.select(User.language).join(Ticket, Ticket.requester_id == User.id)))
    assert all(spoken[language] > 100 for language in ("en", "ru", "ky"))


def test_nobody_is_staff_to_an_own_request(loaded):
    own = sa.select(Event.id).join(Ticket, Ticket.id == Event.subject_id).where(
        Event.subject_type == "ticket", Event.actor_id == Ticket.requester_id,
        Event.kind.in_(("ticket.taken", "ticket.replied", "ticket.resolved", "ticket.escalated")))
    assert db.session.scalars(own).all() == []


def test_who_is_assigned_works_in_the_team(loaded):
    for ticket in tickets(Ticket.assignee_id.is_not(None)):
        assert ticket.team_id in ticket.assignee.team_ids


def test_only_those_named_are_on_confidential_tickets(loaded):
    confidential = tickets(Ticket.is_confidential)
    assert confidential
    assert all(ticket.team_id in {access.team_id for access in ticket.accesses} for ticket in confidential)


def test_nothing_is_sent_and_nothing_is_overlooked(loaded):
    assert count(model=OutboxRow) == 0
    assert count(SlaClock.next_at < NOON, model=SlaClock) == 0
    assert count(model=SlaFiring) == count(Event.kind.in_(("sla.warned", "sla.breached")), model=Event) > 0


def test_open_tickets_have_clocks_that_the_sweep_will_look_at(loaded):
    running = sa.select(SlaClock.ticket_id).where(SlaClock.stopped_at.is_(None), SlaClock.next_at > NOON)
    assert len(set(db.session.scalars(running))) > 20


def test_clocks_are_those_that_follow_from_the_events(loaded):
    for ticket in tickets(Ticket.id % 40 == 0):
        past = [happening(event) for event in events_of("ticket", ticket.id)]
        expected = fold(ticket.id, past, live_book(), is_silent=False)
        stored = db.session.scalars(sa.select(SlaClock).where(SlaClock.ticket_id == ticket.id)).all()
        facts = ("target", "cycle", "started_at", "due_at", "used_seconds", "outcome", "next_at", "announced_share")
        assert sorted(tuple(map(str, (getattr(c, f) for f in facts))) for c in stored) == sorted(
            tuple(map(str, (getattr(c, f) for f in facts))) for c in expected.clocks)
        assert ticket.due_at == expected.due_at


def test_the_desk_s_own_jobs_find_nothing_to_do(loaded):
    jobs = (housekeeping.remind, housekeeping.resolve_silent, housekeeping.resume_due, housekeeping.close_forgotten)
    assert [job(NOON) for job in jobs] == [0, 0, 0, 0]
    assert not is_behind()


def test_a_pending_ticket_waits_for_something(loaded):
    waiting = {hold.ticket_id for hold in db.session.scalars(sa.select(Hold).where(Hold.ended_at.is_(None)))}
    assert waiting == {ticket.id for ticket in tickets(Ticket.status == "pending")}


def test_the_second_load_does_nothing(loaded):
    assert sample.load(NOON + timedelta(days=1)) == loaded["lines"]
    assert count() == 2000
