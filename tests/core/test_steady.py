"""A clock that leaps is not believed at once."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core.steady import PATIENCE_SECONDS, SteadyClock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Machine:
    """A wall clock that can be set, and a counter that cannot."""

    def __init__(self):
        self.seconds, self.wrong = 1000.0, timedelta()
        self.steady = SteadyClock(self.wall, lambda: self.seconds)

    def true(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds - 1000)

    def wall(self) -> datetime:
        return self.true() + self.wrong

    def after(self, seconds: float) -> datetime:
        self.seconds += seconds
        return self.steady.now()


@pytest.fixture
def machine():
    return Machine()


def test_an_ordinary_clock_is_believed(machine):
    assert machine.after(15) == machine.true()
    machine.wrong = timedelta(seconds=20)  # slewed
    assert machine.after(15) == machine.wall()


@pytest.mark.parametrize("leap", [HOUR, -HOUR, timedelta(days=1)])
def test_a_leap_changes_nothing_while_it_is_young(machine, leap):
    machine.wrong = leap
    assert machine.after(15) == machine.true()
    assert machine.after(PATIENCE_SECONDS - 1) == machine.true()


def test_a_clock_that_is_set_right_again_was_never_followed(machine):
    machine.wrong = HOUR
    machine.after(600)
    machine.wrong = timedelta()
    assert machine.after(15) == machine.true()


def test_a_leap_that_stands_is_believed(machine):
    machine.wrong = -HOUR
    machine.after(1)
    assert machine.after(PATIENCE_SECONDS) == machine.wall()
    assert machine.after(15) == machine.wall()


def test_another_leap_is_doubted_anew(machine):
    machine.wrong = HOUR
    machine.after(PATIENCE_SECONDS - 10)
    machine.wrong = 2 * HOUR
    assert machine.after(20) == machine.true()
