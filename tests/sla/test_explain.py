"""A clock explains itself: its segments have no gap and no overlap, and what they count is the clock, to the second."""

import random
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings

from app.calendars.queries import hours_of
from app.core.clock import whole_second
from app.core.db import db
from app.core.errors import DeskError
from app.sla import queries
from app.sla.book import live_book
from app.sla.choice import choices
from app.sla.explain import coarse, explain, without_places
from app.sla.reactions import spans_of
from app.sla.standing import used_at
from app.tickets import actions as ticket_actions
from tests import factories
from tests.sla.conftest import HOUR, at, clock_of, minutes
from tests.sla.test_histories import COMMON, VERBS, WAITS, desk_of_two_calendars, ends, recorded, steps


def explained(clock, moment):
    return explain(clock, spans_of(clock.ticket_id), hours_of(clock.calendar_version_id), moment)


def told(explanation):
    """Each segment in short: hours by the wall, hours counted, why."""
    return [(s.seconds / HOUR, s.counted_seconds / HOUR, s.why) for s in explanation.segments]


def check(clock, moment):
    """What must hold of every clock at every moment that is not before its last event."""
    said = explained(clock, moment)
    follow_each_other(said.segments, clock.started_at, said.until)
    assert said.used_seconds == used_at(clock, whole_second(moment))
    assert said.paused_seconds == paused_until(clock, said.until)
    adds_up_to_the_deadline(clock, said)
    assert total(coarse(said.segments, 0)) == total(without_places(said.segments)) == said.used_seconds


def follow_each_other(segments, start, end):
    edges = [start, *(segment.end for segment in segments)]
    assert [segment.start for segment in segments] == edges[:-1] and edges[-1] == end
    assert all(segment.start < segment.end for segment in segments)
    assert all(before != after for before, after in pairwise(map(meaning, segments))), "equal ones are made one"


def meaning(segment):
    return segment.why, segment.holiday, segment.reason, segment.place, segment.is_late


def paused_until(clock, until):
    going_on = hours_of(clock.calendar_version_id).elapsed(clock.paused_at, until) if clock.paused_at else 0
    return clock.paused_seconds + clock.late_paused_seconds + going_on


def adds_up_to_the_deadline(clock, said):
    if clock.due_at is None:
        assert not said.ahead and not any(segment.is_late for segment in said.segments)
        return
    in_time = [segment for segment in said.segments if not segment.is_late]
    if clock.stopped_at is None and clock.paused_at is None and clock.due_at > said.until:
        follow_each_other(said.ahead, said.until, clock.due_at)
        in_time += said.ahead
    if in_time and in_time[-1].end == clock.due_at:
        assert total(in_time) == clock.allowed_seconds


def total(segments):
    return sum(segment.counted_seconds for segment in segments)


def live_through(office, history, end, dice):
    """Step by step, every clock explained at each step and at some moment before the next one."""
    moment = at("2026-03-02 10:00:00.5")
    ticket = factories.ticket(office.aigul, office.printer, at=moment)
    for verb, wait in [*history, (end, HOUR)]:
        check_all(ticket, moment + timedelta(seconds=dice.uniform(0, wait)))
        moment += timedelta(seconds=wait, microseconds=137)
        with suppress(DeskError):
            VERBS[verb](office, ticket, moment)
        db.session.flush()
    check_all(ticket, moment + timedelta(days=dice.randrange(40)))
    check_choices(ticket)


def check_choices(ticket):
    """Every clock can say which rule chose its terms, and how what it was allowed came about."""
    clocks = queries.clocks_of(ticket.id)
    found = choices(ticket.id, clocks, recorded(ticket), live_book())
    for clock in clocks:
        choice = found[clock.target, clock.cycle]
        chosen = [verdict.rule.id for verdict in choice.verdicts if verdict.state in ("chosen", "law")]
        assert chosen == [clock.rule_id]
        allowance = choice.allowance
        assert clock.allowed_seconds == max(allowance.promised - sum(allowance.used_before), allowance.floor)


def check_all(ticket, moment):
    """Not before what is known already: the sweep escalates by the clock of the machine, which is far ahead."""
    moment = max(moment, spans_of(ticket.id)[-1].started_at)
    for clock in queries.clocks_of(ticket.id):
        check(clock, moment)


