"""How often one address may ask for what costs a query and needs no account. Each process counts for itself."""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from flask_babel import gettext as _

from .errors import TooMany

KEYS = 10_000


class Pace:
    """At most `most` times a minute for one key, and as many at once."""

    def __init__(self, most: int, counter: Callable[[], float] = time.monotonic) -> None:
        self._most, self._counter = most, counter
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def spend(self, key: str) -> None:
        """Count one. Raises TooMany when none is left."""
        with self._lock:
            left = self._refilled(key)
            if left >= 1:
                self._keep(key, left - 1)
                return
        raise TooMany(_("There were too many requests from this address. Please wait a minute and try again."))

    def _refilled(self, key: str) -> float:
        """What is left for the key, with what has come back since it was counted last."""
        left, at = self._left.get(key, (self._most, self._counter()))
        return min(self._most, left + (self._counter() - at) * self._most / 60)

    def _keep(self, key: str, left: float) -> None:
        """The longest unasked is forgotten first: an attacker with many addresses must not fill the memory."""
        self._left[key] = (left, self._counter())
        self._left.move_to_end(key)
        if len(self._left) > KEYS:
            self._left.popitem(last=False)
