"""The sweep: warns, breaches and escalates, each once; late, and superseded, when it could not look in time."""

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.core.events import Event
from app.core.outbox import OutboxRow
from app.sla import sweep as sweeping
from app.sla.models import SlaClock, SlaFiring
from app.tickets import actions as ticket_actions
from tests import factories
from tests.sla.conftest import at, clock_of


def sweep(text):
    """One sweep at a moment of Bishkek, after what the test did is committed."""
    db.session.commit()
    return sweeping.sweep(at(text))


def said(ticket):
    """What the timers announced: kind, target, share and whether late, in the order it was written."""
    events = db.session.scalars(sa.select(Event).where(Event.subject_id == ticket.id, Event.kind.startswith("sla."))
                                .order_by(Event.id))
    return [(e.kind.removeprefix("sla."), e.data["target"], e.data["share"], e.data["is_late"]) for e in events]


def ledger(ticket, target="resolution"):
    statement = (sa.select(SlaFiring.share, SlaFiring.state).join(SlaClock, SlaClock.id == SlaFiring.clock_id)
                 .where(SlaClock.ticket_id == ticket.id, SlaClock.target == target).order_by(SlaFiring.share))
    return [tuple(row) for row in db.session.execute(statement)]


@pytest.fixture
def answered(office, ticket):
    """Its resolution is due on Wednesday at 10:00; half is used on Tuesday at 10:00, three quarters at 14:30."""
    ticket.take(office.agent, at("2026-03-02 10:05"))
    ticket.reply("Looking", office.agent, at("2026-03-02 10:10"))
    return ticket


def test_nothing_is_said_before_its_time(answered):
    assert sweep("2026-03-03 10:00:00") == 0
    assert sweep("2026-03-03 10:00:01") == 1
    assert said(answered) == [("warned", "resolution", 50, False)]


def test_each_share_once_however_often_it_sweeps(answered):
    for moment in ("2026-03-03 10:00:05", "2026-03-03 10:00:05", "2026-03-03 14:31", "2026-03-04 10:00:10",
                   "2026-03-04 10:00:20", "2026-03-20 10:00"):
        sweep(moment)
    assert said(answered) == [("warned", "resolution", 50, False), ("warned", "resolution", 75, False),
                              ("breached", "resolution", 100, False)]
    assert ledger(answered) == [(50, "fired"), (75, "fired"), (100, "fired")]
    assert clock_of(answered).breached_at == at("2026-03-04 10:00")


def test_after_a_stop_of_two_days_the_last_share_speaks_for_all(answered):
    sweep("2026-03-06 09:00")
    assert said(answered) == [("breached", "resolution", 100, True)]
    assert ledger(answered) == [(50, "superseded"), (75, "superseded"), (100, "fired")]


def test_an_announcement_happened_when_its_moment_came(answered):
    sweep("2026-03-06 09:00")
    event = db.session.scalar(sa.select(Event).where(Event.kind == "sla.breached"))
    assert event.occurred_at == at("2026-03-04 10:00")
    assert db.session.scalar(sa.select(SlaFiring.fired_at)) == at("2026-03-06 09:00")


def test_one_outbox_row_for_one_announcement(answered):
    sweep("2026-03-03 10:00:05")
    event = db.session.scalar(sa.select(Event).where(Event.kind == "sla.warned"))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxRow).filter_by(event_id=event.id)) == 1


def test_nothing_is_said_while_it_waits(office, answered):
    answered.hold(office.waiting, office.agent, at("2026-03-03 09:30"))
    assert sweep("2026-03-10 09:00") == 0
    answered.resume(office.agent, at("2026-03-10 09:30"))
    assert clock_of(answered).next_at == at("2026-03-10 10:00")


def test_what_was_reached_before_a_pause_is_still_said(office, answered):
    answered.hold(office.waiting, office.agent, at("2026-03-03 14:30:10"))
    assert sweep("2026-03-03 14:30:20") == 1
    assert ledger(answered) == [(50, "superseded"), (75, "fired")]


