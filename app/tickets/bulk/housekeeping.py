"""What the desk forgets of deeds on several tickets; run by the scheduler, any number of times."""

from datetime import datetime, timedelta

from . import deeds

KEPT = timedelta(days=30)
"""For so long one may look up what became of a deed; what was done stands in the events of the tickets for ever."""


def forget(now: datetime) -> int:
    """Returns how many deeds are gone."""
    return deeds.forget(now - KEPT)