@pytest.mark.slow
@given(history=steps, end=ends)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history(office, history, end):
    if len(live_book().lists) < 2:
        desk_of_two_calendars(office)
    live_through(office, history, end, random.Random(len(history)))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_long_histories(office, seed):
    desk_of_two_calendars(office)
    dice = random.Random(seed)
    history = [(dice.choice(COMMON), dice.choice(WAITS)) for _step in range(120)]
    live_through(office, history, dice.choice(["close", "cancel", "sweep"]), dice)


def test_a_night_lies_between_two_days(ticket):
    said = explained(clock_of(ticket), at("2026-03-03 11:30"))
    assert told(said) == [(8, 8, "open"), (15, 0, "closed"), (2.5, 2.5, "open")]
    assert (said.used_seconds, said.left_seconds) == (10.5 * HOUR, 7.5 * HOUR)


def test_what_is_ahead_says_why_it_is_due_then(office):
    ticket = factories.ticket(office.aigul, office.printer, at=at("2026-08-28 17:00"))
    said = explained(clock_of(ticket, "first_response"), at("2026-08-28 17:30"))
    assert [(s.why, s.counted_seconds) for s in said.ahead] == [
        ("open", HOUR // 2), ("closed", 0), ("holiday", 0), ("closed", 0), ("open", HOUR)]
    assert said.ahead[2].holiday.name("en") == "Independence Day"
    assert said.ahead[-1].end == clock_of(ticket, "first_response").due_at


def test_a_pause_says_for_what_and_what_it_kept_from_counting(office, ticket):
    ticket.take(office.agent, at("2026-03-02 11:00"))
    ticket.hold(office.waiting, office.agent, at("2026-03-02 17:00"))
    ticket.resume(office.agent, at("2026-03-03 10:00"))
    said = explained(clock_of(ticket), at("2026-03-03 11:00"))
    assert told(said) == [(1, 1, "open"), (6, 6, "open"), (17, 0, "paused"), (1, 1, "open")]
    assert (said.segments[2].reason, said.paused_seconds) == ("requester", 2 * HOUR)
    assert [s.place.status for s in said.segments] == ["new", "open", "pending", "open"]


def test_waiting_stops_no_answer(office, ticket):
    ticket.hold(office.waiting, office.agent, at("2026-03-02 10:30"))
    said = explained(clock_of(ticket, "first_response"), at("2026-03-02 11:00"))
    assert told(said) == [(0.5, 0.5, "open"), (0.5, 0.5, "open")], "the same reason in two states of the ticket"


def test_beyond_the_deadline_time_is_late_and_pauses_move_nothing(office, ticket):
    ticket.reply("Looking", office.agent, at("2026-03-02 10:05"))
    ticket.hold(office.waiting, office.agent, at("2026-03-04 11:00"))
    ticket.resume(office.agent, at("2026-03-04 12:00"))
    ticket.resolve(office.agent, at("2026-03-04 13:00"))
    said = explained(clock_of(ticket), at("2026-03-09 13:00"))
    assert [(s.why, s.counted_seconds // HOUR) for s in said.segments if s.is_late] == [
        ("open", 1), ("paused", 0), ("open", 1)]
    assert (said.used_seconds, said.until, said.ahead) == (20 * HOUR, at("2026-03-04 13:00"), [])


def test_another_calendar_tells_the_past_anew(office):
    desk_of_two_calendars(office)
    ticket = factories.ticket(office.aigul, office.printer, at=at("2026-03-02 17:00"))
    ticket_actions.change_urgency(ticket, "high", "high", office.agent, at("2026-03-02 19:00"))
    assert told(explained(clock_of(ticket), at("2026-03-02 20:00"))) == [(3, 3, "open")], "round the clock, all of it"


def test_years_of_nights_can_be_told_in_short(office, ticket):
    ticket.take(office.agent, at("2026-03-02 12:00"))
    said = explained(clock_of(ticket), at("2027-03-02 12:00"))
    short = coarse(said.segments)
    assert len(said.segments) > 500 and len(short) < 60
    assert total(short) == said.used_seconds
    follow_each_other(short, said.segments[0].start, said.until)
    assert {"mixed", "holiday"} <= {segment.why for segment in short}


def test_a_clock_asked_before_its_start_has_used_nothing(ticket):
    said = explained(clock_of(ticket), at("2026-03-02 10:00") - minutes(5))
    assert (said.segments, said.used_seconds) == ([], 0)
