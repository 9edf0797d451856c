"""When a person may be written to."""

from datetime import date

import pytest

from app.accounts import absences
from app.accounts.absence_models import Absence
from app.accounts.models import Membership
from app.calendars import actions as calendars
from app.calendars.models import WorkCalendar
from app.core import clock
from app.core.db import db
from app.notifications import hours
from tests import people
from tests.sla.conftest import at, calendar

pytestmark = pytest.mark.slow

SATURDAY = {str(day): [["10:00", "14:00"]] for day in range(6)}


@pytest.fixture
def aida(desk):
    """Works in the service desk, Monday to Friday from 9 to 18 in Bishkek."""
    team = people.team("service-desk")
    team.calendar_id = calendar().id
    return people.user("aida", member=(team,))


def away(person, start, end):
    db.session.add(Absence(user_id=person.id, starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 2), starts_at=at(start),
                           ends_at=at(end), reason="leave", made_at=clock.now()))
    absences.renew()


def also_in(person, slug, calendar_id):
    team = people.team(slug)
    team.calendar_id = calendar_id
    person.memberships.append(Membership(team=team))
    db.session.flush()
    return team


def opens(person, text):
    return hours.opening(person.id, at(text)) == at(text)


def test_at_once_while_the_team_works(aida):
    assert hours.opening(aida.id, at("2026-03-02 17:59")) == at("2026-03-02 17:59")


def test_next_morning_after_work_and_on_monday_after_friday(aida):
    assert hours.opening(aida.id, at("2026-03-02 18:00")) == at("2026-03-03 09:00")
    assert hours.opening(aida.id, at("2026-03-06 20:00")) == at("2026-03-09 09:00")


def test_a_holiday_is_not_worked(aida):
    assert hours.opening(aida.id, at("2026-08-28 19:00")) == at("2026-09-01 09:00"), "31 August"


def test_of_several_teams_the_first_to_open_counts(aida):
    also_in(aida, "weekend", calendar("weekend", week=SATURDAY).id)
    assert hours.opening(aida.id, at("2026-03-06 20:00")) == at("2026-03-07 10:00")
    assert hours.opening(aida.id, at("2026-03-05 20:00")) == at("2026-03-06 09:00")


def test_round_the_clock_with_a_team_that_has_no_calendar_or_with_no_team(aida):
    also_in(aida, "night", None)
    assert opens(aida, "2026-03-06 23:00")
    assert opens(people.user("head"), "2026-03-06 23:00")


def test_a_team_that_is_no_more_says_nothing(aida):
    also_in(aida, "old", None).is_active = False
    assert not opens(aida, "2026-03-06 23:00")


def test_not_while_away_but_in_the_first_hour_after(aida):
    away(aida, "2026-03-02 00:00", "2026-03-04 00:00")
    assert hours.opening(aida.id, at("2026-03-02 10:00")) == at("2026-03-04 09:00")


def test_absences_one_after_another_and_in_the_night(aida):
    away(aida, "2026-03-02 00:00", "2026-03-04 09:00")
    away(aida, "2026-03-04 09:00", "2026-03-06 12:00")
    assert hours.opening(aida.id, at("2026-03-01 10:00")) == at("2026-03-06 12:00")


def test_the_hours_are_those_of_the_version_that_holds_then(aida):
    office = db.session.get(WorkCalendar, aida.memberships[0].team.calendar_id)
    later = calendars.Hours("Asia/Bishkek", {"1": [["11:00", "12:00"]]}, None, valid_from=at("2026-03-03 00:00"))
    calendars.change(office, later, None, at("2026-03-01 00:00"))
    assert hours.opening(aida.id, at("2026-03-02 20:00")) == at("2026-03-03 11:00")


@pytest.mark.parametrize(("text", "minute"), [("2026-03-02 10:00:00", "10:00"), ("2026-03-02 10:00:01", "10:01"),
                                              ("2026-03-02 10:59:59", "11:00")])
def test_up_to_the_minute(text, minute):
    assert hours.up_to_minute(at(text)) == at(f"2026-03-02 {minute}")
