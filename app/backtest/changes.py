"""What a draft changes, line by line, in the reader's words."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _

from app.accounts.models import Team
from app.calendars import notation
from app.calendars import queries as calendar_queries
from app.calendars.models import WorkCalendar
from app.calendars.problem_words import weekday
from app.core.edits import Facts
from app.sla import differences
from app.sla import queries as sla_queries
from app.sla.action_words import mentioned
from app.sla.models import SlaPolicy
from app.sla.routes.rules import words

from .models import Backtest
from .subjects import found, rules_of
from .vocabulary import MODES

NOTHING = "–"


class Drafted(NamedTuple):
    """A draft of a policy, as its versions are compared."""

    calendar_id: int
    calendar: WorkCalendar
    targets: dict[str, dict[str, int]]
    reopen_floor_percent: int
    actions: list[dict[str, Any]]


def of(backtest: Backtest, now: datetime) -> list[str]:
    """Against what holds now. Raises Conflict when what it is a draft of is gone."""
    return list(_CHANGES[backtest.kind](backtest, now))


def _of_policy(backtest: Backtest, now: datetime) -> list[str]:
    content = backtest.content
    old = sla_queries.in_force(found(SlaPolicy, backtest.subject_id), now)
    new = Drafted(content["calendar_id"], found(WorkCalendar, content["calendar_id"]), content["targets"],
                  content["reopen_floor_percent"], content["actions"])
    people = sla_queries.people_by_id(mentioned([*old.actions, *new.actions]))
    return differences.of_policy(old, new, {person.id: person for person in people})


def _of_calendar(backtest: Backtest, now: datetime) -> Iterator[str]:
    """Zone, days of the week, public holidays, single dates."""
    calendar, content = found(WorkCalendar, backtest.subject_id), backtest.content
    stored = calendar_queries.in_force(calendar, now)
    if stored.zone != content["zone"]:
        yield _line(_("Time zone"), stored.zone, content["zone"])
    for day in map(str, range(7)):
        one, other = stored.week.get(day) or [], content["week"].get(day) or []
        if one != other:
            yield _line(weekday(int(day)), notation.shown(one), notation.shown(other))
    if (stored.country or "") != (content["country"] or ""):
        yield _line(_("Public holidays of"), stored.country, content["country"])
    if stored.overrides != content["overrides"]:
        yield from _dates(stored.overrides, content["overrides"])


def _dates(stored: Facts, content: Facts) -> Iterator[str]:
    one, other = (notation.lines(dates).splitlines() for dates in (stored, content))
    yield from (_line(_("Dates that depart from the week"), line, None) for line in one if line not in other)
    yield from (_line(_("Dates that depart from the week"), None, line) for line in other if line not in one)


def _line(label: str, old: Any, new: Any) -> str:
    return _("%(what)s: %(old)s → %(new)s", what=label, old=old or NOTHING, new=new or NOTHING)


def _of_rules(backtest: Backtest, now: datetime) -> list[str]:
    return differences.of_rules(sla_queries.rules(now), rules_of(backtest.content), words())


def _of_team(backtest: Backtest, now: datetime) -> Iterator[str]:
    """How its work is shared; the people of the draft are in its result."""
    team, content = found(Team, backtest.subject_id), backtest.content
    if team.assignment != content["assignment"]:
        yield _line(_("How tickets are assigned"), MODES[team.assignment], MODES[content["assignment"]])
    names = {str(one.user_id): one.user.name for one in team.memberships}
    shares = {str(one.user_id): [one.weight, one.capacity] for one in team.memberships}
    for user_id, share in content["shares"].items():
        if shares.get(user_id) != share:
            yield _line(names.get(user_id, f"#{user_id}"), _share(shares.get(user_id)), _share(share))
    for user_id in shares.keys() - content["members"].keys():
        yield _line(names[user_id], _share(shares[user_id]), None)


def _share(share: list[Any] | None) -> str:
    if share is None:
        return NOTHING
    weight, capacity = share
    if capacity is None:
        return _("%(weight)s %% of a full share", weight=weight)
    return _("%(weight)s %% of a full share, at most %(most)s tickets", weight=weight, most=capacity)


_CHANGES = {"policy": _of_policy, "calendar": _of_calendar, "rules": _of_rules, "team": _of_team}
