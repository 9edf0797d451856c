"""Times of the day in a zone, over the days on which clocks are changed."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from app.notifications import rhythm

BERLIN, BISHKEK = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Bishkek")
DAILY = [0, 1, 2, 3, 4, 5, 6]


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_next_of_several_times_of_the_day():
    times = ["09:00", "17:30"]
    assert rhythm.next_of(utc("2026-11-23 01:00"), BISHKEK, times, DAILY) == utc("2026-11-23 03:00")
    assert rhythm.next_of(utc("2026-11-23 03:00"), BISHKEK, times, DAILY) == utc("2026-11-23 11:30")
    assert rhythm.next_of(utc("2026-11-23 11:31"), BISHKEK, times, DAILY) == utc("2026-11-24 03:00")


def test_days_that_were_not_chosen_are_left_out():
    friday_evening = utc("2026-11-27 20:00")
    assert rhythm.next_of(friday_evening, BISHKEK, ["09:00"], [0, 1, 2, 3, 4]) == utc("2026-11-30 03:00")
    assert rhythm.next_of(friday_evening, BISHKEK, ["09:00"], [4]) == utc("2026-12-04 03:00")


def test_nine_stays_nine_when_clocks_are_changed():
    assert rhythm.next_of(utc("2026-03-28 12:00"), BERLIN, ["09:00"], DAILY) == utc("2026-03-29 07:00")
    assert rhythm.next_of(utc("2026-10-24 12:00"), BERLIN, ["09:00"], DAILY) == utc("2026-10-25 08:00")


def test_a_time_that_is_skipped_or_comes_twice_is_one_digest():
    skipped = rhythm.next_of(utc("2026-03-28 12:00"), BERLIN, ["02:30"], DAILY)
    assert skipped == utc("2026-03-29 01:30")
    assert rhythm.next_of(skipped, BERLIN, ["02:30"], DAILY) == utc("2026-03-30 00:30")
    twice = rhythm.next_of(utc("2026-10-24 12:00"), BERLIN, ["02:30"], DAILY)
    assert twice == utc("2026-10-25 00:30")
    assert rhythm.next_of(twice, BERLIN, ["02:30"], DAILY) == utc("2026-10-26 01:30")


@pytest.mark.parametrize(("moment", "end"), [
    ("2026-11-23 15:59", None),
    ("2026-11-23 16:00", "2026-11-24 01:00"),
    ("2026-11-23 23:00", "2026-11-24 01:00"),
    ("2026-11-24 00:59", "2026-11-24 01:00"),
    ("2026-11-24 01:00", None),
])
def test_a_night_over_midnight(moment, end):
    found = rhythm.end_of_night(utc(moment), BISHKEK, time(22), time(7))
    assert found == (utc(end) if end else None)


def test_a_pause_at_noon_and_no_night_at_all():
    assert rhythm.end_of_night(utc("2026-11-23 06:30"), BISHKEK, time(12), time(13)) == utc("2026-11-23 07:00")
    assert rhythm.end_of_night(utc("2026-11-23 07:00"), BISHKEK, time(12), time(13)) is None
    assert rhythm.end_of_night(utc("2026-11-23 07:00"), BISHKEK, None, None) is None
    assert rhythm.end_of_night(utc("2026-11-23 07:00"), BISHKEK, time(12), time(12)) is None


def test_every_night_ends_later_than_the_moment_that_lies_in_it_when_clocks_are_changed():
    for day in ("2026-03-29", "2026-10-25"):
        for minute in range(0, 6 * 60, 5):
            moment = utc(f"{day} {minute // 60:02}:{minute % 60:02}")
            for end in (time(2, 15), time(2, 45), time(3), time(7)):
                found = rhythm.end_of_night(moment, BERLIN, time(22), end)
                assert found is None or moment < found <= utc(f"{day} 06:00")


def test_the_end_of_a_night_that_the_clock_shows_twice_is_the_one_to_come():
    assert rhythm.end_of_night(utc("2026-10-25 00:20"), BERLIN, time(22), time(2, 45)) == utc("2026-10-25 00:45")
    assert rhythm.end_of_night(utc("2026-10-25 01:20"), BERLIN, time(22), time(2, 45)) == utc("2026-10-25 01:45")
