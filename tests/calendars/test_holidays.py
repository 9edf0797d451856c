"""Public holidays by country and their names by reader."""

import subprocess
import sys
from datetime import date

import pytest

from app.calendars.holiday_names import (
    Holiday,
    UnknownCountry,
    holiday_name,
    moved_working_days,
    pick_language,
    public_holidays,
)
from app.calendars.working_hours import WorkingHours
from tests.calendars.oracle import local, utc

pytestmark = pytest.mark.slow

NOORUZ = date(2026, 3, 21)
NINE_TO_SIX = [[["09:00", "18:00"]]] * 5 + [[], []]


def bishkek(**overrides):
    """An office in Bishkek; `d0309=…` is an override for 9 March 2026, a Monday."""
    by_date = {f"2026-{key[1:3]}-{key[3:]}": value for key, value in overrides.items()}
    return WorkingHours.build("Asia/Bishkek", NINE_TO_SIX, "KG", by_date)


def hours_on(hours, day):
    """Open hours of a date in Bishkek."""
    midnight = local(f"{day} 00:00", "Asia/Bishkek")
    return hours.elapsed(midnight, midnight.replace(day=midnight.day + 1)) / 3600


# Names


@pytest.mark.parametrize(
    ("country", "day", "language", "name"),
    [
        ("KG", NOORUZ, "ky", "Элдик Нооруз майрамы"),
        ("KG", NOORUZ, "ru", "Народный праздник Нооруз"),
        ("KG", NOORUZ, "en", "Nooruz Holiday"),
        ("RU", date(2026, 6, 12), "ru", "День России"),
        ("RU", date(2026, 6, 12), "en", "Russia Day"),
        ("RU", date(2026, 6, 12), "ky", "День России"),  # the library has no Kyrgyz for Russia
        ("DE", date(2026, 10, 3), "ru", "German Unity Day"),
        ("DE", date(2026, 10, 3), "de", "Tag der Deutschen Einheit"),
        ("BB", date(2026, 11, 30), "ru", "Independence Day"),  # a country with one language, which it does not name
        ("KG", date(2026, 3, 20), "ru", "Орозо айт"),  # by the moon
        ("KG", date(2026, 3, 24), "ru", None),
    ],
)
def test_a_holiday_is_named_in_the_readers_language(country, day, language, name):
    assert holiday_name(country, day, language) == name


@pytest.mark.parametrize(
    ("language", "known", "picked"),
    [
        ("ru", ("en_US", "ky", "ru_KG"), "ru_KG"),
        ("ru-RU", ("en_US", "ky", "ru_KG"), "ru_KG"),
        ("en", ("en_GB", "en_US"), "en_GB"),
        ("en_US", ("en_GB", "en_US"), "en_US"),
        ("en-US", ("en_GB", "en_US"), "en_US"),
        ("ky", ("en_US", "ru"), "ru"),
        ("ky", ("de", "en_US"), "en_US"),
        ("ru", ("de",), None),
        ("ru", (), None),
    ],
)
def test_a_language_is_matched_to_what_the_country_has(language, known, picked):
    assert pick_language(language, known) == picked


def test_names_do_not_follow_the_language_of_the_server(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "uk")
    assert public_holidays("UZ", 2031)[date(2031, 3, 8)].name("fr") == "Women's Day"


@pytest.mark.parametrize(
    ("language", "name"), [("ky", "Шаар күнү"), ("ru", "День города"), ("en", "День города"), ("ky_KG", "Шаар күнү")]
)
def test_a_holiday_of_the_desk_has_the_names_it_was_given(language, name):
    holiday = Holiday(date(2026, 4, 29), names=(("ru", "День города"), ("ky", "Шаар күнү")))
    assert holiday.name(language) == name


# Countries


def test_public_holidays_are_listed_by_year():
    both = public_holidays("KG", [2025, 2026])
    assert {day.year for day in both} == {2025, 2026}
    assert public_holidays("KG", 2026) == {day: holiday for day, holiday in both.items() if day.year == 2026}
    assert both[NOORUZ] == Holiday(NOORUZ, "KG")
    assert list(both) == sorted(both)


