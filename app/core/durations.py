"""Lengths of time in the reader's words."""

from functools import lru_cache

from babel.units import format_unit
from flask_babel import get_locale

UNITS = (("hour", 3600), ("minute", 60), ("second", 1))


def duration(seconds: int) -> str:
    """The two largest units of a length in seconds: "3 hr 20 min", "45 sec". Hours are not gathered into days,
    since a day of business time has no fixed length."""
    locale = str(get_locale() or "en")
    parts = []
    rest = abs(int(seconds))
    for unit, size in UNITS:
        amount, rest = divmod(rest, size)
        if amount and len(parts) < 2:
            parts.append(_words(amount, unit, locale))
        elif parts:
            break
    return " ".join(parts) or _words(0, "second", locale)


@lru_cache(maxsize=4096)
def _words(amount: int, unit: str, locale: str) -> str:
    """Kept: Babel takes longer to say "20 min" than the database to find the ticket."""
    return format_unit(amount, f"duration-{unit}", "short", locale=locale)
