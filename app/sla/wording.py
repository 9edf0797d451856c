"""Stretches of time and exact lengths in the reader's words and zone."""

from datetime import datetime
from typing import Any

from babel.dates import format_datetime
from flask_babel import get_locale, get_timezone

DAYS = {"en": ("EEE d MMM", "EEE d MMM y"), "ru": ("EEE d MMM", "EEE d MMM y"),
        "ky": ("d-MMM, EEE", "y-'ж'. d-MMM, EEE")}
"""A day without and with its year; the library's English puts the month first."""


def exact(seconds: int) -> str:
    """A length to the second, in any language: 27:05:09; "-" before it when it is below zero."""
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'-' * (seconds < 0)}{minutes // 60}:{minutes % 60:02}:{rest:02}"


def stretch(start: datetime, end: datetime, now: datetime) -> str:
    """From when to when; the day is said once where it is the same, the year where it is not this one's."""
    if _local(start).date() == _local(end).date():
        return f"{_day(start, now)} {_hour(start)}–{_hour(end)}"
    return f"{moment(start, now)} – {moment(end, now)}"


def moment(at: datetime, now: datetime) -> str:
    """A day of the week and a time on it, with the year where it is not this one's."""
    return f"{_day(at, now)} {_hour(at)}"


def _day(at: datetime, now: datetime) -> str:
    locale = str(get_locale() or "en")
    is_other_year = _local(at).year != _local(now).year
    return format_datetime(at, DAYS.get(locale[:2], DAYS["en"])[is_other_year], tzinfo=get_timezone(), locale=locale)


def _hour(at: datetime) -> str:
    local = _local(at)
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def _local(at: datetime) -> Any:
    return at.astimezone(get_timezone())
