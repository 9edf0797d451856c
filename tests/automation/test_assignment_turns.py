"""Whose turn it is: fair, by weight, and never somebody who is away, has full hands or carries nothing."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.automation import turns
from app.automation.turns import Landing, Member, choose, simulate
from app.calendars.working_hours import WorkingHours

pytestmark = pytest.mark.slow

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
MODES = ("round_robin", "least_loaded")
DAYS = WorkingHours.build("UTC", {str(day): [["09:00", "18:00"]] for day in range(5)})
AIGUL, BAKYT, CHOLPON = 1, 2, 3


def after(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def handed(members: list[Member], mode: str, tickets: int, start: int = 0) -> tuple[list[int], list[Member]]:
    """Who got each of so many tickets, one a minute, none of which ever ends."""
    got = []
    for minute in range(start, start + tickets):
        chosen = choose(members, mode)
        assert chosen is not None
        got.append(chosen.user_id)
        members = turns.given(members, chosen.user_id, after(minute))
    return got, members


def test_round_robin_goes_round():
    got, _members = handed([Member(AIGUL), Member(BAKYT), Member(CHOLPON)], "round_robin", 7)
    assert got == [AIGUL, BAKYT, CHOLPON, AIGUL, BAKYT, CHOLPON, AIGUL]


def test_who_has_waited_longest_begins():
    members = [Member(AIGUL, assigned_at=after(5)), Member(BAKYT, assigned_at=after(3)), Member(CHOLPON)]
    got, _members = handed(members, "round_robin", 3, start=10)
    assert got == [CHOLPON, BAKYT, AIGUL]


def test_half_a_weight_gets_half_as_many():
    got, _members = handed([Member(AIGUL, weight=100), Member(BAKYT, weight=50)], "round_robin", 300)
    assert Counter(got) == {AIGUL: 200, BAKYT: 100}
    assert max(len(list(run)) for _who, run in groupby(got)) == 2


def test_who_comes_back_catches_up_on_nothing():
    members = [Member(AIGUL), Member(BAKYT, is_present=False), Member(CHOLPON)]
    _got, members = handed(members, "round_robin", 100)
    got, _members = handed([replace(member, is_present=True) for member in members], "round_robin", 9, start=100)
    assert got[0] == BAKYT
    assert Counter(got) == {AIGUL: 3, BAKYT: 3, CHOLPON: 3}


def test_who_is_new_gets_a_share_and_no_more():
    _got, members = handed([Member(AIGUL), Member(BAKYT)], "round_robin", 50)
    got, _members = handed([*members, Member(CHOLPON)], "round_robin", 30, start=50)
    assert Counter(got) == {AIGUL: 10, BAKYT: 10, CHOLPON: 10}


def test_another_weight_holds_from_then_on():
    _got, members = handed([Member(AIGUL, weight=10), Member(BAKYT)], "round_robin", 110)
    got, _members = handed([replace(member, weight=100) for member in members], "round_robin", 40, start=110)
    assert abs(Counter(got)[AIGUL] - 20) <= 1


def test_least_loaded_looks_at_load_for_weight():
    assert choose([Member(AIGUL, load=3), Member(BAKYT, load=2, weight=50)], "least_loaded").user_id == AIGUL
    assert choose([Member(AIGUL, load=3), Member(BAKYT, load=1, weight=50)], "least_loaded").user_id == BAKYT


def test_of_equals_who_has_waited_longest():
    equals = [Member(AIGUL, load=2, assigned_at=after(2)), Member(BAKYT, load=1, weight=50, assigned_at=after(1))]
    assert choose(equals, "least_loaded").user_id == BAKYT
    assert choose([Member(BAKYT), Member(AIGUL)], "least_loaded").user_id == AIGUL


def test_manual_chooses_nobody():
    with pytest.raises(KeyError):
        choose([Member(AIGUL)], "manual")


MEMBERS = st.lists(
    st.builds(Member, user_id=st.integers(1, 9), weight=st.integers(0, 500), load=st.integers(0, 12),
              capacity=st.none() | st.integers(1, 12), is_present=st.booleans(),
              assigned_at=st.none() | st.integers(0, 600).map(after), place=st.integers(0, 10**9)),
    max_size=9, unique_by=lambda member: member.user_id)


@settings(max_examples=400, deadline=None)
@given(MEMBERS, st.sampled_from(MODES), st.sets(st.integers(1, 9), max_size=3))
def test_nobody_gets_it_who_must_not(members, mode, but):
    chosen = choose(members, mode, but)
    may = [m for m in members if m.is_present and m.weight and m.user_id not in but
           and (m.capacity is None or m.load < m.capacity)]
    assert (chosen is None) == (not may)
    assert chosen is None or chosen in may
    assert chosen == choose(members[::-1], mode, but)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 500), min_size=1, max_size=6), st.integers(1, 400))
def test_turns_are_proportional_to_weights(weights, tickets):
    """Nobody is further from the own share than their own and the others' last ticket."""
    got, _members = handed([Member(n, weight) for n, weight in enumerate(weights)], "round_robin", tickets)
    counted = Counter(got)
    for one, weight in enumerate(weights):
        for other, another in enumerate(weights):
            assert abs(counted[one] / weight - counted[other] / another) <= 1 / weight + 1 / another + 0.001


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 500), min_size=1, max_size=6), st.integers(1, 200))
def test_loads_are_proportional_to_weights(weights, tickets):
    _got, members = handed([Member(n, weight) for n, weight in enumerate(weights)], "least_loaded", tickets)
    for one in members:
        for other in members:
            assert one.load / one.weight <= other.load / other.weight + 1 / one.weight + 1e-9


