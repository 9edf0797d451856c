"""Which stories of recent weeks are stopped on their way, so that the desk has work today: some wait for somebody,
some are with level 2, most are young. Without this the year would leave almost nothing open."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random

from app.importing.chronicle import Chronicle
from app.importing.sample.telling import SHORTLY, Patience


@dataclass(frozen=True, eq=False)
class Way:
    """An ended story: how old it is, and how its ticket stood after each step at which it was still open."""

    number: int
    age_days: float
    states: Sequence[Chronicle]


@dataclass(frozen=True)
class Goal:
    """A share of those that are stopped, where, and how much less likely they are with each day of age."""

    share: float
    ageing: float
    wanted: Callable[[Chronicle], bool]


GOALS = (
    Goal(0.30, 1.1, lambda state: state.is_pending),
    Goal(0.25, 1.2, lambda state: state.facts["level"] > 1 and state.facts["status"] == "open"),
    Goal(0.10, 3.0, lambda state: state.facts["status"] == "new"),
    Goal(1.00, 1.3, lambda state: state.facts["status"] == "open"),
)
"""The last one takes what is left."""


@dataclass
class HalfTold:
    """Draws them; none is left so that the desk itself would have acted on it before now, and few are overdue."""

    ways: Sequence[Way]
    now: datetime
    patience: Patience
    due_of: Callable[[Chronicle], datetime | None]
    luck: Random
    overdue: int = 0
    overdue_allowed: int = 14
    latest: timedelta = timedelta(days=3)

    def stop(self, count: int) -> dict[int, Chronicle]:
        """Number of a story -> its ticket as it stood on the way, for so many of them.

        After holidays there are few young ones: then more may wait, and more are overdue.
        """
        stopped: dict[int, Chronicle] = {}
        for goal in GOALS:
            room = max(min(count - len(stopped), round(count * goal.share)), 0)
            stopped |= dict(islice(self._drawn(goal, stopped), room))
        self.overdue_allowed, self.latest = count, timedelta(days=30)
        for goal in GOALS:
            stopped |= dict(islice(self._drawn(goal, stopped), count - len(stopped)))
        return stopped

    def _drawn(self, goal: Goal, stopped: dict[int, Chronicle]) -> Iterator[tuple[int, Chronicle]]:
        """By chance, the younger the likelier."""
        choices = {way: fit for way in self.ways if way.number not in stopped
                   and (fit := [state for state in way.states if goal.wanted(state) and self._may_stand(state)])}
        chance = {way: self.luck.random() ** (goal.ageing ** way.age_days) for way in choices}
        for way in sorted(chance, key=chance.__getitem__, reverse=True):
            state = self._reminded(self.luck.choice(choices[way]))
            if self._is_bearable(state):
                yield way.number, state

    def _is_bearable(self, state: Chronicle) -> bool:
        """In time, or one of the few that are not, and then not by weeks."""
        due = self.due_of(state)
        if due is None or due >= self.now:
            return True
        if self.overdue >= self.overdue_allowed or due < self.now - self.latest:
            return False
        self.overdue += 1
        return True

    def _may_stand(self, state: Chronicle) -> bool:
        """Whether it can still wait now: its date has not come, its requester not been silent for too long."""
        if not state.is_pending:
            return True
        hold = state.holds[-1]
        if hold["reason"] == "requester":
            return hold["started_at"] + self.patience.resolves_after > self.now
        return hold["until"] is None or hold["until"] > self.now

    def _reminded(self, state: Chronicle) -> Chronicle:
        hold = state.holds[-1] if state.is_pending else {"reason": None}
        if hold["reason"] == "requester" and hold["reminded_at"] is None:
            reminder = hold["started_at"] + self.patience.reminds_after + SHORTLY
            if reminder < self.now:
                state.reminded(reminder)
        return state
