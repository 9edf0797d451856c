"""From a ticket's events and clocks to its facts. Pure: no database, no clock."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.tickets.vocabulary import ACTIVE

from .models import STILL

COUNTED = {"ticket.escalated": "escalated", "ticket.handed_back": "handed_back", "ticket.reopened": "reopened"}


@dataclass(frozen=True)
class Happening:
    """One event of the ticket."""

    kind: str
    at: datetime
    changes: dict[str, list[Any]]


@dataclass(frozen=True)
class Ended:
    """One clock that ended: its target, when, in how many business seconds, and whether in time."""

    target: str
    at: datetime
    spent_seconds: int
    met: bool


Row = dict[str, Any]


def facts_of(history: list[Happening], clocks: list[Ended], month_of: Callable[[datetime], str]) -> list[Row]:
    """All facts of one ticket, history oldest first; `month_of` gives the month in which a moment counts."""
    rows = [*_counts(history), *_stays(history, month_of), *_resolved(history, clocks), *_clocked(history, clocks)]
    return [{"until_month": None, "month": month_of(row["at"]), **row} for row in rows]


def _row(measure: str, team_id: int, at: datetime, value: int = 1, **more: Any) -> Row:
    return {"measure": measure, "team_id": team_id, "at": at, "value": value, **more}


def _counts(history: list[Happening]) -> Iterator[Row]:
    for event, before, after in _walk(history):
        if event.kind == "ticket.filed":
            yield _row("filed", after["team_id"], event.at)
        elif event.kind in COUNTED:
            yield _row(COUNTED[event.kind], before["team_id"], event.at)


def _stays(history: list[Happening], month_of: Callable[[datetime], str]) -> Iterator[Row]:
    """Each stretch of being active in one team."""
    since: datetime | None = None
    team_id = None
    for event, _before, after in _walk(history):
        here = after.get("team_id") if after.get("status") in ACTIVE else None
        if here == team_id:
            continue
        if team_id is not None and since is not None:
            yield _row("stay", team_id, since, until_month=month_of(event.at))
        since, team_id = event.at, here
    if team_id is not None and since is not None:
        yield _row("stay", team_id, since, until_month=STILL)


def _resolved(history: list[Happening], clocks: list[Ended]) -> Iterator[Row]:
    """The resolution that stands, if one does, and the business time all cycles took."""
    standing = None
    for event, _before, after in _walk(history):
        if event.kind == "ticket.resolved":
            standing = (event.at, after["team_id"])
        elif after["status"] not in ("resolved", "closed"):
            standing = None
    if standing is not None:
        yield _row("resolved", standing[1], standing[0])
        cycles = [clock.spent_seconds for clock in clocks if clock.target == "resolution"]
        if cycles:
            yield _row("resolution", standing[1], standing[0], sum(cycles))


def _clocked(history: list[Happening], clocks: list[Ended]) -> Iterator[Row]:
    """Each ended target: in time or not, and how long the first response took, if there was one."""
    replied = {event.at.replace(microsecond=0) for event in history if event.kind == "ticket.replied"}
    for clock in clocks:
        team_id = _team_at(history, clock.at)
        short = "sla_response" if clock.target == "first_response" else "sla_resolution"
        yield _row(short, team_id, clock.at, int(clock.met))
        if clock.target == "first_response" and clock.at in replied:
            yield _row("first_response", team_id, clock.at, clock.spent_seconds)


def _team_at(history: list[Happening], at: datetime) -> int:
    """The team that held the ticket when a clock stopped (clocks are cut to whole seconds, events are not)."""
    team_id = None
    for event, before, after in _walk(history):
        if team_id is not None and event.at.replace(microsecond=0) > at:
            break
        team_id = before["team_id"] if event.kind == "ticket.reopened" else after["team_id"]
    return int(team_id or 0)


def _walk(history: list[Happening]) -> Iterator[tuple[Happening, dict[str, Any], dict[str, Any]]]:
    """Each event with the facts before and after it."""
    before: dict[str, Any] = {}
    for event in history:
        after = before | {fact: pair[1] for fact, pair in event.changes.items()}
        yield event, before, after
        before = after


def nearest_rank(ordered: list[int], percent: int) -> int:
    """The percentile by nearest rank: the smallest value that at least `percent` % of all do not exceed."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else 0
