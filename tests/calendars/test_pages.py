"""Working hours in the browser: every save is a new version, and what makes no calendar is refused with a reason."""

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from app.accounts.models import User
from app.calendars import queries, standard
from app.calendars.notation import dates, intervals, lines
from app.calendars.preview import moved_ahead
from app.calendars.working_hours import WorkingHours
from app.core import clock
from app.core.db import db
from app.core.events import events_of
from tests import people
from tests.experiments.forms import fields

pytestmark = pytest.mark.slow

OFFICE = "/admin/calendars/office"


@pytest.fixture
def root(client):
    return people.sign_in(client, people.user("root", administrator=True))


@pytest.fixture
def office(root):
    made = standard.install("Asia/Bishkek", None, clock.now())
    db.session.commit()
    return made


@pytest.fixture
def page(root):
    """What a browser would send back from the page of a calendar, unchanged."""
    return lambda path=OFFICE: fields(root.get(path).text, path.partition("?")[0])


def test_hours_as_people_type_them():
    assert intervals("9-13, 14:00 – 18:30") == [["09:00", "13:00"], ["14:00", "18:30"]]
    typed = "2026-12-30 Our day | Наш день\n2026-12-31 9:00-13:00\n2026-03-09 +"
    stored = dates(typed)
    assert stored == {"2026-12-30": {"en": "Our day", "ru": "Наш день"}, "2026-12-31": [["09:00", "13:00"]],
                      "2026-03-09": None}
    assert dates(lines(stored)) == stored


def test_a_saved_calendar_is_a_new_version_and_the_old_one_stays(root, office, page):
    typed = page() | {"day_4": "09:00-16:00", "overrides": "2026-12-31 09:00-13:00"}
    assert root.post(OFFICE, data=typed).status_code == 303
    old, new = office.versions
    assert (old.week["4"], new.week["4"]) == ([["09:00", "18:00"]], [["09:00", "16:00"]])
    assert new.overrides == {"2026-12-31": [["09:00", "13:00"]]} and new.by.name == "Root"
    friday = datetime(2026, 12, 4, 3, tzinfo=UTC)
    assert queries.hours_at(office.id, clock.now()).elapsed(friday, friday.replace(hour=20)) == 7 * 3600
    assert events_of("calendar", office.id)[-1].data["week"]["4"] == [["09:00", "16:00"]]


def test_saving_nothing_new_makes_no_version(root, office, page):
    assert root.post(OFFICE, data=page()).status_code == 303
    assert len(office.versions) == 1


def test_a_new_calendar(root):
    typed = {"names_en": "Nights", "slug": "nights", "zone": "Europe/Moscow", "country": "RU", "day_0": "22:00-06:00",
             "day_6": "", "overrides": "", "seen": seen(root, "/admin/calendars/new")}
    assert root.post("/admin/calendars/new", data=typed).status_code == 303
    made = queries.by_slug("nights").versions[0]
    assert (made.zone, made.country, made.week) == ("Europe/Moscow", "RU", {"0": [["22:00", "06:00"]]})
    assert "Nights" in root.get("/admin/calendars").text


def seen(root, address):
    return root.get(address).text.split('name="seen" type="hidden" value="')[1].split('"')[0]


REFUSED = [
    ({"day_0": "09:00-13:00, 12:00-18:00"}, "Monday: 09:00–13:00 and 12:00–18:00 overlap; end one before the other"),
    ({"day_6": "22:00-10:00"}, "Monday: 22:00–10:00 and 09:00–18:00 overlap; end one before the other begins"),
    ({"day_1": "09:00-25:00"}, "Tuesday: “25:00” is no time; write 09:00, and 24:00 for the end of the day"),
    ({"day_1": "24:00-06:00"}, "Tuesday: “24:00” is no time"),
    ({"day_2": "nine to five"}, "Wednesday: write hours as 09:00-13:00"),
    ({"day_3": "09:00-09:00"}, "Thursday: 09:00 to 09:00 has no length; write 00:00-24:00 for the whole day"),
    ({"overrides": "31.12.2026 09:00-13:00"}, "“31.12.2026” is no date; write it as 2026-12-31"),
    ({"overrides": "2026-12-31"}, "2026-12-31: give the closed day a name"),
    ({"overrides": "2026-12-31 09:00-13:00, 12:00-14:00"}, "2026-12-31: 09:00–13:00 and 12:00–14:00 overlap"),
    ({"overrides": "2026-12-31 09:00-09:00"}, "2026-12-31: 09:00 to 09:00 has no length"),
    ({"overrides": "2026-12-28 22:00-10:00"}, "2026-12-29: 22:00–10:00 and 09:00–18:00 overlap; end one before"),
    ({"zone": "Asia/Nowhere"}, "There is no time zone “Asia/Nowhere”"),
    ({"zone": ""}, "There is no time zone “”"),
    ({"country": "XX"}, "Not a valid choice"),
    ({"holds_from": "2020-01-01"}, "This day is over; choose today or a later one"),
]


