"""What is read of ratings: of the teams a person answers for, and of tickets that person sees."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Bundle

from app.accounts.models import Team, User, below
from app.core import paging
from app.core.db import db
from app.core.errors import NotFound

from .. import queries as tickets
from ..models import Rating, Ticket
from .vocabulary import SATISFIED, SCORES

ENOUGH = 5
"""Answers below which a share or a mean says more about chance than about the team."""
PERIODS = (30, 90, 365)
NEWEST_FIRST = ((Rating.answered_at, "desc"), (Rating.id, "desc"))
_ROW = Bundle(
    "row", Rating.id, Rating.ticket_id, Rating.score, Rating.comment, Rating.answered_at, Rating.team_id, Rating.is_low,
    Rating.followed_up_at, Rating.follow_up, Ticket.subject, Ticket.requester_id, User.name.label("agent"),
    single_entity=True,
)


@dataclass(frozen=True)
class Sum:
    """Of one team, or of all: how many were asked in the period, and what those who answered said.

    `counts` are the answers per score 1 to 5. The response rate is answered/asked of the same questions.
    """

    asked: int
    counts: dict[int, int]

    @property
    def answered(self) -> int:
        return sum(self.counts.values())

    @property
    def response_percent(self) -> int | None:
        return round(100 * self.answered / self.asked) if self.asked else None

    @property
    def satisfied_percent(self) -> int | None:
        """Percent of the answers that are 4 or 5; None below `ENOUGH` answers."""
        if self.answered < ENOUGH:
            return None
        return round(100 * sum(n for score, n in self.counts.items() if score >= SATISFIED) / self.answered)


def of_ticket(ticket: Ticket) -> Rating | None:
    """The newest question about the ticket, answered or not."""
    return db.session.scalar(sa.select(Rating).where(Rating.ticket_id == ticket.id).order_by(Rating.id.desc()).limit(1))


def sums(person: Any, days: int, now: datetime) -> dict[int, Sum]:
    """Team id -> its sum over the questions of the last days. One query."""
    counted = (sa.select(Rating.team_id, Rating.score, sa.func.count())
               .join(Ticket, Ticket.id == Rating.ticket_id)
               .where(Rating.asked_at > now - timedelta(days=days), answers_for(person))
               .group_by(Rating.team_id, Rating.score))
    found: dict[int, dict[int | None, int]] = {}
    for team_id, score, count in db.session.execute(counted):
        found.setdefault(team_id, {})[score] = count
    return {team_id: _sum(counts) for team_id, counts in found.items()}


def _sum(counts: dict[int | None, int]) -> Sum:
    return Sum(sum(counts.values()), {score: counts.get(score, 0) for score in SCORES})


def total(of_teams: dict[int, Sum]) -> Sum:
    """Of all teams together."""
    return Sum(sum(one.asked for one in of_teams.values()),
               {score: sum(one.counts[score] for one in of_teams.values()) for score in SCORES})


def answers_for(person: Any) -> Any:
    """A lead for the teams led, a manager for the departments headed, an administrator for all. Joins Ticket."""
    if person.is_administrator:
        return sa.true()
    theirs = sa.select(Team.id).where(Team.department_id.in_(below(person.id)))
    return sa.or_(Rating.team_id.in_(person.led_team_ids), Rating.team_id.in_(theirs),
                  Ticket.department_id.in_(below(person.id)))


def rows(person: Any, *conditions: Any) -> sa.Select:
    """Given ratings of tickets the person answers for and sees, but nobody reads here what they said themselves."""
    return (sa.select(_ROW).join(Ticket, Ticket.id == Rating.ticket_id).outerjoin(User, User.id == Rating.agent_id)
            .where(Rating.score.is_not(None), answers_for(person), tickets.sees(person),
                   Ticket.requester_id != person.id, *conditions))


def given(person: Any, days: int, now: datetime, mark: str | None) -> paging.Page:
    """The ratings given to questions of the last days, newest first."""
    return paging.page(rows(person, Rating.asked_at > now - timedelta(days=days)), NEWEST_FIRST, mark)


def low_ones(person: Any, limit: int = 50) -> list[Any]:
    """Low scores to which nobody has seen yet, oldest first."""
    waiting = rows(person, Rating.is_low, Rating.followed_up_at.is_(None))
    return list(db.session.scalars(waiting.order_by(Rating.answered_at, Rating.id).limit(limit)))


def to_follow_up(person: Any, rating_id: int) -> Rating:
    """One rating the person answers for. Raises NotFound."""
    known = rating_id < 2**63 and db.session.scalar(rows(person, Rating.id == rating_id).limit(1)) is not None
    if not known:
        raise NotFound()
    return db.session.get_one(Rating, rating_id)


def open_count(person: Any) -> int | None:
    """How many low scores wait for somebody, at most 99; None for none."""
    waiting = rows(person, Rating.is_low, Rating.followed_up_at.is_(None)).with_only_columns(Rating.id).limit(99)
    return db.session.scalar(sa.select(sa.func.count()).select_from(waiting.subquery())) or None
