"""The plain data of a calendar: what is accepted, and what is said about the rest."""

from datetime import date

import pytest

from app.calendars.exception_days import ReplacedDay
from app.calendars.holiday_names import Holiday
from app.calendars.working_hours import InvalidCalendar, WorkingHours, problems

GOOD = {"0": [["09:00", "17:00"]]}


def codes(zone="UTC", week=GOOD, country=None, overrides=None):
    return [problem.code for problem in problems(zone, week, country, overrides)]


def monday(*intervals):
    return {"0": [list(interval) for interval in intervals]}


@pytest.mark.parametrize(
    "week",
    [
        GOOD,
        {0: [["09:00", "17:00"]]},
        {"0": [["00:00", "24:00"]], "6": []},
        {"0": (("09:00", "12:00"), ("12:00", "17:00"))},
        [[["22:00", "06:00"], ["06:00", "14:00"]]] * 7,
        [[["00:00", "00:00"]]] * 7,
        {"6": [["22:00", "06:00"]], "0": [["06:00", "12:00"]]},
    ],
)
def test_a_good_week_is_accepted(week):
    assert codes(week=week) == []


@pytest.mark.parametrize(
    "overrides",
    [
        None,
        {},
        {"2026-03-21": None},
        {"2026-03-21": {"ru": "Нооруз"}},
        {"2026-03-21": []},
        {"2026-03-21": [["09:00", "24:00"]]},
        {date(2026, 3, 21): [["22:00", "06:00"]]},
    ],
)
def test_good_overrides_are_accepted(overrides):
    assert codes(overrides=overrides) == []


@pytest.mark.parametrize("zone", ["Asia/Bischkek", "", "Europe", "../etc/passwd", "/etc/passwd", None, 6, [], "UTC\0"])
def test_an_unknown_zone_is_named(zone):
    assert problems(zone, GOOD) == [("unknown_zone", {"zone": zone})]


@pytest.mark.parametrize("country", ["XX", "kg", "Kyrgyzstan", "DE-XX", 7, ["KG"]])
def test_an_unknown_country_is_named(country):
    assert problems("UTC", GOOD, country) == [("unknown_country", {"country": country})]


@pytest.mark.parametrize("country", ["KG", "RU", "DE-BY", None, ""])
def test_a_known_country_or_none_is_accepted(country):
    assert codes(country=country) == []


@pytest.mark.parametrize(
    "time", ["9:00", "24:01", "25:00", "12:60", "12", "", "0900", "12:00:00", "1٢:00", " 09:00", "09:00\n", None, 9]
)
def test_a_malformed_time_is_named_with_its_weekday(time):
    assert problems("UTC", monday((time, "17:00"))) == [("malformed_time", {"weekday": 0, "time": time})]
    assert problems("UTC", monday(("00:00", time))) == [("malformed_time", {"weekday": 0, "time": time})]


def test_24_00_is_no_start():
    assert problems("UTC", monday(("24:00", "06:00"))) == [("malformed_time", {"weekday": 0, "time": "24:00"})]


@pytest.mark.parametrize("week", [None, 5, "week", [], [[]] * 6, [[]] * 8])
def test_a_week_has_seven_days(week):
    assert codes(week=week) == ["malformed_week"]


def test_what_is_malformed_in_a_week_is_listed_in_full():
    week = {"0": None, "1": [["09:00"]], "2": ["09:00"], "7": [], "mon": [], "3": [["9", "17:00"]], "4": "09:00"}
    assert problems("UTC", week) == [
        ("malformed_intervals", {"weekday": 0}),
        ("malformed_interval", {"weekday": 1, "interval": ["09:00"]}),
        ("malformed_interval", {"weekday": 2, "interval": "09:00"}),
        ("unknown_weekday", {"weekday": "7"}),
        ("unknown_weekday", {"weekday": "mon"}),
        ("malformed_time", {"weekday": 3, "time": "9"}),
        ("malformed_intervals", {"weekday": 4}),
    ]


