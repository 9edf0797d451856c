"""Business time built from stored data: one object for equal contents, since it keeps the years it worked out."""

import json
from functools import lru_cache
from typing import Any

from .working_hours import WorkingHours


def working_hours(zone: str, week: Any, country: str | None, overrides: Any) -> WorkingHours:
    """Raises InvalidCalendar for data that makes no calendar."""
    return _built(zone, json.dumps(week, sort_keys=True), country, json.dumps(overrides or {}, sort_keys=True))


@lru_cache(maxsize=256)
def _built(zone: str, week: str, country: str | None, overrides: str) -> WorkingHours:
    return WorkingHours.build(zone, json.loads(week), country, json.loads(overrides))
