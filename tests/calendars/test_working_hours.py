"""What business time means, one case at a time. The random cases are in test_against_oracle.py."""

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from app.calendars.working_hours import NoWorkingTime, WorkingHours
from tests.calendars.oracle import local, utc

HOUR = 3600
NINE_TO_FIVE = [[["09:00", "17:00"]]] * 5 + [[], []]
EVERY_NIGHT = [[["22:00", "06:00"]]] * 7


@pytest.fixture
def office():
    return WorkingHours.build("UTC", NINE_TO_FIVE)


def nights(**overrides):
    """22:00 to 06:00 every day; `d24=…` is an override for 24 March 2026, a Tuesday."""
    return WorkingHours.build(
        "UTC", EVERY_NIGHT, overrides={f"2026-03-{key[1:]}": value for key, value in overrides.items()}
    )


def open_hours(hours, start, end):
    return [(f"{a:%d %H:%M}", f"{b:%d %H:%M}") for a, b in hours.open_spans(utc(start), utc(end))]


# Elapsed and deadline on an ordinary week; 2 March 2026 is a Monday.


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("2026-03-02 10:00", "2026-03-02 11:30", 5400),
        ("2026-03-02 08:00", "2026-03-02 18:00", 8 * HOUR),
        ("2026-03-02 16:59:59", "2026-03-03 09:00:01", 2),
        ("2026-03-06 16:00", "2026-03-09 10:00", 2 * HOUR),  # over a weekend
        ("2026-03-07 10:00", "2026-03-08 10:00", 0),
        ("2026-03-02 10:00", "2026-03-02 10:00", 0),
        ("2026-12-31 16:00", "2027-01-01 10:00", 2 * HOUR),  # over New Year, UTC being no country
    ],
)
def test_elapsed_counts_open_seconds(office, start, end, seconds):
    assert office.elapsed(utc(start), utc(end)) == seconds


@pytest.mark.parametrize(
    ("start", "seconds", "due"),
    [
        ("2026-03-02 10:00", HOUR, "2026-03-02 11:00"),
        ("2026-03-02 16:00", HOUR, "2026-03-02 17:00"),  # the end of the day, not the next morning
        ("2026-03-02 16:00", HOUR + 1, "2026-03-03 09:00:01"),
        ("2026-03-02 07:00", HOUR, "2026-03-02 10:00"),
        ("2026-03-06 16:30", HOUR, "2026-03-09 09:30"),
        ("2026-03-02 09:00", 40 * HOUR, "2026-03-06 17:00"),
        ("2026-12-31 16:00", 2 * HOUR, "2027-01-01 10:00"),
        ("2026-03-02 10:00", 0, "2026-03-02 10:00"),
        ("2026-03-02 17:00", 0, "2026-03-03 09:00"),
        ("2026-03-06 20:00", 0, "2026-03-09 09:00"),
    ],
)
def test_deadline_is_the_earliest_moment(office, start, seconds, due):
    assert office.deadline(utc(start), seconds) == utc(due)


@pytest.mark.parametrize(
    ("end", "seconds", "start"),
    [
        ("2026-03-02 11:00", HOUR, "2026-03-02 10:00"),
        ("2026-03-03 10:00", HOUR, "2026-03-03 09:00"),  # the start of the day, not the evening before
        ("2026-03-03 10:00", HOUR + 1, "2026-03-02 16:59:59"),
        ("2026-03-02 19:00", HOUR, "2026-03-02 16:00"),
        ("2026-03-09 09:30", HOUR, "2026-03-06 16:30"),  # over a weekend
        ("2026-03-06 17:00", 40 * HOUR, "2026-03-02 09:00"),
        ("2027-01-01 10:00", 2 * HOUR, "2026-12-31 16:00"),
        ("2026-03-07 10:00", 0, "2026-03-07 10:00"),  # nothing to do can begin at the end
    ],
)
def test_the_latest_start_is_the_latest_moment(office, end, seconds, start):
    assert office.latest_start(utc(end), seconds) == utc(start)


