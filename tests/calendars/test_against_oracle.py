"""Random calendars and moments, judged by the slow oracle and by laws that must hold for any of them."""

from datetime import date, timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from app.calendars.working_hours import WorkingHours
from tests.calendars.oracle import SECOND, Oracle, utc

pytestmark = pytest.mark.slow

# Moments (UTC) at which clocks were moved, and two at which they were not.
CHANGES = [
    ("Europe/Berlin", "2026-03-29 01:00"),
    ("Europe/Berlin", "2026-10-25 01:00"),
    ("America/New_York", "2026-03-08 07:00"),
    ("America/New_York", "2026-11-01 06:00"),
    ("Australia/Lord_Howe", "2026-04-04 15:00"),  # by half an hour
    ("Australia/Lord_Howe", "2026-10-03 15:30"),
    ("America/Sao_Paulo", "2018-02-18 02:00"),  # at midnight
    ("America/Sao_Paulo", "2018-11-04 03:00"),
    ("Asia/Beirut", "2026-03-28 22:00"),
    ("Asia/Beirut", "2026-10-24 21:00"),
    ("America/St_Johns", "2010-11-07 02:31"),  # a minute after midnight: the date before comes back
    ("America/St_Johns", "2010-03-14 03:31"),
    ("Antarctica/Troll", "2026-10-25 01:00"),  # by two hours
    ("Africa/Casablanca", "2026-03-22 02:00"),  # the end of Ramadan
    ("Pacific/Apia", "2011-12-30 10:00"),  # without 30 December
    ("Pacific/Kwajalein", "1993-08-21 12:00"),
    ("America/Juneau", "1867-10-19 00:00"),  # the same date twice, and an offset with seconds
    ("Asia/Bishkek", "2005-08-11 18:00"),
    ("Asia/Bishkek", "2026-03-21 12:00"),
    ("Asia/Kathmandu", "2025-12-31 23:30"),  # over New Year
]
MODERN = [change for change in CHANGES if change[1] > "19"]

# Wall times in minutes; the hours about which clocks move come up often.
MARKS = st.one_of(st.sampled_from([0, 1, 30, 60, 90, 120, 150, 180, 1380, 1381, 1410, 1439]), st.integers(0, 1439))
A_SECOND = timedelta(seconds=1)
SECONDS = st.integers(-3 * 86_400, 3 * 86_400)
NAMED = st.just({"en": "Holiday"})


def clock(minutes):
    return f"{minutes // 60:02}:{minutes % 60:02}"


def pairs_of(marks):
    """Intervals from sorted minutes, two by two; an odd last one is left over."""
    return [[clock(start), clock(end)] for start, end in zip(marks[::2], marks[1::2])]


@st.composite
def weeks(draw):
    """Seven days without overlaps; a day with an odd mark ends at 24:00, or at night before the next day opens."""
    days = [sorted(draw(st.sets(MARKS, max_size=5))) for _ in range(7)]
    week = [pairs_of(marks) for marks in days]
    for number, marks in enumerate(days):
        if len(marks) % 2:
            opening = [*days[(number + 1) % 7], 360][0]
            week[number].append([clock(marks[-1]), draw(st.sampled_from(["24:00", clock(min(opening, marks[-1]))]))])
    return week


