"""Working hours as people type them, one line per day or date, and back again.

    09:00-13:00, 14:00-18:00        intervals of a weekday
    2026-12-31 09:00-13:00          a date with hours of its own
    2026-12-30 Our day | Наш день | Биздин күн      a date that is closed, named in English, Russian, Kyrgyz
    2026-12-29 -                    closed, without a name
    2026-03-09 +                    no holiday after all
"""

import re
from typing import Any

from app.core.i18n import LANGUAGES

ORDINARY, CLOSED = "+", "-"


def intervals(text: str) -> list[list[str]]:
    """What cannot be read is left as it is, for `problems` to name."""
    return [_interval(part) for part in re.split(r"[,;]", text or "") if part.strip()]


def _interval(part: str) -> list[str]:
    return [_time(time.strip()) for time in re.split(r"[-–—]", part)]


def _time(text: str) -> str:
    """"9" and "9:30" as "09:00" and "09:30"."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?", text)
    return f"{int(found[1]):02}:{found[2] or '00'}" if found else text


def shown(stored: Any) -> str:
    return ", ".join("–".join(interval) for interval in stored or [])


def dates(text: str) -> dict[str, Any]:
    """Lines of dates as the overrides of WorkingHours.build."""
    return {day: _override(rest) for day, rest in _pairs(text)}


def twice(text: str) -> list[str]:
    """The dates that have more than one line, of which only the last would hold."""
    days = [day for day, _rest in _pairs(text)]
    return sorted({day for day in days if days.count(day) > 1})


def _pairs(text: str) -> list[tuple[str, str]]:
    lines = (line.strip() for line in (text or "").splitlines())
    parts = (line.partition(" ") for line in lines if line)
    return [(day.rstrip(":"), rest.strip()) for day, _blank, rest in parts]


def _override(text: str) -> Any:
    if text == ORDINARY:
        return None
    if text == CLOSED:
        return []
    if re.match(r"\d", text):
        return intervals(text)
    words = [word.strip() for word in text.split("|")]
    return {code: word for code, word in zip(LANGUAGES, words, strict=False) if word}


def lines(overrides: dict[str, Any]) -> str:
    return "\n".join(f"{day} {_line(overrides[day])}" for day in sorted(overrides))


def _line(override: Any) -> str:
    if override is None:
        return ORDINARY
    if isinstance(override, list):
        return shown(override) or CLOSED
    return " | ".join(override.get(code, "") for code in LANGUAGES).rstrip(" |")