def test_there_is_no_latest_start_before_the_calendar_begins():
    hours = WorkingHours.build("UTC", [[]] * 7, overrides={"2026-03-02": [["09:00", "10:00"]]})
    assert hours.latest_start(utc("2026-03-05 12:00"), HOUR) == utc("2026-03-02 09:00")
    with pytest.raises(NoWorkingTime):
        hours.latest_start(utc("2026-03-05 12:00"), HOUR + 1)
    with pytest.raises(ValueError, match="no length"):
        hours.latest_start(utc("2026-03-05 12:00"), -1)
    with pytest.raises(NoWorkingTime):
        WorkingHours.around_the_clock().latest_start(utc("0002-01-05 00:00"), 10**9)


def test_a_day_is_open_from_its_start_to_just_before_its_end(office):
    clock = ["08:59:59", "09:00:00", "16:59:59", "17:00:00"]
    assert [office.is_open(utc(f"2026-03-02 {time}")) for time in clock] == [False, True, True, False]


def test_parts_of_a_second_are_cut_off_first(office):
    late = utc("2026-03-02 10:00:00.900000")
    assert office.elapsed(late, utc("2026-03-02 10:00:01.100000")) == 1
    assert office.elapsed(late, utc("2026-03-02 10:00:00.100000")) == 0
    assert office.deadline(late, 60) == utc("2026-03-02 10:01")
    assert office.deadline(late, 0) == utc("2026-03-02 10:00")
    assert office.is_open(utc("2026-03-02 16:59:59.999999"))


def test_parts_of_a_second_before_1970_are_cut_off_too(office):
    assert office.deadline(utc("1969-12-31 10:00:00.900000"), 60) == utc("1969-12-31 10:01")


def test_moments_of_any_zone_are_understood_and_answers_are_utc(office):
    due = office.deadline(datetime.fromisoformat("2026-03-02T16:00:00+06:00"), HOUR)
    assert due.isoformat() == "2026-03-02T11:00:00+00:00"


def test_a_moment_without_zone_is_refused(office):
    noon = datetime(2026, 3, 2, 12)
    for ask in (
        lambda: office.elapsed(noon, utc("2026-03-03 12:00")),
        lambda: office.deadline(noon, 1),
        lambda: office.is_open(noon),
        lambda: list(office.open_spans(noon, noon)),
        lambda: list(office.stretches(noon, noon)),
    ):
        with pytest.raises(ValueError, match="no time zone"):
            ask()


def test_an_end_before_the_start_and_a_negative_length_are_refused(office):
    with pytest.raises(ValueError, match="lies before"):
        office.elapsed(utc("2026-03-02 12:00"), utc("2026-03-02 11:00"))
    with pytest.raises(ValueError, match="no length"):
        office.deadline(utc("2026-03-02 12:00"), -1)


def test_lunch_is_not_counted():
    hours = WorkingHours.build("UTC", [[["13:00", "18:00"], ["09:00", "12:00"]]] * 7)
    assert hours.deadline(utc("2026-03-02 11:00"), 2 * HOUR) == utc("2026-03-02 14:00")


def test_around_the_clock_counts_every_second():
    always = WorkingHours.around_the_clock("Europe/Berlin")
    start, end = utc("2025-11-11 11:11:11"), utc("2027-02-02 02:02:02")
    assert always.elapsed(start, end) == (end - start).total_seconds()
    assert always.deadline(start, 10**9) == start + timedelta(seconds=10**9)
    assert list(always.open_spans(start, end)) == [(start, end)]


# Summer time


