"""One cluster: how it was asked for, its tickets, what was offered, and whether an article made it smaller."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.core import paging
from app.core.db import db
from app.kb.models import Article
from app.tickets import queues
from app.tickets.models import Ticket
from app.tickets.queries import sees

from . import knowledge
from .gaps import PERIODS, count
from .models import Gap, GapItem
from .shares import ENOUGH, Share

EARLY_DAYS = 14
WORDINGS = 50
OFFERED_FROM, OFFERED = 50, 10


@dataclass(frozen=True)
class Wording:
    """Words that were searched for, by how many people and how often."""

    words: str
    language: str
    times: int
    people: int
    last_at: datetime


def searches(gap: Gap, person: Any) -> list[Wording]:
    """What was typed, most frequent first; whoever typed it."""
    times = sa.func.count(GapItem.token.distinct())
    statement = (
        sa.select(GapItem.words, GapItem.language, times, sa.func.count(GapItem.asker.distinct()),
                  sa.func.max(GapItem.at))
        .outerjoin(Ticket, Ticket.id == GapItem.ticket_id)
        .where(GapItem.gap_key == gap.key, GapItem.token.is_not(None), knowledge.shown_to(person))
        .group_by(GapItem.words, GapItem.language)
        .order_by(times.desc(), GapItem.words).limit(WORDINGS))
    return [Wording(*row) for row in db.session.execute(statement)]


def tickets(gap: Gap, person: Any, mark: str | None) -> paging.Page:
    """The tickets of the cluster this person sees, newest first."""
    return paging.page(queues.rows(_of(gap), ~Ticket.is_confidential, sees(person)), queues.NEWEST_FIRST, mark)


def _of(gap: Gap) -> Any:
    return Ticket.id.in_(sa.select(GapItem.ticket_id).where(GapItem.gap_key == gap.key,
                                                            GapItem.ticket_id.is_not(None)))


def offered(gap: Gap, person: Any) -> list[tuple[Article, int]]:
    """The articles that its searches showed and nobody opened, as far as the reader may see them, with how often."""
    lately = (sa.select(GapItem.shown).where(GapItem.gap_key == gap.key, GapItem.reason == "unopened")
              .order_by(GapItem.at.desc()).limit(OFFERED_FROM))
    times: dict[int, int] = {}
    for shown in db.session.scalars(lately):
        for article_id in shown[:OFFERED]:
            times[article_id] = times.get(article_id, 0) + 1
    seen = knowledge.articles_seen(list(times), person)
    most = sorted(seen, key=lambda article_id: (-times[article_id], article_id))[:OFFERED]
    return [(seen[article_id], times[article_id]) for article_id in most]


@dataclass(frozen=True)
class Trend:
    """How often a cluster was asked for before and after its article came out."""

    before: int
    before_days: int
    after: int
    after_days: int

    @property
    def before_weekly(self) -> float | None:
        return _weekly(self.before, self.before_days)

    @property
    def after_weekly(self) -> float | None:
        return _weekly(self.after, self.after_days)

    @property
    def verdict(self) -> str:
        """early, declined, rose or same. All came at one rate if the later ones have the share of their time."""
        all_days, share = self.before_days + self.after_days, Share(self.after, self.before + self.after)
        if self.after_days < EARLY_DAYS or share.of < ENOUGH or not self.before_days:
            return "early"
        expected = self.after_days / all_days
        return "declined" if share.high < expected else "rose" if share.low > expected else "same"


def _weekly(number: int, days: int) -> float | None:
    return number * 7 / days if days else None


def trend(gap: Gap, now: datetime) -> Trend | None:
    """None until its article has come out."""
    if gap.published_at is None:
        return None
    since = max(gap.published_at, now - timedelta(days=max(PERIODS)))
    return Trend(gap.before_count or 0, gap.before_days or 0, count(gap, GapItem.at >= since), (now - since).days)