def test_simulated_turns_are_the_live_ones():
    landings = [Landing(n, after(540 + n)) for n in range(6)]
    assert simulate(landings, [Member(AIGUL), Member(BAKYT, 50)], "round_robin") == [
        (0, AIGUL), (1, BAKYT), (2, AIGUL), (3, BAKYT), (4, AIGUL), (5, AIGUL)]


def test_what_left_is_no_load():
    landings = [Landing(1, after(0), until=after(5)), Landing(2, after(1)), Landing(3, after(10))]
    assert simulate(landings, [Member(AIGUL), Member(BAKYT, load=2)], "least_loaded") == [
        (1, AIGUL), (2, AIGUL), (3, AIGUL)]


def test_what_lands_at_night_waits_for_the_morning_and_goes_by_deadline():
    night = [Landing(1, after(60), due_at=after(900)), Landing(2, after(61), due_at=after(700)),
             Landing(3, after(62), until=after(500))]
    assert simulate(night, [Member(AIGUL, capacity=1)], "round_robin", DAYS) == [(1, None), (2, AIGUL), (3, None)]


def test_full_hands_get_the_next_one_when_they_let_go():
    landings = [Landing(1, after(600), until=after(700)), Landing(2, after(610)), Landing(3, after(620))]
    assert simulate(landings, [Member(AIGUL, capacity=1)], "round_robin", DAYS) == [
        (1, AIGUL), (2, AIGUL), (3, None)]


def test_the_absent_get_nothing_until_they_are_back():
    landings = [Landing(n, after(600 + n)) for n in range(3)]
    away = {AIGUL: [(MONDAY, after(601))], BAKYT: [(MONDAY, after(10_000))]}
    assert simulate(landings, [Member(AIGUL), Member(BAKYT)], "round_robin", None, away) == [
        (0, AIGUL), (1, AIGUL), (2, AIGUL)]
    nobody = {AIGUL: [(MONDAY, after(10_000))]}
    assert simulate(landings[:1], [Member(AIGUL)], "round_robin", DAYS, nobody) == [(0, AIGUL)]


def test_nobody_gets_the_own_request():
    landings = [Landing(n, after(600 + n), requester_id=AIGUL) for n in range(2)]
    assert simulate(landings, [Member(AIGUL)], "round_robin") == [(0, None), (1, None)]
    assert simulate(landings, [Member(AIGUL), Member(BAKYT)], "round_robin") == [(0, BAKYT), (1, BAKYT)]


LANDINGS = st.lists(st.tuples(st.integers(0, 20_000), st.none() | st.integers(0, 5_000), st.none() | st.integers(0, 3)),
                    max_size=40)
AWAY = st.dictionaries(st.integers(1, 4), st.lists(st.tuples(st.integers(0, 9_000), st.integers(1, 4_000)), max_size=2))


@settings(max_examples=150, deadline=None)
@given(LANDINGS, AWAY, st.sampled_from(MODES), st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_a_simulation_keeps_all_rules(drawn, away, mode, capacities):
    landings = [Landing(n, after(at), None if stay is None else after(at + stay), requester_id=who)
                for n, (at, stay, who) in enumerate(drawn)]
    absences = {who: [(after(at), after(at + length)) for at, length in each] for who, each in away.items()}
    members = [Member(n + 1, capacity=capacity) for n, capacity in enumerate(capacities)]
    told = simulate(landings, members, mode, DAYS, absences)
    assert [ticket for ticket, _owner in told] == [landing.ticket_id for landing in landings]
    for landing, (_ticket, owner) in zip(landings, told, strict=True):
        assert owner is None or owner != landing.requester_id
    assert told == simulate(landings, members, mode, DAYS, absences)


def test_a_year_of_landings_is_quick():
    landings = [Landing(n, after(n * 20), after(n * 20 + 900), requester_id=n % 50) for n in range(25_000)]
    got = simulate(landings, [Member(n, capacity=30) for n in range(8)], "least_loaded", DAYS)
    assert len(got) == 25_000
