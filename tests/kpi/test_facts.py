"""From one ticket's events and clocks to what it adds to each number."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kpi.facts import Ended, Happening, facts_of, nearest_rank
from app.kpi.models import STILL

START = datetime(2026, 1, 30, 9, tzinfo=UTC)
FIRST, SECOND = 1, 2


def happening(kind, hours, **changes):
    return Happening(f"ticket.{kind}", START + timedelta(hours=hours), {k: list(v) for k, v in changes.items()})


FILED = happening("filed", 0, status=(None, "new"), team_id=(None, FIRST))
TAKEN = happening("taken", 1, status=("new", "open"))
UP = happening("escalated", 2, team_id=(FIRST, SECOND))
SOLVED = happening("resolved", 100, status=("open", "resolved"))
AGAIN = happening("reopened", 200, status=("resolved", "open"), team_id=(SECOND, FIRST))
SOLVED_AGAIN = happening("resolved", 300, status=("open", "resolved"))


def rows(history, clocks=()):
    found = facts_of(history, list(clocks), lambda at: at.strftime("%Y-%m"))
    return {(r["measure"], r["team_id"], r["month"], r["until_month"]): r["value"] for r in found}


def test_a_filed_ticket_counts_where_it_landed_and_stays_there():
    assert rows([FILED]) == {("filed", FIRST, "2026-01", None): 1, ("stay", FIRST, "2026-01", STILL): 1}


def test_an_escalated_ticket_leaves_one_backlog_for_the_other():
    found = rows([FILED, TAKEN, UP])
    assert found[("escalated", FIRST, "2026-01", None)] == 1
    assert found[("stay", FIRST, "2026-01", "2026-01")] == 1
    assert found[("stay", SECOND, "2026-01", STILL)] == 1


def test_only_the_resolution_that_stands_counts_and_all_cycles_add_up():
    clocks = [Ended("resolution", SOLVED.at, 3600, True), Ended("resolution", SOLVED_AGAIN.at, 600, False)]
    found = rows([FILED, TAKEN, UP, SOLVED, AGAIN, SOLVED_AGAIN], clocks)
    assert [key for key in found if key[0] == "resolved"] == [("resolved", FIRST, "2026-02", None)]
    assert found[("resolution", FIRST, "2026-02", None)] == 4200
    assert found[("reopened", SECOND, "2026-02", None)] == 1
    assert found[("sla_resolution", SECOND, "2026-02", None)] == 1
    assert found[("sla_resolution", FIRST, "2026-02", None)] == 0


def test_a_reopened_ticket_is_not_resolved():
    assert not [key for key in rows([FILED, SOLVED, AGAIN]) if key[0] in ("resolved", "resolution")]


def test_a_first_response_that_never_came_has_no_length():
    clocks = [Ended("first_response", SOLVED.at, 90_000, False)]
    found = rows([FILED, SOLVED], clocks)
    assert found[("sla_response", FIRST, "2026-02", None)] == 0
    assert not [key for key in found if key[0] == "first_response"]


def test_a_cancelled_ticket_leaves_the_backlog_unresolved():
    found = rows([FILED, happening("cancelled", 5, status=("new", "cancelled"))])
    assert found == {("filed", FIRST, "2026-01", None): 1, ("stay", FIRST, "2026-01", "2026-01"): 1}


@pytest.mark.parametrize(("percent", "value"), [(50, 3), (90, 5), (100, 5), (1, 1)])
def test_nearest_rank(percent, value):
    assert nearest_rank([1, 2, 3, 4, 5], percent) == value


@given(st.lists(st.integers(0, 10**6), min_size=1), st.integers(1, 100))
def test_nearest_rank_is_the_smallest_value_that_enough_do_not_exceed(values, percent):
    ordered = sorted(values)
    chosen = nearest_rank(ordered, percent)
    assert sum(v <= chosen for v in ordered) * 100 >= percent * len(ordered)
    smaller = {value for value in ordered if value < chosen}
    assert all(sum(v <= value for v in ordered) * 100 < percent * len(ordered) for value in smaller)
