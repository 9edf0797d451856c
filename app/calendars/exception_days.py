"""Dates that depart from the week: holidays, moved working days, half days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from app.calendars.holiday_names import Holiday, holidays_of_year
from app.calendars.week import Interval, Wall, merged, own_part, tails


@dataclass(frozen=True)
class ReplacedDay:
    """A local date whose intervals replace all that the week would open on it."""

    intervals: tuple[Interval, ...]

    @cached_property
    def walls(self) -> tuple[Wall, ...]:
        """Open seconds after local midnight on the date itself."""
        return merged(map(own_part, self.intervals))

    @cached_property
    def tails(self) -> tuple[Wall, ...]:
        """Open seconds after local midnight on the next date."""
        return tails(self.intervals)


ExceptionDay = Holiday | ReplacedDay


@dataclass(frozen=True)
class Exceptions:
    """The exceptions of a calendar by local date: a country's public holidays, and what the desk decided.

    A decision wins over the country; None makes a public holiday an ordinary day. An exception speaks for its
    own date alone: a night that starts on a holiday goes on after midnight if the week says so, and what the
    night before would bring into a replaced day is replaced too. Only a replaced day with a night of its own
    adds that night's tail to the next date, unless that date is an exception itself.
    """

    country: str | None = None
    decided: tuple[tuple[date, ExceptionDay | None], ...] = ()

    def get(self, day: date) -> ExceptionDay | None:
        """The exception on a local date, or None on an ordinary day."""
        if day in self._by_date:
            return self._by_date[day]
        return holidays_of_year(self.country, day.year).get(day) if self.country else None

    def nights_into(self, day: date) -> tuple[Wall, ...]:
        """What the day before, if replaced, leaves open on this date: seconds after midnight."""
        return self._nights.get(day, ())

    @cached_property
    def _by_date(self) -> Mapping[date, ExceptionDay | None]:
        return dict(self.decided)

    @cached_property
    def _nights(self) -> Mapping[date, tuple[Wall, ...]]:
        replaced = [(day, what) for day, what in self.decided if isinstance(what, ReplacedDay)]
        return {day + timedelta(days=1): what.tails for day, what in replaced if what.tails and day < date.max}