def test_a_breach_is_said_even_if_it_was_solved_before_the_sweep_looked(office, answered):
    answered.resolve(office.agent, at("2026-03-04 10:00:05"))
    sweep("2026-03-04 10:00:10")
    assert said(answered) == [("breached", "resolution", 100, False)]
    assert answered.level == 1, "what has ended is not escalated"


def test_a_warning_that_its_end_has_overtaken_is_only_written_down(office, answered):
    answered.resolve(office.agent, at("2026-03-03 10:00:05"))
    assert sweep("2026-03-03 10:00:10") == 0
    assert (said(answered), ledger(answered)) == ([], [(50, "superseded")])
    assert sweep("2026-03-20 10:00") == 0


def test_a_reopened_ticket_warns_again_in_its_new_cycle(office, answered):
    sweep("2026-03-03 10:00:05")
    answered.resolve(office.agent, at("2026-03-03 11:00"))
    answered.reopen(office.aigul, at("2026-03-03 12:00"))
    sweep("2026-03-03 16:01")
    assert said(answered) == [("warned", "resolution", 50, False)] * 2


def test_a_share_said_before_a_change_of_priority_is_not_said_again(office, answered):
    sweep("2026-03-03 10:00:05")
    ticket_actions.change_urgency(answered, "low", "low", office.agent, at("2026-03-03 11:00"))
    sweep("2026-03-05 12:00")
    assert said(answered) == [("warned", "resolution", 50, False)]
    assert clock_of(answered).next_at == at("2026-03-05 16:45")


def test_a_priority_that_makes_it_late_is_late_from_then_on(office, answered):
    ticket_actions.change_urgency(answered, "high", "high", office.agent, at("2026-03-02 16:00"))
    sweep("2026-03-02 16:00:10")
    assert said(answered) == [("breached", "resolution", 100, False)]
    assert clock_of(answered).breached_at == at("2026-03-02 16:00")


def test_a_breach_escalates_to_level_2_once(office, answered):
    sweep("2026-03-04 10:00:05")
    sweep("2026-03-04 10:00:15")
    assert (answered.level, answered.team_id, answered.hops) == (2, office.second.id, 1)


def test_tickets_of_a_silent_past_announce_nothing(office, answered):
    clock_of(answered).is_silent = True
    clock_of(answered).next_at = None
    db.session.commit()
    answered.hold(office.waiting, office.agent, at("2026-03-03 09:30"))
    answered.resume(office.agent, at("2026-03-03 09:40"))
    answered.resolve(office.agent, at("2026-03-03 09:45"))
    answered.reopen(office.aigul, at("2026-03-03 09:50"))
    assert sweep("2026-04-03 10:00") == 0


def test_one_that_fails_does_not_hold_up_the_others(office, ticket, answered, monkeypatch):
    other = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 10:00"))
    broken = answered.id
    real = sweeping._announce
    monkeypatch.setattr(sweeping, "_announce", lambda due, now: 1 / 0 if due.ticket_id == broken else real(due, now))
    assert sweep("2026-03-02 12:00:05") == 1
    monkeypatch.undo()
    assert sweep("2026-03-04 10:00:05") >= 1
    assert said(db.session.get(type(other), broken)) == [("breached", "resolution", 100, False)]


def test_the_sweep_reads_one_range_of_an_index(office, answered):
    plan = explain(sweeping.due_statement(at("2026-03-03 10:00")).limit(500))
    assert "ix_sla_clocks_next" in plan, plan


def explain(statement):
    """The plan; PostgreSQL is told not to prefer a walk through a table that has three rows."""
    sqlite = db.engine.dialect.name == "sqlite"
    if not sqlite:
        db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
    compiled = statement.compile(db.session.connection(), compile_kwargs={"literal_binds": True})
    rows = db.session.execute(sa.text(("EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN ") + str(compiled)))
    return "\n".join(str(row[-1]) for row in rows)