def test_the_list_can_be_changed_without_harm():
    public_holidays("KG", 2026).clear()
    assert NOORUZ in public_holidays("KG", 2026)


def test_a_part_of_a_country_has_holidays_of_its_own():
    corpus_christi = date(2026, 6, 4)
    assert corpus_christi in public_holidays("DE-BY", 2026)
    assert corpus_christi not in public_holidays("DE", 2026)
    assert holiday_name("DE-BY", corpus_christi, "de") == "Fronleichnam"


@pytest.mark.parametrize("country", ["XX", "kg", "KGZ", "", "HolidayBase", "KG-XX", "DE-", "DE-by"])
def test_an_unknown_country_is_refused(country):
    with pytest.raises(UnknownCountry):
        public_holidays(country, 2026)


def test_a_country_that_needs_another_countrys_file_is_read_too():
    assert date(2026, 7, 4) in public_holidays("GU", 2026)


def test_weekends_declared_working_can_be_proposed():
    assert moved_working_days("RU", 2024) == [date(2024, 4, 27), date(2024, 11, 2), date(2024, 12, 28)]
    assert moved_working_days("KG", 2024) == [date(2024, 1, 27), date(2024, 3, 2), date(2024, 5, 11)]
    assert moved_working_days("KG", 2026) == []


def test_only_the_country_asked_for_is_loaded():
    code = (
        "import sys; from app.calendars.holiday_names import public_holidays; assert 'holidays' not in sys.modules;"
        "assert public_holidays('KG', 2026); print('holidays.countries' in sys.modules)"
    )
    root = __file__.partition("/tests/")[0]
    ran = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert ran.stdout.strip() == "False", ran.stderr


# In a calendar; 9 March 2026 is a Monday, 7 January (Christmas) a Wednesday.


def test_a_public_holiday_is_closed():
    assert hours_on(bishkek(), "2026-01-07") == 0
    assert hours_on(bishkek(), "2026-01-08") == 9
    due = bishkek().deadline(local("2025-12-31 17:00", "Asia/Bishkek"), 7200)
    assert due == local("2026-01-08 10:00", "Asia/Bishkek")


def test_a_public_holiday_can_be_cancelled():
    assert hours_on(bishkek(d0107=None), "2026-01-07") == 9


def test_a_public_holiday_can_be_worked_in_part():
    assert hours_on(bishkek(d0107=[["10:00", "12:00"]]), "2026-01-07") == 2


def test_the_desk_can_close_on_a_day_of_its_own():
    assert hours_on(bishkek(d0309={"ru": "Переезд"}), "2026-03-09") == 0


def test_a_saturday_can_be_a_working_day():
    assert hours_on(bishkek(d0314=[["09:00", "18:00"]]), "2026-03-14") == 9


def test_a_public_holiday_can_be_renamed():
    hours = bishkek(d0107={"en": "Closed for stocktaking"})
    stretches = hours.stretches(utc("2026-01-06 18:00"), utc("2026-01-07 18:00"))
    assert [stretch.holiday.name("ru") for stretch in stretches] == ["Closed for stocktaking"]


def test_stretches_name_the_public_holiday():
    (stretch,) = bishkek().stretches(utc("2026-01-06 18:00"), utc("2026-01-07 18:00"))
    assert stretch.reason == "holiday"
    assert [stretch.holiday.name(language) for language in ("ru", "en")] == ["Рождество Христово", "Christmas Day"]


def test_the_holiday_is_the_local_date_and_not_the_utc_one():
    hours = WorkingHours.build("Asia/Bishkek", [[["00:00", "24:00"]]] * 7, "KG")
    assert hours.is_open(utc("2026-01-06 17:59:59")) is False  # 6 January is one as well
    assert hours.deadline(utc("2026-01-06 12:00"), 0) == utc("2026-01-07 18:00")


def test_beyond_the_years_that_the_library_knows_the_week_goes_on():
    assert hours_on(bishkek(), "2101-01-07") == 9
