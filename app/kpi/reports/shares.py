"""Shares of small numbers, with how sure they are. Pure."""

from dataclasses import dataclass
from math import sqrt

SURE = 1.96
"""Standard deviations on each side of what is true 19 times out of 20."""
ENOUGH = 10


@dataclass(frozen=True)
class Share:
    """So many of so many. `low` and `high`: Wilson's interval, which keeps its word for small numbers too:
    (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n), z = 1.96."""

    yes: int
    of: int

    @property
    def is_enough(self) -> bool:
        return self.of >= ENOUGH

    @property
    def value(self) -> float:
        return self.yes / self.of if self.of else 0.0

    @property
    def low(self) -> float:
        return max(0.0, self._middle - self._reach)

    @property
    def high(self) -> float:
        return min(1.0, self._middle + self._reach) if self.of else 1.0

    @property
    def _middle(self) -> float:
        return (self.value + SURE**2 / (2 * self.of)) / (1 + SURE**2 / self.of) if self.of else 0.5

    @property
    def _reach(self) -> float:
        if not self.of:
            return 0.5
        spread = sqrt(self.value * (1 - self.value) / self.of + SURE**2 / (4 * self.of**2))
        return SURE * spread / (1 + SURE**2 / self.of)
