"""Time zones to choose from."""

from functools import lru_cache
from zoneinfo import available_timezones

AREAS = ("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
         "Pacific/")


@lru_cache(maxsize=1)
def zones() -> list[tuple[str, str]]:
    """IANA zones by name, as (value, label)."""
    named = sorted(zone for zone in available_timezones() if zone.startswith(AREAS))
    return [(zone, zone.replace("_", " ")) for zone in ["UTC", *named]]
