"""Business time: a hundred thousand random cases against the slow oracle, and how long a far deadline takes."""

import statistics
import time
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.calendars.working_hours import WorkingHours
from tests.calendars.oracle import Oracle
from tests.calendars.test_against_oracle import SECONDS, desks, hours_of, span

CASES, CASES_A_CALENDAR = 100_000, 100
FAR_SECONDS = 10_000 * 3600
LIMIT_MS = 1.0


def main(sizes: list[int]) -> int:
    """Print what was compared and timed; 1 if a deadline ten thousand business hours away takes a millisecond."""
    cases = sizes[0] if sizes else CASES
    began = time.perf_counter()
    compared = _compare(cases // CASES_A_CALENDAR)
    print(f"{compared} cases on {cases // CASES_A_CALENDAR} calendars equal the oracle to the second "
          f"({time.perf_counter() - began:.0f} s)", flush=True)
    milliseconds = _far_deadline()
    print(f"a deadline 10,000 business hours away: {milliseconds:.3f} ms (limit {LIMIT_MS})")
    return int(milliseconds >= LIMIT_MS)


def _compare(calendars: int) -> int:
    compared = 0

    @given(desks(), st.lists(st.tuples(SECONDS, SECONDS), min_size=CASES_A_CALENDAR, max_size=CASES_A_CALENDAR))
    @settings(max_examples=calendars, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))
    def compare(desk, cases):
        nonlocal compared
        data, moment = desk
        hours, oracle = hours_of(data), Oracle(**data)
        for start, end in (span(moment, case) for case in cases):
            seconds = oracle.elapsed(start, end)
            assert hours.elapsed(start, end) == seconds
            due = hours.deadline(start, seconds)
            assert due == oracle.deadline(start, seconds)
            assert hours.elapsed(start, due) == seconds
            compared += 1

    compare()
    return compared


def _far_deadline() -> float:
    """The median of 2,000 calls with the years worked out before."""
    office = {str(day): [["09:00", "12:30"], ["13:30", "18:00"]] for day in range(5)}
    hours = WorkingHours.build("Asia/Bishkek", office, "KG")
    start = datetime(2026, 3, 2, 4, tzinfo=UTC)
    hours.deadline(start + timedelta(days=30), FAR_SECONDS)
    taken = []
    for n in range(2000):
        begun = time.perf_counter()
        hours.deadline(start + timedelta(minutes=n), FAR_SECONDS)
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)
