"""Moments as people type them into a search: `<2h`, `>7d`, `today`, `>=2026-01-31`, `31.01.2026`."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.core.i18n import choose_zone

_TYPED = re.compile(r"(?P<sign>[<>]=?)?\s*(?P<rest>.+)")
_LENGTH = re.compile(r"(?P<count>\d{1,5})\s*(?P<unit>[^\W\d_]+)")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_LOCAL = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_UNITS = {
    timedelta(minutes=1): "m min м мин мүн", timedelta(hours=1): "h ч с саат",
    timedelta(days=1): "d д к күн дн", timedelta(weeks=1): "w н нед ж жума",
}
UNITS = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_DAYS = {-1: "yesterday вчера кечээ", 0: "today сегодня бүгүн", 1: "tomorrow завтра эртең"}
DAYS = {word: offset for offset, words in _DAYS.items() for word in words.split()}


class Span(NamedTuple):
    """From `since` (included) to `until` (not included); None is open."""

    since: datetime | None
    until: datetime | None


def ahead(text: str, now: datetime) -> Span | None:
    """Of a moment to come: `<2h` is within two hours (or past), `>2h` later. None for what is no moment."""
    return _read(text, now, 1)


def ago(text: str, now: datetime) -> Span | None:
    """Of a moment past: `<7d` is less than seven days ago, `>7d` longer ago. None for what is no moment."""
    return _read(text, now, -1)


def _read(text: str, now: datetime, way: int) -> Span | None:
    match = _TYPED.fullmatch(text)
    if match is None:
        return None
    sign, rest = match["sign"] or "", match["rest"].strip()
    try:
        if length := _LENGTH.fullmatch(rest):
            return _far(sign, now + way * int(length["count"]) * UNITS[length["unit"]], way)
        return _day(sign, _date(rest, now))
    except (ValueError, OverflowError, KeyError):
        return None


def _far(sign: str, moment: datetime, way: int) -> Span:
    is_nearer = not sign.startswith(">")
    return Span(None, moment) if is_nearer == (way > 0) else Span(moment, None)


def _day(sign: str, day: date) -> Span:
    start, end = _midnight(day), _midnight(day + timedelta(days=1))
    return {"<": Span(None, start), "<=": Span(None, end), ">": Span(end, None), ">=": Span(start, None)}.get(
        sign, Span(start, end))


def _date(text: str, now: datetime) -> date:
    if text in DAYS:
        return now.astimezone(ZoneInfo(choose_zone())).date() + timedelta(days=DAYS[text])
    if iso := _ISO.fullmatch(text):
        return date(*map(int, iso.groups()))
    local = _LOCAL.fullmatch(text)
    if local is None:
        raise ValueError(text)
    return date(*map(int, reversed(local.groups())))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(choose_zone())).astimezone(UTC)