@st.composite
def days_of_their_own(draw):
    """The intervals of a replaced day, perhaps with a night or an end at 24:00."""
    marks = sorted(draw(st.sets(MARKS, max_size=4)))
    intervals = pairs_of(marks)
    if len(marks) % 2:
        intervals.append([clock(marks[-1]), draw(st.sampled_from(["00:00", "24:00", clock(marks[-1] // 2)]))])
    return intervals


@st.composite
def overrides_near(draw, moment):
    """Some dates around a moment as holidays, replaced or ordinary."""
    near = st.integers(-4, 4).map(lambda days: (moment.date() + timedelta(days=days)).isoformat())
    return draw(st.dictionaries(near, st.one_of(NAMED, st.none(), days_of_their_own()), max_size=4))


@st.composite
def desks(draw, changes=MODERN):
    """(plain data of a calendar, a moment about which its zone is interesting)."""
    zone, text = draw(st.sampled_from(changes))
    moment = utc(text)
    week = draw(weeks().filter(any))
    return {"zone": zone, "week": week, "overrides": draw(overrides_near(moment))}, moment


def hours_of(data):
    return WorkingHours.build(data["zone"], data["week"], None, data["overrides"])


def span(moment, offsets):
    return [moment + timedelta(seconds=offset) for offset in sorted(offsets)]


@given(desks(), st.lists(st.tuples(SECONDS, SECONDS), min_size=20, max_size=20))
@settings(max_examples=100, deadline=None, database=None, phases=[Phase.generate])  # shrinking would take minutes
def test_two_thousand_random_cases_agree_with_the_oracle(desk, cases):
    data, moment = desk
    hours, oracle = hours_of(data), Oracle(**data)
    for start, end in (span(moment, case) for case in cases):
        seconds = oracle.elapsed(start, end)
        assert hours.elapsed(start, end) == seconds
        assert hours.is_open(start) == oracle.is_open(start)
        if seconds:
            assert hours.deadline(start, seconds) == oracle.deadline(start, seconds)
            assert hours.latest_start(end, seconds) == oracle.latest_start(end, seconds)


@given(desks(CHANGES), st.integers(-5000, 5000), st.integers(0, 2000))
@settings(max_examples=60, deadline=None, database=None)
def test_second_by_second_the_oracle_agrees(desk, offset, length):
    data, moment = desk
    hours, oracle = hours_of(data), Oracle(**data)
    start = moment + timedelta(seconds=offset)
    end = start + timedelta(seconds=length)
    assert hours.elapsed(start, end) == oracle.elapsed(start, end, step=SECOND)
    first = hours.deadline(start, 0)
    if first < end:
        assert first == oracle.deadline(start, 0, step=SECOND)


@given(desks(CHANGES), SECONDS, st.integers(1, 10**7))
@settings(max_examples=150, deadline=None, database=None)
def test_elapsed_undoes_deadline(desk, offset, seconds):
    hours, start = hours_of(desk[0]), desk[1] + timedelta(seconds=offset)
    due = hours.deadline(start, seconds)
    assert hours.elapsed(start, due) == seconds
    assert hours.is_open(due - A_SECOND)  # so none is earlier


@given(desks(CHANGES), SECONDS, st.integers(1, 10**7))
@settings(max_examples=150, deadline=None, database=None)
def test_elapsed_undoes_the_latest_start(desk, offset, seconds):
    hours, end = hours_of(desk[0]), desk[1] + timedelta(seconds=offset)
    start = hours.latest_start(end, seconds)
    assert hours.elapsed(start, end) == seconds
    assert hours.is_open(start)  # so none is later


@given(desks(CHANGES), SECONDS, SECONDS)
@settings(max_examples=150, deadline=None, database=None)
def test_deadline_undoes_elapsed_up_to_the_last_open_second(desk, one, other):
    hours, (start, end) = hours_of(desk[0]), span(desk[1], (one, other))
    seconds = hours.elapsed(start, end)
    if seconds and hours.is_open(end - A_SECOND):
        assert hours.deadline(start, seconds) == end
    elif seconds:
        assert hours.deadline(start, seconds) < end


@given(desks(CHANGES), st.tuples(SECONDS, SECONDS, SECONDS))
@settings(max_examples=100, deadline=None, database=None)
def test_spans_add_up(desk, offsets):
    hours, (start, middle, end) = hours_of(desk[0]), span(desk[1], offsets)
    whole = hours.elapsed(start, end)
    assert hours.elapsed(start, middle) + hours.elapsed(middle, end) == whole
    assert sum((last - first).total_seconds() for first, last in hours.open_spans(start, end)) == whole


@given(desks(CHANGES), SECONDS, st.integers(1, 10**6), st.integers(1, 10**6))
@settings(max_examples=100, deadline=None, database=None)
def test_two_waits_in_a_row_are_one_long_wait(desk, offset, first, second):
    hours, start = hours_of(desk[0]), desk[1] + timedelta(seconds=offset)
    assert hours.deadline(hours.deadline(start, first), second) == hours.deadline(start, first + second)


@given(desks(CHANGES), SECONDS, SECONDS)
@settings(max_examples=100, deadline=None, database=None)
def test_stretches_leave_no_gap_and_count_like_the_clock(desk, one, other):
    hours, (start, end) = hours_of(desk[0]), span(desk[1], (one, other))
    found = list(hours.stretches(start, end))
    edges = [start, *(stretch.end for stretch in found)]
    assert [*(stretch.start for stretch in found), end] == edges
    assert sum(one.seconds for one in found if one.reason == "open") == hours.elapsed(start, end)
    assert all(one[2:] != other[2:] for one, other in zip(found, found[1:]))
    assert [(one.start, one.end) for one in found if one.reason == "open"] == list(hours.open_spans(start, end))


@given(desks(), SECONDS, SECONDS)
@settings(max_examples=60, deadline=None, database=None)
def test_a_stretch_is_a_holiday_where_the_local_date_is_one(desk, one, other):
    data, (start, end) = desk[0], span(desk[1], (one, other))
    for stretch in hours_of(data).stretches(start, end):
        day = stretch.start.astimezone(Oracle(**data).zone).date().isoformat()
        closed = isinstance(data["overrides"].get(day), dict)
        assert closed == (stretch.reason == "holiday")
        assert not closed or stretch.holiday.day == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("zone", "country"), [("Asia/Bishkek", "KG"), ("Europe/Moscow", "RU"), ("Europe/Berlin", "DE")]
)
def test_a_year_with_public_holidays_agrees_with_the_oracle(zone, country):
    import holidays

    week = [[["09:00", "12:30"], ["13:15", "18:00"]]] * 5 + [[["22:00", "04:00"]], []]
    overrides = {"2026-05-09": None, "2026-01-02": [["10:00", "14:00"]]}
    hours = WorkingHours.build(zone, week, country, overrides)
    oracle = Oracle(zone, week, overrides, closed=holidays.country_holidays(country, years=range(2025, 2028)))
    for month in range(1, 13, 2):
        start, end = utc(f"2026-{month:02}-01 00:00"), utc(f"2026-{month:02}-11 00:00")
        assert hours.elapsed(start, end) == oracle.elapsed(start, end)
