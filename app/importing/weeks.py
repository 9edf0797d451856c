"""A working week as a TOML file writes it: mon = ["09:00-13:00", "14:00-18:00"], or "24x7" for the whole."""

from collections.abc import Mapping, Sequence
from typing import Any

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = "24x7"
Week = dict[str, list[list[str]]]


def week_of(written: Any) -> Week:
    """The week as calendars store it, Monday as "0". Raises ValueError for what is no week."""
    if written == ALWAYS:
        return {str(number): [["00:00", "24:00"]] for number in range(7)}
    if not isinstance(written, Mapping) or set(written) - set(DAYS):
        raise ValueError(f"“{ALWAYS}”, or a table of {', '.join(DAYS)} is needed")
    return {str(number): _intervals(written.get(day, ())) for number, day in enumerate(DAYS)}


def _intervals(written: Sequence[str]) -> list[list[str]]:
    pairs = [str(interval).split("-") for interval in written]
    if any(len(pair) != 2 for pair in pairs):
        raise ValueError("intervals such as “09:00-18:00” are needed")
    return pairs
