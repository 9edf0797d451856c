"""Makes what the reports on knowledge are read from: questions into clusters, clusters weighed, results of articles.

Everything is read without the write lock, at most as much as questions.py says, and written in one short transaction.
Made twice from the same, it is the same; a cluster keeps its name, and with it the article it led to.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.core.db import db, reading
from app.kb.models import Article, ArticleVote
from app.kpi.facts import nearest_rank
from app.kpi.models import ALL_TEAMS, Fact, Month
from app.search.models import SearchEntry

from . import clusters
from .models import ArticleOutcome, Gap, GapItem, KnowledgeState
from .questions import Asked, Question, asked

PERIODS = (30, 90)
"""Days a report looks back."""
ENOUGH_HANDLED = 3


@dataclass(frozen=True)
class Made:
    """What was read and computed, to be written."""

    asked: Asked
    placed: dict[str, str]
    """Question -> the leader of its cluster."""
    handling: dict[int, int]
    """Ticket -> the business seconds of its resolution."""
    usual: int | None
    outcomes: list[dict]


def make(now: datetime) -> int:
    """Make all anew; returns how many clusters there are. The caller commits."""
    db.session.rollback()
    with reading():
        made = _read(now)
        db.session.rollback()
    _write(made, now)
    return len(set(made.placed.values()))


def _read(now: datetime) -> Made:
    since = now - timedelta(days=max(PERIODS))
    found = asked(since, now)
    leaders = db.session.scalars(sa.select(Gap.leader)).all()
    placed = clusters.clusters(Counter(question.folded for question in found.questions), leaders)
    outcomes = [row for days in PERIODS for row in _outcomes(days, now)]
    return Made(found, placed, _handling(since), _usual(), outcomes)


def _handling(since: datetime) -> dict[int, int]:
    months = sa.select(Fact.ticket_id, Fact.value).where(
        Fact.measure == "resolution", Fact.month >= (since - timedelta(days=1)).strftime("%Y-%m"))
    return dict(db.session.execute(months).all())


def _usual() -> int | None:
    """What a ticket of this desk takes: the median of the last month in which any was resolved."""
    return db.session.scalar(
        sa.select(Month.median).where(Month.measure == "resolution", Month.team_id == ALL_TEAMS, Month.n > 0)
        .order_by(Month.month.desc()).limit(1))


def _outcomes(days: int, now: datetime) -> list[dict]:
    since, entry = now - timedelta(days=days), SearchEntry
    solved = sa.case((entry.solved_at.is_not(None), 1), else_=0)
    filed = sa.case((sa.and_(entry.solved_at.is_(None), entry.ticket_id.is_not(None)), 1), else_=0)
    statement = (sa.select(entry.clicked_id, sa.func.count(), sa.func.sum(solved), sa.func.sum(filed))
                 .join(Article, Article.id == entry.clicked_id)
                 .where(entry.at >= since, entry.at < now).group_by(entry.clicked_id))
    votes = dict(db.session.execute(
        sa.select(ArticleVote.article_id, sa.func.count())
        .where(ArticleVote.is_helpful.is_(False), ArticleVote.at >= since).group_by(ArticleVote.article_id)).all())
    return [{"article_id": article_id, "days": days, "opened": opened, "solved": int(solved), "filed": int(filed),
             "unhelpful": votes.get(article_id, 0)}
            for article_id, opened, solved, filed in db.session.execute(statement)]


def _write(made: Made, now: datetime) -> None:
    for table in (GapItem, ArticleOutcome, KnowledgeState):
        db.session.execute(sa.delete(table))
    _write_gaps(made)
    _insert(GapItem, (_row(question, made.placed[question.folded]) for question in made.asked.questions))
    _insert(ArticleOutcome, made.outcomes)
    db.session.execute(sa.delete(Gap).where(
        Gap.article_id.is_(None), ~sa.exists().where(GapItem.gap_key == Gap.key)))
    _note_published(now)
    db.session.add(KnowledgeState(id=1, made_at=now, handling_seconds=made.usual, is_cut=made.asked.is_cut))
    db.session.flush()


def _write_gaps(made: Made) -> None:
    """New clusters are added; of the old ones only the figures change."""
    seconds: dict[str, dict[int, int]] = defaultdict(dict)
    for question in made.asked.questions:
        if question.ticket_id in made.handling:
            seconds[made.placed[question.folded]][question.ticket_id] = made.handling[question.ticket_id]
    rows = [{"key": clusters.key_of(leader), "leader": leader, **_handled(seconds[leader].values())}
            for leader in sorted(set(made.placed.values()))]
    known = set(db.session.scalars(sa.select(Gap.key)))
    _insert(Gap, (row for row in rows if row["key"] not in known))
    changed = [row for row in rows if row["key"] in known]
    if changed:
        db.session.execute(sa.update(Gap), changed)


def _handled(seconds: Iterable[int]) -> dict[str, int | None]:
    ordered = sorted(seconds)
    median = nearest_rank(ordered, 50) if len(ordered) >= ENOUGH_HANDLED else None
    return {"handled": len(ordered), "handling_seconds": median}


def _row(question: Question, leader: str) -> dict:
    return {"gap_key": clusters.key_of(leader), "reason": question.reason, "at": question.at, "asker": question.asker,
            "token": question.token, "ticket_id": question.ticket_id, "words": question.words,
            "language": question.language, "shown": question.shown}


def _insert(table: type, rows: Iterable[dict]) -> None:
    values = list(rows)
    if values:
        db.session.execute(sa.insert(table), values)


def _note_published(now: datetime) -> None:
    """Where an article has come out: how many had asked until then, before the window moves on."""
    began = db.session.scalar(sa.select(sa.func.min(GapItem.at)))
    fresh = (sa.select(Gap).join(Gap.article)
             .where(Gap.published_at.is_(None), Article.published_at.is_not(None), Article.published_at <= now))
    for gap in db.session.scalars(fresh).all():
        gap.published_at = gap.article.published_at
        gap.before_count = count(gap, GapItem.at < gap.published_at)
        gap.before_days = max(0, (gap.published_at - (began or gap.published_at)).days)


def count(gap: Gap, *conditions: object) -> int:
    """How many searches and tickets, each once."""
    each = sa.func.coalesce(GapItem.token, sa.cast(GapItem.ticket_id, sa.String))
    statement = sa.select(sa.func.count(each.distinct())).where(GapItem.gap_key == gap.key, *conditions)
    return db.session.scalar(statement) or 0
