"""The page of figures: which months, which team, and the numbers in them; reads monthly sums only."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.accounts.models import Team
from app.core.db import db
from app.core.errors import Invalid
from app.core.i18n import desk
from app.tickets import queries as tickets
from app.tickets.models import Ticket

from .facts import nearest_rank
from .models import ALL_TEAMS, Fact, Month
from .refresh import Key

SHOWN_MONTHS = 12
ENOUGH_FOR_PERIOD = 50_000
"""Medians of a whole period are read from single facts up to this many; beyond, months speak for themselves."""


@dataclass(frozen=True)
class Scope:
    """What the reader looks at: a team (0: all together) and the last of twelve months."""

    team_id: int
    last: str

    @property
    def months(self) -> list[str]:
        """The months shown, oldest first."""
        return [shift(self.last, -back) for back in reversed(range(SHOWN_MONTHS))]

    @classmethod
    def from_args(cls, args: Any, now: datetime) -> "Scope":
        """Raises Invalid for a team or month that cannot be."""
        team = args.get("team", "0")
        month = args.get("month") or latest_month(now)
        if not team.isdecimal() or len(team) > 9 or not is_month(month):
            raise Invalid()
        return cls(int(team), month)


def is_month(text: str) -> bool:
    """A month from 1900 on: the months before and after it, which the page names, are in the calendar too."""
    return bool(re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text)) and "1900" <= text[:4] < "9999"


def shift(month: str, by: int) -> str:
    """The month so many months later (earlier when negative)."""
    count = int(month[:4]) * 12 + int(month[5:]) - 1 + by
    return f"{count // 12:04}-{count % 12 + 1:02}"


def this_month(now: datetime) -> str:
    return now.astimezone(ZoneInfo(desk.time_zone)).strftime("%Y-%m")


def latest_month(now: datetime) -> str:
    """The present month, or the last one that has tickets when all of them are older (an imported past)."""
    last = db.session.scalar(sa.select(sa.func.max(Month.month)).where(Month.measure == "filed"))
    return min(last, this_month(now)) if last else this_month(now)


def numbers(scope: Scope) -> dict[str, dict[str, Month]]:
    """month -> measure -> number, for one team; the backlog is what came minus what left until then."""
    rows = db.session.scalars(sa.select(Month).where(Month.team_id == scope.team_id, Month.month.in_(scope.months)))
    table: dict[str, dict[str, Month]] = {month: {} for month in scope.months}
    for row in rows:
        table[row.month][row.measure] = row
    return table


def backlog_by_month(scope: Scope) -> dict[str, int]:
    """How many tickets were active with the team at the end of each month shown."""
    flow = defaultdict(int)
    statement = sa.select(Month.measure, Month.month, Month.n).where(
        Month.team_id == scope.team_id, Month.measure.in_(("stay", "left")), Month.month <= scope.last)
    for measure, month, n in db.session.execute(statement):
        flow[month] += n if measure == "stay" else -n
    standing = sum(n for month, n in flow.items() if month < scope.months[0])
    answer = {}
    for month in scope.months:
        standing += flow[month]
        answer[month] = standing
    return answer


def by_team(month: str) -> dict[int, dict[str, Month]]:
    """team -> measure -> number, in one month; team 0 is all of them together."""
    table: dict[int, dict[str, Month]] = defaultdict(dict)
    for row in db.session.scalars(sa.select(Month).where(Month.month == month)):
        table[row.team_id][row.measure] = row
    return table


def backlog_by_team(month: str) -> dict[int, int]:
    """How many tickets each team held active at the end of the month."""
    sign = sa.case((Month.measure == "stay", Month.n), else_=-Month.n)
    statement = (sa.select(Month.team_id, sa.func.sum(sign))
                 .where(Month.measure.in_(("stay", "left")), Month.month <= month).group_by(Month.team_id))
    return {team_id: int(n) for team_id, n in db.session.execute(statement)}


def period(scope: Scope) -> dict[str, Month]:
    """The twelve months as one number each: counts and shares add up, medians are taken anew from the facts."""
    measured = ("first_response", "resolution")
    statement = (sa.select(Month.measure, sa.func.sum(Month.n), sa.func.sum(Month.total))
                 .where(Month.team_id == scope.team_id, Month.month.in_(scope.months)).group_by(Month.measure))
    answer = {name: Month(measure=name, n=int(n), total=int(total), median=0, p90=0)
              for name, n, total in db.session.execute(statement)}
    for name in measured:
        if name in answer and answer[name].n <= ENOUGH_FOR_PERIOD:
            values = _values(name, scope)
            answer[name].median, answer[name].p90 = nearest_rank(values, 50), nearest_rank(values, 90)
    return answer


def _values(measure: str, scope: Scope) -> list[int]:
    statement = sa.select(Fact.value).where(Fact.measure == measure, Fact.month.in_(scope.months))
    if scope.team_id != ALL_TEAMS:
        statement = statement.where(Fact.team_id == scope.team_id)
    return sorted(db.session.scalars(statement))


def teams() -> list[Team]:
    return list(db.session.scalars(sa.select(Team).order_by(Team.level, Team.id)))


def facts_behind(key: Key) -> sa.Select:
    """The facts a number is made of; for the backlog, the stays that had begun and not ended at the month's end."""
    measure, month, team_id = key
    statement = sa.select(Fact).where(Fact.measure == measure)
    if measure == "stay":
        statement = statement.where(Fact.until_month > month, Fact.month <= month)
    else:
        statement = statement.where(Fact.month == month)
    return statement if team_id == ALL_TEAMS else statement.where(Fact.team_id == team_id)


def tickets_behind(key: Key, person: Any) -> sa.Select:
    """The facts of a number whose tickets this person may see."""
    seen = facts_behind(key).join(Ticket, Ticket.id == Fact.ticket_id).where(tickets.sees(person))
    return seen


def count(statement: sa.Select) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(statement.order_by(None).subquery())) or 0