@pytest.mark.parametrize(("typed", "reason"), REFUSED)
def test_what_makes_no_calendar_is_refused_with_what_to_change(root, office, page, typed, reason):
    before = page()
    for address in (OFFICE, f"{OFFICE}/preview"):
        answer = root.post(address, data=before | typed)
        assert answer.status_code == 400 and reason in html.unescape(answer.text)
        assert 'id="ahead"' not in answer.text
    assert len(office.versions) == 1


@pytest.mark.parametrize("dates", [
    "2026-12-28 22:00-09:00",
    "2026-12-28 22:00-10:00\n2026-12-29 08:00-12:00",
    "2026-12-31 22:00-10:00",
    "9999-12-31 22:00-10:00",
])
def test_a_night_that_nothing_of_the_next_date_meets_is_saved(root, office, page, dates):
    """It ends as the next day begins; the next date is replaced, night and all; the next date is New Year, or none."""
    assert root.post(OFFICE, data=page() | {"overrides": dates}).status_code == 303


CLOSED_WEEK = {f"day_{day}": "" for day in range(7)}
ALWAYS_LATER = (clock.now() + timedelta(days=30)).date()


@pytest.mark.parametrize(("overrides", "reason"), [
    ("", "no working time at all, so no deadline could be reckoned"),
    ("2030-01-01 -", "no working time at all"),
    ("2020-01-01 09:00-18:00", "A year from now this calendar has no working time any more"),
    (f"{ALWAYS_LATER} 09:00-18:00", "Open at least one day of the week"),
])
def test_a_calendar_without_working_time_is_refused(root, office, page, overrides, reason):
    answer = root.post(OFFICE, data=page() | CLOSED_WEEK | {"overrides": overrides})
    assert answer.status_code == 400 and reason in html.unescape(answer.text)
    assert len(office.versions) == 1


@pytest.mark.parametrize("typed", [
    {"day_5": "22:00-06:00"}, {"day_0": "00:00-24:00"}, {"day_0": "18:00-24:00", "day_1": "00:00-06:00"},
    {"day_0": "09:00-13:00, 13:00-18:00"}, {"overrides": "2030-12-31 09:00-13:00\n2030-12-28 09:00-18:00"},
])
def test_nights_whole_days_half_days_and_moved_days_are_taken(root, office, page, typed):
    assert root.post(OFFICE, data=page() | typed).status_code == 303
    assert len(office.versions) == 2


def ahead(answer):
    """Day -> what the preview says of it."""
    table = answer.text.partition('id="ahead"')[2]
    rows = re.findall(r'<th scope="row" class="nowrap">(.*?)</th>\s*<td>(.*?)</td>', table)
    return {day: re.sub(r"<[^>]+>", " ", html.unescape(said)) for day, said in rows}


def test_a_preview_shows_fourteen_days_and_saves_nothing(root, office, page):
    typed = page() | {"holds_from": "2030-03-18", "country": "KG", "day_2": "22:00-06:00", "day_3": "",
                      "overrides": "2030-03-20 09:00-13:00\n2030-03-23 10:00-24:00\n2030-03-25 Our day | Наш день"}
    answer = root.post(f"{OFFICE}/preview", data=typed)
    assert answer.status_code == 200 and len(office.versions) == 1
    days = ahead(answer)
    assert len(days) == 14 and "14 days from 18 Mar 2030" in answer.text
    assert days["Monday, 18 Mar 2030"] == "09:00–18:00"
    assert days["Wednesday, 20 Mar 2030"].split() == ["09:00–13:00", "hours", "of", "its", "own"]
    assert days["Thursday, 21 Mar 2030"].startswith("00:00–06:00") or "Nooruz" in days["Thursday, 21 Mar 2030"]
    assert days["Saturday, 23 Mar 2030"].startswith("10:00–24:00")
    assert days["Monday, 25 Mar 2030"].split() == ["closed", "Our", "day"]
    assert days["Wednesday, 27 Mar 2030"] == "22:00–24:00" and days["Thursday, 28 Mar 2030"] == "00:00–06:00"
    assert 'value="22:00-06:00"' in answer.text


def test_a_preview_names_holidays_in_the_language_of_the_reader(root, office, page):
    db.session.scalar(db.select(User).where(User.name == "Root")).language = "ru"
    db.session.commit()
    days = ahead(root.post(f"{OFFICE}/preview", data=page() | {"holds_from": "2030-03-18", "country": "KG"}))
    assert any("Нооруз" in said for said in days.values())