@pytest.mark.parametrize(
    ("zone", "night_of_spring", "lost", "night_of_autumn", "gained"),
    [
        ("Europe/Berlin", "2026-03-29", HOUR, "2026-10-25", HOUR),
        ("America/New_York", "2026-03-08", HOUR, "2026-11-01", HOUR),
        ("Australia/Lord_Howe", "2026-10-04", HOUR // 2, "2026-04-05", HOUR // 2),
        ("America/Sao_Paulo", "2018-11-04", HOUR, "2018-02-17", HOUR),  # at midnight
        ("Asia/Beirut", "2026-03-29", HOUR, "2026-10-24", HOUR),  # at midnight
        ("Antarctica/Troll", "2026-03-29", 2 * HOUR, "2026-10-25", 2 * HOUR),
    ],
)
def test_the_skipped_hour_is_not_counted_and_the_repeated_one_is_twice(
    zone, night_of_spring, lost, night_of_autumn, gained
):
    always = WorkingHours.around_the_clock(zone)
    assert of_date(always, night_of_spring) == 24 * HOUR - lost
    assert of_date(always, night_of_autumn) == 24 * HOUR + gained


def of_date(hours, day):
    """Open seconds of one local date, found by closing every other date."""
    alone = WorkingHours.build(hours.zone, [[]] * 7, overrides={day: [["00:00", "24:00"]]})
    noon = local(f"{day} 12:00", hours.zone)
    return alone.elapsed(noon - timedelta(days=3), noon + timedelta(days=3))


def test_a_shift_that_starts_in_the_skipped_hour_starts_after_it():
    berlin = WorkingHours.build("Europe/Berlin", [[["02:30", "05:00"]]] * 7)
    assert berlin.deadline(utc("2026-03-28 12:00"), 0) == utc("2026-03-29 01:00")  # 03:00 on the wall
    assert berlin.deadline(utc("2026-03-28 12:00"), 2 * HOUR) == utc("2026-03-29 03:00")


def test_a_shift_in_the_repeated_hour_is_worked_twice():
    berlin = WorkingHours.build("Europe/Berlin", [[["02:15", "02:45"]]] * 7)
    assert open_hours(berlin, "2026-10-24 12:00", "2026-10-25 12:00") == [
        ("25 00:15", "25 00:45"),
        ("25 01:15", "25 01:45"),
    ]


def test_bishkek_keeps_one_time_since_2005():
    hours = WorkingHours.build("Asia/Bishkek", NINE_TO_FIVE)
    for day in ("2026-01-14", "2026-07-15"):
        assert hours.deadline(utc(f"{day} 00:00"), 0) == utc(f"{day} 03:00")
    assert hours.deadline(utc("2005-07-13 00:00"), 0) == utc("2005-07-13 03:00")
    assert hours.deadline(utc("2005-01-12 00:00"), 0) == utc("2005-01-12 04:00")


def test_a_date_that_never_was_has_no_hours():
    apia = WorkingHours.around_the_clock("Pacific/Apia")
    assert of_date(apia, "2011-12-29") == of_date(apia, "2011-12-31") == 24 * HOUR
    friday = WorkingHours.build("Pacific/Apia", [[], [], [], [], [["09:00", "17:00"]], [], []])
    assert friday.deadline(local("2011-12-29 12:00", "Pacific/Apia"), 0) == local("2012-01-06 09:00", "Pacific/Apia")


def test_a_date_that_comes_back_for_an_hour_is_the_same_date():
    # Until 2010 Newfoundland turned 00:01 back to 23:01 of the day before.
    holiday = {"2010-11-07": {"en": "Sunday"}}
    hours = WorkingHours.build("America/St_Johns", [[["00:00", "24:00"]]] * 7, overrides=holiday)
    start, end = local("2010-11-06 23:00", "America/St_Johns"), local("2010-11-08 00:00", "America/St_Johns")
    assert hours.elapsed(start, end) == HOUR + 59 * 60
    assert [stretch.reason for stretch in hours.stretches(start, end)] == ["open", "holiday", "open", "holiday"]


# Nights, and the dates they belong to; Tuesday is 24 March 2026.


def test_a_night_runs_into_the_next_date():
    assert open_hours(nights(), "2026-03-23 12:00", "2026-03-24 12:00") == [("23 22:00", "24 06:00")]


def test_the_same_start_and_end_is_a_whole_day():
    hours = WorkingHours.build("UTC", [[["09:00", "09:00"]], [], [], [], [], [], []])
    assert open_hours(hours, "2026-03-22 12:00", "2026-03-26 12:00") == [("23 09:00", "24 09:00")]


def test_the_night_of_sunday_ends_on_monday():
    hours = WorkingHours.build("UTC", {"6": [["22:00", "06:00"]]})
    assert open_hours(hours, "2026-03-22 12:00", "2026-03-29 12:00") == [("22 22:00", "23 06:00")]


def test_midnight_as_an_end_is_the_same_as_24_00():
    for end in ("00:00", "24:00"):
        hours = WorkingHours.build("UTC", [[["22:00", end]]] * 7)
        assert open_hours(hours, "2026-03-23 12:00", "2026-03-24 12:00") == [("23 22:00", "24 00:00")]


def test_a_holiday_cuts_the_night_that_runs_into_it_but_not_the_one_that_leaves_it():
    hours = nights(d24={"en": "Holiday"})
    assert open_hours(hours, "2026-03-23 12:00", "2026-03-25 12:00") == [
        ("23 22:00", "24 00:00"),
        ("25 00:00", "25 06:00"),
    ]


def test_a_replaced_day_loses_the_night_before_and_keeps_the_night_after():
    hours = nights(d24=[["09:00", "13:00"]])
    assert open_hours(hours, "2026-03-23 12:00", "2026-03-25 12:00") == [
        ("23 22:00", "24 00:00"),
        ("24 09:00", "24 13:00"),
        ("25 00:00", "25 06:00"),
    ]


def test_the_night_of_a_replaced_day_is_added_to_the_next_date():
    hours = WorkingHours.build("UTC", NINE_TO_FIVE, overrides={"2026-03-21": [["20:00", "02:00"]]})
    assert open_hours(hours, "2026-03-21 00:00", "2026-03-23 00:00") == [("21 20:00", "22 02:00")]


@pytest.mark.parametrize("sunday", [{"en": "Holiday"}, [["12:00", "13:00"]], []])
def test_the_night_of_a_replaced_day_stops_at_another_exception(sunday):
    overrides = {"2026-03-21": [["20:00", "02:00"]], "2026-03-22": sunday}
    hours = WorkingHours.build("UTC", NINE_TO_FIVE, overrides=overrides)
    assert open_hours(hours, "2026-03-21 00:00", "2026-03-22 12:00") == [("21 20:00", "22 00:00")]


def test_the_night_of_a_replaced_day_counts_once_where_the_week_is_open_too():
    hours = nights(d24=[["23:00", "02:00"]])
    assert open_hours(hours, "2026-03-24 12:00", "2026-03-25 12:00") == [("24 23:00", "25 06:00")]


# Stretches: what explains a deadline


def test_stretches_give_the_reason_for_every_second():
    moved = {"2026-05-01": {"ru": "Праздник", "en": "Holiday"}, "2026-05-02": [["10:00", "12:00"]]}
    hours = WorkingHours.build("UTC", NINE_TO_FIVE, overrides=moved)
    found = list(hours.stretches(utc("2026-04-30 16:00"), utc("2026-05-02 11:00")))
    assert [(f"{one.start:%d %H:%M}", one.reason, one.seconds // HOUR) for one in found] == [
        ("30 16:00", "open", 1),
        ("30 17:00", "closed", 7),
        ("01 00:00", "holiday", 24),
        ("02 00:00", "closed", 10),
        ("02 10:00", "open", 1),
    ]
    assert [one.holiday.name("ru") for one in found if one.holiday] == ["Праздник"]


def test_holidays_in_a_row_are_told_apart():
    feast = {"2026-03-21": {"en": "Feast"}, "2026-03-22": {"en": "Feast"}}
    hours = WorkingHours.build("Asia/Bishkek", NINE_TO_FIVE, overrides=feast)
    found = list(hours.stretches(utc("2026-03-20 18:00"), utc("2026-03-22 18:00")))
    assert [(one.seconds // HOUR, one.holiday.day.day) for one in found] == [(24, 21), (24, 22)]


def test_nothing_lies_between_a_moment_and_itself(office):
    noon = utc("2026-03-02 12:00")
    for start, end in [(noon, noon), (noon, utc("2026-03-02 11:00"))]:
        assert list(office.stretches(start, end)) == list(office.open_spans(start, end)) == []


# No working time


def test_a_calendar_that_never_opens_has_no_deadline():
    never = WorkingHours("UTC", ((),) * 7)
    for seconds in (0, 1):
        with pytest.raises(NoWorkingTime):
            never.deadline(utc("2026-03-02 12:00"), seconds)
    assert never.elapsed(utc("2026-03-02 12:00"), utc("2036-03-02 12:00")) == 0
    assert not never.is_open(utc("2026-03-02 12:00"))


def test_one_working_day_years_ahead_is_found_and_nothing_after_it():
    once = WorkingHours.build("UTC", [[]] * 7, overrides={"2030-12-01": [["10:00", "11:00"]]})
    start = utc("2026-03-02 12:00")
    assert once.deadline(start, 0) == utc("2030-12-01 10:00")
    assert once.deadline(start, HOUR) == utc("2030-12-01 11:00")
    with pytest.raises(NoWorkingTime):
        once.deadline(start, HOUR + 1)


def test_a_working_day_too_many_years_ahead_is_not_waited_for():
    once = WorkingHours.build("UTC", [[]] * 7, overrides={"2036-12-01": [["10:00", "11:00"]]})
    with pytest.raises(NoWorkingTime):
        once.deadline(utc("2026-03-02 12:00"), 0)


def test_a_deadline_beyond_all_reason_is_refused_and_not_searched_for_ever(office):
    with pytest.raises(NoWorkingTime):
        WorkingHours.around_the_clock().deadline(utc("2026-03-02 12:00"), 10**12)
    with pytest.raises(NoWorkingTime):
        office.deadline(utc("9998-01-01 12:00"), 10**8)


# The object


def test_equal_calendars_are_one_key():
    as_list = WorkingHours.build("UTC", NINE_TO_FIVE, "KG", {"2026-03-21": None})
    as_object = WorkingHours.build("UTC", dict(zip("01234", NINE_TO_FIVE)), "KG", {"2026-03-21": None})
    as_object.elapsed(utc("2026-03-02 12:00"), utc("2027-03-02 12:00"))
    assert len({as_list, as_object, WorkingHours.build("UTC", NINE_TO_FIVE, "KG")}) == 2
    assert pickle.loads(pickle.dumps(as_object)) == as_list


def test_a_calendar_does_not_change(office):
    with pytest.raises(AttributeError):
        office.zone = "Asia/Bishkek"


def test_threads_get_the_same_answers_from_a_cold_calendar():
    starts = [utc("2020-01-01 00:00") + timedelta(days=31 * number) for number in range(200)]
    alone, shared = (WorkingHours.build("Europe/Berlin", EVERY_NIGHT, "DE") for _ in range(2))
    with ThreadPoolExecutor(16) as pool:
        together = list(pool.map(lambda start: shared.deadline(start, 1000 * HOUR), starts))
    assert together == [alone.deadline(start, 1000 * HOUR) for start in starts]


def test_the_module_brings_in_neither_flask_nor_holidays():
    # `app` itself is the web application; only what this room's pure modules import is asked about.
    code = (
        "import sys, types; app = types.ModuleType('app'); app.__path__ = ['app']; sys.modules['app'] = app;"
        "room = types.ModuleType('app.calendars'); room.__path__ = ['app/calendars'];"
        "sys.modules['app.calendars'] = room; import app.calendars.working_hours as w;"
        "w.WorkingHours.around_the_clock();"
        "print([name for name in ('flask', 'sqlalchemy', 'holidays') if name in sys.modules])"
    )
    root = __file__.partition("/tests/")[0]
    ran = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert ran.stdout.strip() == "[]", ran.stderr


def test_a_deadline_years_away():
    hours = WorkingHours.build("Europe/Berlin", NINE_TO_FIVE, "DE")
    start = utc("2026-03-02 12:00")
    end = hours.deadline(start, 10_000 * HOUR)
    assert end.year == 2031
    assert hours.elapsed(start, end) == 10_000 * HOUR
