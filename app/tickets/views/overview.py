"""The page of all lists: every queue and every saved view of somebody, each with what waits in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Team, User

from .. import queries as tickets
from .. import queues
from ..filter import TicketFilter
from . import policy, queries
from .listing import condition
from .models import SavedView
from .offers import Offers


@dataclass(frozen=True)
class Line:
    """A saved view, and what this person sees in it."""

    view: SavedView
    waiting: int
    may_change: bool
    is_start: bool


@dataclass(frozen=True)
class Overview:
    """Numbers above the cap are one more than it. `scopes`: all, mine, escalated."""

    scopes: dict[str, int]
    teams: list[tuple[Team, int]]
    own: list[Line]
    shared: list[Line]
    begins_with_view: bool


def overview(person: User, offers: Offers, now: datetime) -> Overview:
    """All counted in one query, each for this reader: a shared view shows nobody more than they may see."""
    views, layout = queries.views_of(person), queries.layout_of(person)
    start = layout.view_id if layout is not None else None
    scopes = ("all", "mine", "escalated")
    numbers = iter(queues.counted([
        *(condition(person, scope) for scope in scopes),
        *(tickets.sees_in_team(person, team.id) for team in offers.own_teams),
        *(_of_view(view, person, offers, now) for view in views)]))
    by_scope = {scope: next(numbers) for scope in scopes}
    teams = [(team, next(numbers)) for team in offers.own_teams]
    lines = [Line(view, next(numbers), policy.may_change(person, view), view.id == start) for view in views]
    return Overview(by_scope, teams, [line for line in lines if line.view.team_id is None],
                    [line for line in lines if line.view.team_id is not None], any(line.is_start for line in lines))


def _of_view(view: SavedView, person: User, offers: Offers, now: datetime) -> Any:
    wanted = TicketFilter.of(view.args, person).within(offers.people, offers.slugs)
    return sa.and_(condition(person, view.scope), *wanted.conditions(now))
