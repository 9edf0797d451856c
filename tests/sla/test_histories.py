"""Random histories: what is stored equals what the events alone give, and every sum holds."""

import random
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.calendars.queries import hours_of
from app.core.db import db
from app.core.errors import DeskError
from app.core.events import Event
from app.sla import actions, queries, rebuild
from app.sla.book import live_book, part_of
from app.sla.models import SlaClock, SlaFiring, SlaRule
from app.sla.reactions import happening, spans_of
from app.sla.sweep import sweep
from app.sla.timers import STANDING_STILL, measures
from app.sla.vocabulary import CHOOSING
from app.sla.vocabulary import TARGETS as EVERY_TARGET
from app.tickets import actions as ticket_actions
from app.tickets import merging
from tests import factories
from tests.sla.conftest import HOUR, TARGETS, at, calendar, policy, rule

pytestmark = pytest.mark.slow

VERBS = {
    "take": lambda o, t, m: t.take(o.agent, m),
    "drop": lambda o, t, m: t.assign(None, o.lead, m),
    "reply": lambda o, t, m: t.reply("Looking", o.agent, m),
    "answer": lambda o, t, m: ticket_actions.answer(t, "Any news?", o.aigul, m),
    "wait": lambda o, t, m: t.hold(o.waiting, o.agent, m),
    "wait inside": lambda o, t, m: t.hold(o.inside, o.agent, m),
    "go on": lambda o, t, m: t.resume(o.agent, m),
    "escalate": lambda o, t, m: t.escalate(o.second, "Cable", o.agent, m),
    "hand back": lambda o, t, m: t.hand_back("Socket?", o.expert, m),
    "resolve": lambda o, t, m: t.resolve(o.agent, m),
    "reopen": lambda o, t, m: t.reopen(o.aigul, m),
    "to P1": lambda o, t, m: ticket_actions.change_urgency(t, "high", "high", o.agent, m),
    "to P2": lambda o, t, m: ticket_actions.change_urgency(t, "high", "medium", o.agent, m),
    "to P4": lambda o, t, m: ticket_actions.change_urgency(t, "low", "low", o.agent, m),
    "merge": lambda o, t, m: ticket_actions.merge(t, factories.ticket(o.aigul, o.printer, at=m), o.agent, m),
    "take apart": lambda o, t, m: merging.take_apart(t, o.agent, m),
    "close": lambda o, t, m: t.close(at=m),
    "cancel": lambda o, t, m: t.cancel("Found", o.aigul, m),
    "sweep": lambda o, t, m: (db.session.commit(), sweep(m)),
}
COMMON = [verb for verb in VERBS if verb not in ("close", "cancel")]