@pytest.mark.parametrize(
    ("overrides", "found"),
    [
        ([], ("malformed_overrides", {})),
        ({"21.03.2026": None}, ("malformed_date", {"date": "21.03.2026"})),
        ({"20260321": None}, ("malformed_date", {"date": "20260321"})),
        ({"2026-02-29": None}, ("malformed_date", {"date": "2026-02-29"})),
        ({3: None}, ("malformed_date", {"date": "3"})),
        ({"2026-03-21": {}}, ("holiday_without_name", {"date": "2026-03-21"})),
        ({"2026-03-21": {"ru": " "}}, ("holiday_without_name", {"date": "2026-03-21"})),
        ({"2026-03-21": {"ru": None}}, ("holiday_without_name", {"date": "2026-03-21"})),
        ({"2026-03-21": "closed"}, ("malformed_override", {"date": "2026-03-21"})),
        ({"2026-03-21": False}, ("malformed_override", {"date": "2026-03-21"})),
        ({"2026-03-21": [["9", "12:00"]]}, ("malformed_time", {"date": "2026-03-21", "time": "9"})),
        ({"2026-03-21": ["9"]}, ("malformed_interval", {"date": "2026-03-21", "interval": "9"})),
    ],
)
def test_a_malformed_override_is_named_with_its_date(overrides, found):
    assert problems("UTC", GOOD, None, overrides) == [found]


def test_overlapping_intervals_are_named():
    assert problems("UTC", monday(("13:00", "18:00"), ("09:00", "13:01"))) == [
        (
            "overlapping_intervals",
            {"weekday": 0, "first": "09:00–13:01", "second": "13:00–18:00", "first_weekday": 0},
        ),
    ]


def test_an_interval_that_covers_two_others_overlaps_both():
    found = problems("UTC", monday(("09:00", "17:00"), ("10:00", "11:00"), ("12:00", "13:00")))
    assert [problem.params["second"] for problem in found] == ["10:00–11:00", "12:00–13:00"]


@pytest.mark.parametrize(("night", "morning", "first_weekday"), [("0", "1", 0), ("6", "0", 6)])
def test_a_night_that_overlaps_the_next_morning_is_named(night, morning, first_weekday):
    week = {night: [["22:00", "06:00"]], morning: [["05:59", "12:00"]]}
    where = {"weekday": int(morning), "first_weekday": first_weekday}
    assert problems("UTC", week) == [
        ("overlapping_intervals", {**where, "first": "22:00–06:00", "second": "05:59–12:00"})
    ]


def test_two_nights_that_overlap_are_named_once():
    assert codes(week=monday(("22:00", "06:00"), ("23:00", "05:00"))) == ["overlapping_intervals"]


def test_two_whole_days_in_a_row_do_not_overlap():
    assert codes(week={"0": [["09:00", "09:00"]], "1": [["09:00", "09:00"]]}) == []


def test_an_override_that_overlaps_itself_is_named():
    overrides = {"2026-03-21": [["09:00", "13:00"], ["12:00", "06:00"]]}
    (found,) = problems("UTC", GOOD, None, overrides)
    assert found.code == "overlapping_intervals"
    assert found.params["date"] == "2026-03-21"


@pytest.mark.parametrize("week", [{}, [[]] * 7, {"0": []}])
def test_a_week_without_working_time_is_refused_unless_an_override_has_some(week):
    assert codes(week=week) == ["no_working_time"]
    assert codes(week=week, overrides={"2026-03-21": [], "2026-03-22": None}) == ["no_working_time"]
    assert codes(week=week, overrides={"2026-03-21": [["09:00", "12:00"]]}) == []


def test_build_says_all_that_is_wrong_at_once():
    with pytest.raises(InvalidCalendar) as refused:
        WorkingHours.build("Nowhere", monday(("9", "17:00")), "XX", {"x": None})
    assert [problem.code for problem in refused.value.problems] == [
        "unknown_zone",
        "unknown_country",
        "malformed_time",
        "malformed_date",
    ]
    assert "Nowhere" in str(refused.value)


def test_build_reads_the_data_into_a_calendar():
    overrides = {"2026-03-22": [["09:00", "12:00"]], "2026-03-21": {"ru": "Нооруз"}, "2026-03-23": None}
    hours = WorkingHours.build("Asia/Bishkek", monday(("13:00", "17:00"), ("09:00", "12:00")), "KG", overrides)
    assert hours.week == ((("09:00", "12:00"), ("13:00", "17:00")), (), (), (), (), (), ())
    assert hours.exceptions.country == "KG"
    assert hours.exceptions.decided == (
        (date(2026, 3, 21), Holiday(date(2026, 3, 21), names=(("ru", "Нооруз"),))),
        (date(2026, 3, 22), ReplacedDay((("09:00", "12:00"),))),
        (date(2026, 3, 23), None),
    )
