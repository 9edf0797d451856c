"""What a result comes to, arranged for its page. Everything is there twice: as it was, and under the draft."""

from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import format_date

from app.accounts.models import Team, User
from app.calendars.problem_words import weekday
from app.core.db import db
from app.sla.forms import title_of
from app.sla.vocabulary import ACTIONS, EVERY_PRIORITY, TARGETS

HEATS = 5
Counts = dict[str, int]


class TargetRow(NamedTuple):
    """One line of targets. `share` is the percentage met of what was met or missed."""

    title: str
    before: Counts
    after: Counts

    @property
    def shares(self) -> tuple[float | None, float | None]:
        return share(self.before), share(self.after)


class Row(NamedTuple):
    title: str
    before: int
    after: int


def share(counts: Counts) -> float | None:
    """Met, in percent of what was met or missed; None where nothing was."""
    judged = counts["met"] + counts["missed"]
    return 100 * counts["met"] / judged if judged else None


def targets(result: dict[str, Any]) -> list[TargetRow]:
    """In the order people read them."""
    order = list(TARGETS)
    found = sorted(result["targets"].items(), key=lambda each: (order.index(each[0].split(":")[0]), each[0]))
    return [TargetRow(title_of(key), *sides) for key, sides in found]


def teams(result: dict[str, Any]) -> list[Row]:
    """Those whose tickets were missed most first."""
    titles = _titles(Team, result["teams"])
    rows = [Row(titles.get(int(team_id), f"#{team_id}"), *sides) for team_id, sides in result["teams"].items()]
    return sorted(rows, key=lambda row: (-row.before - row.after, row.title))


def priorities(result: dict[str, Any]) -> list[Row]:
    return [Row(one, *result["priorities"][one]) for one in EVERY_PRIORITY if one in result["priorities"]]


def acts(result: dict[str, Any]) -> list[Row]:
    """What the desk did by itself at shares of targets, and what it would have had to do."""
    return [Row(str(ACTIONS.get(name, name)), *sides) for name, sides in sorted(result["acts"].items())]


class Cell(NamedTuple):
    """One hour of the week. `heat` is 0 for nothing up to 5 for the most of both sides."""

    count: int
    heat: int


def hours(result: dict[str, Any]) -> list[list[tuple[str, list[Cell]]]]:
    """For each side seven days with their 24 hours."""
    most = max(map(max, result["hours"]))
    return [[(weekday(day), [_cell(count, most) for count in side[day * 24:day * 24 + 24]]) for day in range(7)]
            for side in result["hours"]]


def _cell(count: int, most: int) -> Cell:
    return Cell(count, -(-count * HEATS // most) if count else 0)


class PersonRow(NamedTuple):
    """`fullest` are day and count, before and after."""

    name: str
    before: int
    after: int
    fullest: list[tuple[str, int]]


def people(result: dict[str, Any]) -> list[PersonRow]:
    names = _names(person_id for person_id, *_about in result["people"])
    return [PersonRow(names.get(person_id, f"#{person_id}"), *total, [(_day(day), most) for day, most in fullest])
            for person_id, total, fullest in result["people"]]


def _day(text: str) -> str:
    return format_date(date.fromisoformat(text), "medium") if text else ""


def notices(result: dict[str, Any]) -> tuple[int, int]:
    """All of them, on both sides."""
    return tuple(sum(day[side] for day in result["days"].values()) for side in (0, 1))


def given(result: dict[str, Any]) -> list[Row]:
    """Of a draft of assignment: who got and would have got how much."""
    names = _names(person_id for person_id, _both in result["people"])
    return [Row(names.get(person_id, f"#{person_id}"), *both) for person_id, both in result["people"]]


def _names(ids: Any) -> dict[int, str]:
    return dict(db.session.execute(sa.select(User.id, User.name).where(User.id.in_(list(ids)))).all())


def names_on(flips: list[Any]) -> dict[int, str]:
    """The people a page of flips speaks of."""
    return _names({one for flip in flips for one in (flip.before_id, flip.after_id) if one is not None})


def _titles(model: Any, ids: Any) -> dict[int, str]:
    found = db.session.scalars(sa.select(model).where(model.id.in_([int(one) for one in ids])))
    return {one.id: one.title for one in found}
