"""Focus time."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from app.attention import focus
from app.core.errors import Invalid

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
BISHKEK = ZoneInfo("Asia/Bishkek")


@pytest.fixture
def person():
    return SimpleNamespace(focus_until=None)


def test_it_ends_by_itself(person):
    focus.begin(person, NOW + timedelta(hours=1), NOW)
    assert focus.is_on(person, NOW + timedelta(minutes=59))
    assert not focus.is_on(person, NOW + timedelta(hours=1))


def test_it_can_be_ended_twice(person):
    focus.begin(person, NOW + timedelta(hours=1), NOW)
    focus.end(person)
    focus.end(person)
    assert not focus.is_on(person, NOW)


@pytest.mark.parametrize("minutes", [-1, 0, 12 * 60 + 1])
def test_it_is_neither_over_nor_endless(app, person, minutes):
    with app.test_request_context(), pytest.raises(Invalid):
        focus.begin(person, NOW + timedelta(minutes=minutes), NOW)


@pytest.mark.parametrize(("minutes", "until", "hours"), [
    ("30", "", 0.5), ("", "11:30", 1.5), ("", "10:00", 24), ("", "09:00", 23)])
def test_what_was_chosen(minutes, until, hours):
    """It is ten in Bishkek."""
    assert focus.until_of(minutes, until, BISHKEK, NOW) == NOW + timedelta(hours=hours)


@pytest.mark.parametrize("until", ["", "soon", "25:00", "9" * 40])
def test_nonsense(app, until):
    with app.test_request_context(), pytest.raises(Invalid):
        focus.until_of("", until, BISHKEK, NOW)