def test_a_new_calendar_is_previewed_before_it_is_made(root):
    typed = {"names_en": "Nights", "slug": "nights", "zone": "Europe/Moscow", "country": "",
             "day_0": "22:00-06:00"}
    answer = root.post("/admin/calendars/preview", data=typed)
    assert answer.status_code == 200 and "22:00–24:00" in answer.text
    assert [calendar.slug for calendar in queries.every()] == []


def test_working_days_that_the_country_has_moved_are_proposed(app):
    hours = WorkingHours.build("Europe/Moscow", {"0": [["09:00", "18:00"]]}, "RU")
    moved = moved_ahead(hours, date(2024, 1, 1))
    assert date(2024, 4, 27) in moved
    known = WorkingHours.build("Europe/Moscow", {"0": [["09:00", "18:00"]]}, "RU", {"2024-04-27": [["09:00", "18:00"]]})
    assert date(2024, 4, 27) not in moved_ahead(known, date(2024, 1, 1))


def test_a_closed_date_without_a_name_stays_closed(root, office, page):
    """It was once written as 00:00-00:00, which is a whole day and night."""
    stored = dates("2030-01-02 -")
    assert stored == {"2030-01-02": []} and lines(stored) == "2030-01-02 -"
    root.post(OFFICE, data=page() | {"overrides": "2030-01-02 -"})
    wednesday = datetime(2030, 1, 1, 18, tzinfo=UTC)
    assert office.versions[-1].hours.elapsed(wednesday, wednesday + timedelta(days=1)) == 0
    root.post(OFFICE, data=page())
    assert len(office.versions) == 2


def test_a_planned_version_can_be_changed_in_its_place_and_thrown_away(root, office, page):
    root.post(OFFICE, data=page() | {"day_4": "09:00-16:00", "holds_from": "2999-01-01"})
    planned = office.versions[-1]
    now = root.get(OFFICE).text
    assert "another version holds" in now and 'name="day_4" type="text" value="09:00–18:00"' in now
    opened = page(f"{OFFICE}?version={planned.id}")
    assert (opened["day_4"], opened["holds_from"]) == ("09:00–16:00", "2999-01-01")
    root.post(OFFICE, data=opened | {"day_4": "09:00-15:00"})
    assert [version.week["4"] for version in office.versions] == [[["09:00", "18:00"]], [["09:00", "15:00"]]]
    planned = office.versions[-1]
    removal = f"{OFFICE}/versions/{planned.id}/removal"
    assert root.post(removal).status_code == 303
    assert len(office.versions) == 1 and root.post(removal).status_code == 404
    assert events_of("calendar", office.id)[-1].kind == "calendar.dropped"


def test_a_version_that_holds_or_held_is_never_thrown_away(root, office, page):
    root.post(OFFICE, data=page() | {"day_4": "09:00-16:00"})
    for version in office.versions:
        assert root.post(f"{OFFICE}/versions/{version.id}/removal").status_code == 409
    assert len(office.versions) == 2


def test_an_older_version_is_used_again_as_the_next_one(root, office, page):
    root.post(OFFICE, data=page() | {"day_4": "09:00-16:00", "zone": "Europe/Moscow"})
    shown = html.unescape(root.get(OFFICE).text)
    assert "Friday: 09:00–18:00 → 09:00–16:00" in shown and "Time zone: Asia/Bishkek → Europe/Moscow" in shown
    root.post(OFFICE, data=page(f"{OFFICE}?version={office.versions[0].id}"))
    assert [(version.zone, version.week["4"]) for version in office.versions][::2] == [
        ("Asia/Bishkek", [["09:00", "18:00"]])] * 2
    assert root.get(f"{OFFICE}?version=999999").status_code == 404


def test_the_second_to_save_is_told_also_of_a_planned_version(root, office, page):
    stale = page()
    root.post(OFFICE, data=page() | {"day_4": "", "holds_from": "2999-01-01"})
    answer = root.post(OFFICE, data=stale | {"day_4": "10:00-18:00"})
    assert answer.status_code == 409 and 'value="10:00-18:00"' in answer.text


def test_the_page_keeps_what_was_typed(root, office, page):
    answer = root.post(OFFICE, data=page() | {"day_0": "9-nine", "overrides": "2026-12-31 09:00-13:00"})
    assert 'value="9-nine"' in answer.text and "2026-12-31 09:00-13:00" in answer.text


def test_a_date_with_two_lines_is_refused_rather_than_lost(root, office, page):
    lines = "2027-02-03 -\n2027-02-03 09:00-10:00"
    answer = root.post(OFFICE, data=page() | {"overrides": lines})
    assert answer.status_code == 400 and "2027-02-03 stands there twice" in answer.text
    assert lines in answer.text


def test_nobody_else_gets_in(office, client):
    people.sign_in(client, people.user("employee"))
    assert client.get("/admin/calendars").status_code == 404
    assert client.post(OFFICE, data={}).status_code == 404