WAITS = (0, 1, 60, HOUR // 2, HOUR, 3 * HOUR, 7 * HOUR, 30 * HOUR)
seconds = st.one_of(st.sampled_from(WAITS), st.integers(0, 20 * HOUR))
steps = st.lists(st.tuples(st.sampled_from(COMMON), seconds), max_size=30)
ends = st.sampled_from(["close", "cancel", "sweep"])


EVERYTHING = {"next_response": 2 * HOUR, "pickup:1": HOUR, "handover:1": 4 * HOUR, "pickup:2": 2 * HOUR,
              "handover:2": 8 * HOUR}
SHARES = tuple({"target": target, "share": share, "action": "notify_assignee"}
               for target in ("next_response", "resolution", "pickup", "handover") for share in (50, 100, 150))
ACTS = ({"target": "handover", "share": 100, "action": "escalate_level"},
        {"target": "resolution", "share": 150, "action": "raise_priority"},
        {"target": "resolution", "share": 50, "action": "add_tag", "tag": "half"})


def desk_of_two_calendars(office):
    """P1 counts round the clock and under the law, everything else in office hours; a newer version comes in between.

    Every target is promised to most priorities, and shares are announced before, at and after the deadline.
    """
    always = calendar("always", week={str(day): [["00:00", "24:00"]] for day in range(7)}, country=None)
    urgent = policy("urgent", always, {"P1": TARGETS["P1"] | EVERYTHING}, actions=SHARES + ACTS)
    law = policy("law", always, {one: {"first_response": 20 * HOUR, "resolution": 30 * HOUR} for one in TARGETS})
    by_law = replace(rule(law), is_floor=True)
    actions.set_rules([rule(urgent, priority=["P1"]), rule(office.policy), by_law], None, at("2026-01-01 00:00"))
    milder = actions.Promised(
        office.calendar, {"P3": {"first_response": HOUR, "resolution": 20 * HOUR, **EVERYTHING},
                          "P4": {"resolution": 60 * HOUR, "handover:1": 9 * HOUR}},
        actions=SHARES + ACTS, valid_from=at("2026-03-06 12:00"))
    actions.change_policy(office.policy, milder, None, at("2026-01-01 00:00"))
    db.session.commit()


def live_through(office, history, end) -> SimpleNamespace:
    """Do what the history says, leaving out what the ticket refuses."""
    moment = at("2026-03-02 10:00:00.5")
    ticket = factories.ticket(office.aigul, office.printer, at=moment)
    for verb, wait in [*history, (end, HOUR)]:
        moment += timedelta(seconds=wait, microseconds=137)
        before = deadlines(ticket)
        with suppress(DeskError):
            VERBS[verb](office, ticket, moment)
        db.session.flush()
        check_moves(ticket, before)
    db.session.commit()
    return ticket


def deadlines(ticket):
    """(the newest event, the deadline of each clock)."""
    dues = sa.select(SlaClock.id, SlaClock.due_at).where(SlaClock.ticket_id == ticket.id)
    return db.session.scalar(sa.select(sa.func.max(Event.id))), dict(db.session.execute(dues).all())


def check_moves(ticket, before):
    """No deadline moves without an event that says why: the waiting begins or ends, or other terms are chosen."""
    newest, dues = before
    moved = [number for number, due in deadlines(ticket)[1].items() if number in dues and dues[number] != due]
    said = list(db.session.scalars(sa.select(Event).where(Event.id > newest)))
    why = [event for event in said if "pending" in event.data.get("changes", {}).get("status", ())
           or not set(CHOOSING).isdisjoint(event.data.get("changes", {}))]
    assert not moved or why


def state(row):
    """All columns but the id; of a clock that stopped, not what only the sweep's own pace decides."""
    left_out = {"next_at", "announced_share"} if getattr(row, "stopped_at", None) else set()
    columns = [column.key for column in sa.inspect(type(row)).columns]
    return {name: getattr(row, name) for name in columns if name not in left_out | {"id"}}


def recorded(ticket):
    events = db.session.scalars(sa.select(Event).where(Event.subject_type == "ticket", Event.subject_id == ticket.id)
                                .order_by(Event.id))
    return [happening(event) for event in events]


def check_rebuilt(ticket):
    again = rebuild.fold(ticket.id, recorded(ticket), live_book(), is_silent=False)
    assert [state(span) for span in again.spans] == [state(span) for span in spans_of(ticket.id)]
    by_target = sorted(again.clocks, key=lambda clock: (clock.cycle, clock.target))
    assert [state(clock) for clock in by_target] == [state(clock) for clock in queries.clocks_of(ticket.id)]
    assert again.due_at == ticket.due_at


def check_sums(ticket):
    for clock in queries.clocks_of(ticket.id):
        hours = hours_of(clock.calendar_version_id)
        assert clock.due_at == due_by_spans(clock, hours)
        if clock.due_at is not None:
            assert hours.elapsed(clock.started_at, clock.due_at) - clock.paused_seconds == clock.allowed_seconds
        if clock.stopped_at is not None:
            assert counted(clock, hours) == clock.used_seconds
            assert clock.outcome in (None, "missed" if clock.due_at < clock.stopped_at else "met")


def due_by_spans(clock: SlaClock, hours):
    """Another way to the deadline: span by span, until what is allowed is used up; none while it pauses."""
    if clock.target not in STANDING_STILL:
        return hours.deadline(clock.started_at, clock.allowed_seconds)
    left, since = clock.allowed_seconds, clock.started_at
    for span in spans_of(clock.ticket_id):
        if not measures(clock, span) or (clock.stopped_at is not None and span.started_at >= clock.stopped_at):
            continue
        pauses = span.pauses
        since = max(span.started_at, clock.started_at)
        until = min(filter(None, (span.ended_at, clock.stopped_at)), default=None)
        if until is None:
            return None if pauses else hours.deadline(since, left)
        if until <= since:
            continue
        if not pauses:
            used = hours.elapsed(since, until)
            if used >= left:
                return hours.deadline(since, left)
            left -= used
        since = until
    return hours.deadline(since, left)


def counted(clock: SlaClock, hours) -> int:
    """Business seconds of the spans that count for a clock, from its start to its stop."""
    total = 0
    for span in spans_of(clock.ticket_id):
        start, end = max(span.started_at, clock.started_at), min(span.ended_at or clock.stopped_at, clock.stopped_at)
        if start < end and not (span.pauses and clock.target in STANDING_STILL):
            total += hours.elapsed(start, end)
    return total


def check_spans(ticket):
    spans = spans_of(ticket.id)
    for before, after in zip(spans, spans[1:], strict=False):
        assert before.started_at <= before.ended_at <= after.started_at
        assert (before.ended_at == after.started_at) == (before.cycle == after.cycle) or before.cycle < after.cycle
    assert (spans[-1].ended_at is None) == ticket.is_active


def check_ledger(ticket):
    """No share twice, none fired without its event, and every event has its row."""
    rows = db.session.execute(
        sa.select(SlaClock.target, SlaClock.cycle, SlaFiring.share)
        .join(SlaFiring, SlaFiring.clock_id == SlaClock.id)
        .where(SlaClock.ticket_id == ticket.id, SlaFiring.state == "fired")).all()
    said = [(e.data["target"], e.data["cycle"], e.data["share"]) for e in recorded(ticket) if e.kind.startswith("sla.")]
    assert sorted(map(tuple, rows)) == sorted(said)
    assert len(said) == len(set(said))


def check(ticket):
    check_rebuilt(ticket)
    check_sums(ticket)
    check_spans(ticket)
    check_ledger(ticket)


@given(history=steps, end=ends)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history(office, history, end):
    if len(live_book().lists) < 2:
        desk_of_two_calendars(office)
    check(live_through(office, history, end))


def test_histories_meet_every_target_and_the_law(office):
    """Else the properties below would hold of nothing."""
    desk_of_two_calendars(office)
    story = [("to P1", 60), ("answer", 60), ("reply", 60), ("answer", HOUR), ("escalate", 60), ("to P4", 60)]
    ticket = live_through(office, story, "sweep")
    clocks = queries.clocks_of(ticket.id)
    assert {clock.target for clock in clocks} == set(EVERY_TARGET)
    laws = db.session.scalars(sa.select(SlaRule.id).where(SlaRule.is_floor))
    assert {clock.rule_id for clock in clocks} & set(laws)


@pytest.mark.parametrize("seed", range(10))
def test_long_histories(office, seed):
    """Two hundred steps each, mostly short waits, so that pauses, changes of priority and reopenings pile up."""
    desk_of_two_calendars(office)
    dice = random.Random(seed)
    history = [(dice.choice(COMMON), dice.choice(WAITS)) for _step in range(200)]
    check(live_through(office, history, dice.choice(["close", "cancel", "sweep"])))


def test_the_share_of_an_odd_target_is_rounded_up():
    assert part_of(7, 50) == 4
