"""The sums of a backtest: small, however many tickets were replayed."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app.sla.vocabulary import TELLING, names_of

from .past import Past
from .recipients import Directory, Said
from .replay import Books, Replayed
from .verdicts import ABSENT, COUNTED, Verdict, priority_at, team_at, verdict

BEFORE, AFTER = 0, 1
HOURS_OF_WEEK = 168
SHOWN_PEOPLE = 50

Pair = list[int]


def pair() -> Pair:
    """What was, and what would have been."""
    return [0, 0]


class Flipped(NamedTuple):
    """A clock that is missed on one side only."""

    ticket_id: int
    was: Verdict | None
    would_be: Verdict | None

    def as_row(self) -> dict[str, Any]:
        about = self.was or self.would_be
        return {"ticket_id": self.ticket_id, "target": about.target, "cycle": about.cycle, "level": about.level,
                "is_worse": _result(self.would_be) == "missed",
                "before": _result(self.was), "after": _result(self.would_be),
                "due_before": self.was and self.was.due_at, "due_after": self.would_be and self.would_be.due_at}


class Tally:
    """Adds tickets up, one by one. Days are those of the zone."""

    def __init__(self, books: Books, directory: Directory, zone: str, now: datetime) -> None:
        self.books, self.directory, self.zone, self.now = books, directory, ZoneInfo(zone), now
        self.tickets = self.touched = self.silent = 0
        self.targets: dict[str, list[dict[str, int]]] = defaultdict(lambda: [dict.fromkeys(COUNTED, 0) for _ in (0, 1)])
        self.teams: dict[int, Pair] = defaultdict(pair)
        self.priorities: dict[str, Pair] = defaultdict(pair)
        self.hours: list[list[int]] = [[0] * HOURS_OF_WEEK, [0] * HOURS_OF_WEEK]
        self.flips = {"better": 0, "worse": 0}
        self.notices: dict[tuple[int, str], Pair] = defaultdict(pair)
        self.acts: dict[str, Pair] = defaultdict(pair)

    def add(self, past: Past, run: Replayed) -> list[Flipped]:
        """Count one ticket on both sides; returns what flipped."""
        self.tickets += 1
        self.touched += run.departed
        self.silent += past.is_silent
        was = {one.key: one for one in (verdict(clock, self.now) for clock in past.clocks)}
        would_be = {one.key: one for one in (verdict(clock, self.now) for clock in run.timers.clocks)}
        for side, verdicts in ((BEFORE, was), (AFTER, would_be)):
            for one in verdicts.values():
                self._count(side, one, run)
        for side, said in ((BEFORE, run.said_before), (AFTER, run.said_after)):
            for one in said:
                self._tell(side, one)
        flipped = list(_flipped(past.ticket_id, was, would_be))
        worse = sum(_result(one.would_be) == "missed" for one in flipped)
        self.flips["worse"] += worse
        self.flips["better"] += len(flipped) - worse
        return flipped

    def _count(self, side: int, one: Verdict, run: Replayed) -> None:
        self.targets[one.line][side][one.result] += 1
        if one.missed_at is not None:
            self.teams[team_at(run, one.missed_at)][side] += 1
            self.priorities[priority_at(run, one.missed_at)][side] += 1
            self.hours[side][self._hour(side, one)] += 1

    def _hour(self, side: int, one: Verdict) -> int:
        """The hour of the week, from Monday 0:00, on the wall of the calendar."""
        book = self.books.draft if side else self.books.live
        local = one.missed_at.astimezone(ZoneInfo(book.edition(one.calendar_version_id).hours.zone))
        return local.weekday() * 24 + local.hour

    def _tell(self, side: int, said: Said) -> None:
        day = said.at.astimezone(self.zone).date().isoformat()
        for person_id in self.directory.told(said):
            self.notices[person_id, day][side] += 1
        for name in names_of(said.actions):
            if name not in TELLING:
                self.acts[name][side] += 1

    def as_json(self) -> dict[str, Any]:
        return {
            "tickets": self.tickets, "touched": self.touched, "silent": self.silent, "targets": dict(self.targets),
            "teams": {str(team_id): counts for team_id, counts in self.teams.items()},
            "priorities": dict(self.priorities), "hours": self.hours, "flips": self.flips, "acts": dict(self.acts),
            **self._notices(),
        }

    def _notices(self) -> dict[str, Any]:
        """Per person and per day, both sides; the people who would be told most, with their fullest day."""
        by_day: dict[str, Pair] = defaultdict(pair)
        by_person: dict[int, list[Any]] = defaultdict(lambda: [pair(), [("", 0), ("", 0)]])
        for (person_id, day), counts in sorted(self.notices.items(), key=lambda each: each[0][1]):
            total, fullest = by_person[person_id]
            for side in (BEFORE, AFTER):
                by_day[day][side] += counts[side]
                total[side] += counts[side]
                if counts[side] > fullest[side][1]:
                    fullest[side] = (day, counts[side])
        most = sorted(by_person.items(), key=lambda each: (-each[1][0][AFTER], -each[1][0][BEFORE], each[0]))
        return {"days": dict(by_day), "people_told": len(by_person),
                "people": [[person_id, *about] for person_id, about in most[:SHOWN_PEOPLE]]}


def _flipped(ticket_id: int, was: dict[Any, Verdict], would_be: dict[Any, Verdict]) -> Iterator[Flipped]:
    for key in was | would_be:
        one, other = was.get(key), would_be.get(key)
        if (_result(one) == "missed") != (_result(other) == "missed"):
            yield Flipped(ticket_id, one, other)


def _result(one: Verdict | None) -> str:
    return one.result if one is not None else ABSENT
