"""The reports on knowledge, as one reader may see them: ranked clusters, what is in one, results of articles.

Tickets, and the searches that led to one, count for who sees the ticket: what is searched before filing is often word
for word the subject. Titles are read through the rights on articles.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Bundle, joinedload

from app.core import paging
from app.core.db import db
from app.core.errors import Invalid, NotFound
from app.core.policy import may
from app.kb.models import Article
from app.kb.queries import sees as sees_article
from app.tickets.models import Ticket
from app.tickets.queries import sees

from .gaps import PERIODS
from .models import ArticleOutcome, Gap, GapItem, KnowledgeState
from .words import REPORTS

EXPORTED = 1000
SAID = 3
"""Wordings that name a cluster."""


@dataclass(frozen=True)
class Scope:
    """Which report over which time."""

    report: str
    days: int

    @classmethod
    def from_args(cls, args: Any) -> "Scope":
        """Raises Invalid for a report or a time that there is not."""
        report, days = args.get("report", "nothing"), args.get("days", "90")
        if report not in (*REPORTS, "articles") or days not in map(str, PERIODS):
            raise Invalid()
        return cls(report, int(days))

    def since(self, now: datetime) -> datetime:
        return now - timedelta(days=self.days)


def state() -> KnowledgeState | None:
    """When the reports were made; None: never yet."""
    return db.session.get(KnowledgeState, 1)


def usual_seconds() -> int | None:
    return db.session.scalar(sa.select(KnowledgeState.handling_seconds))


def page(scope: Scope, person: Any, now: datetime, usual: int | None, mark: str | None,
         size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of a report: what is most at stake first. Without any handling time people alone decide."""
    columns = _weighed(scope, person, now, usual).c
    lines = sa.select(Bundle("line", columns.key, columns.people, columns.asked, columns.handling, columns.article_id,
                             columns.stake, single_entity=True))
    return paging.page(lines, [(columns.stake, "desc"), (columns.key, "asc")], mark, size)


def _weighed(scope: Scope, person: Any, now: datetime, usual: int | None) -> sa.Subquery:
    people = sa.func.count(GapItem.asker.distinct())
    seconds = sa.func.coalesce(Gap.handling_seconds, usual or 1)
    return (
        sa.select(Gap.key, people.label("people"), sa.func.count().label("asked"),
                  sa.func.max(Gap.handling_seconds).label("handling"), sa.func.max(Gap.article_id).label("article_id"),
                  (people * sa.func.max(seconds)).label("stake"))
        .join(GapItem, GapItem.gap_key == Gap.key).outerjoin(Ticket, Ticket.id == GapItem.ticket_id)
        .where(GapItem.reason == scope.report, GapItem.at >= scope.since(now), shown_to(person))
        .group_by(Gap.key).subquery())


def shown_to(person: Any) -> Any:
    """The condition for items, joined with their tickets where they have one, that this person may hear of. A ticket
    may have become confidential since they were read."""
    return sa.or_(GapItem.ticket_id.is_(None), sa.and_(Ticket.is_confidential.is_(False), sees(person)))


def wordings(keys: list[str], person: Any) -> dict[str, list[str]]:
    """How each cluster was asked for: its most frequent searches, and subjects of tickets the reader sees where there
    are none. Two queries."""
    said: dict[str, list[str]] = defaultdict(list)
    for statement in (_searched(keys, person), _subjects(keys, person)):
        for key, words in db.session.execute(statement) if keys else ():
            if len(said[key]) < SAID and words not in said[key]:
                said[key].append(words)
    return said


def _searched(keys: list[str], person: Any) -> sa.Select:
    times = sa.func.count(GapItem.token.distinct())
    place = sa.func.row_number().over(partition_by=GapItem.gap_key, order_by=[times.desc(), GapItem.words])
    counted = (sa.select(GapItem.gap_key, GapItem.words, place.label("place"))
               .outerjoin(Ticket, Ticket.id == GapItem.ticket_id)
               .where(GapItem.gap_key.in_(keys), GapItem.token.is_not(None), shown_to(person))
               .group_by(GapItem.gap_key, GapItem.words).subquery())
    return (sa.select(counted.c.gap_key, counted.c.words).where(counted.c.place <= SAID)
            .order_by(counted.c.gap_key, counted.c.place))


def _subjects(keys: list[str], person: Any) -> sa.Select:
    place = sa.func.row_number().over(partition_by=GapItem.gap_key, order_by=[GapItem.at.desc(), Ticket.id])
    seen = (sa.select(GapItem.gap_key, Ticket.subject, place.label("place"))
            .join(Ticket, Ticket.id == GapItem.ticket_id)
            .where(GapItem.gap_key.in_(keys), GapItem.reason == "unwritten", shown_to(person)).subquery())
    return (sa.select(seen.c.gap_key, seen.c.subject).where(seen.c.place <= SAID)
            .order_by(seen.c.gap_key, seen.c.place))


def gap(person: Any, key: str) -> Gap:
    """A cluster in which there is anything for this person to see. Raises NotFound, also for who reads no reports."""
    if not may(person, "knowledge.report") or not key.isalnum():
        raise NotFound()
    found = db.session.scalar(sa.select(Gap).where(Gap.key == key).options(joinedload(Gap.article)))
    if found is None or not _is_anything_shown(found, person):
        raise NotFound()
    return found


def _is_anything_shown(gap: Gap, person: Any) -> bool:
    anything = (sa.select(GapItem.id).outerjoin(Ticket, Ticket.id == GapItem.ticket_id)
                .where(GapItem.gap_key == gap.key, shown_to(person)).limit(1))
    return db.session.scalar(anything) is not None


def articles_seen(ids: list[int], person: Any) -> dict[int, Article]:
    """Those of these articles that the reader may see, drafts of writers included."""
    if not ids:
        return {}
    statement = (sa.select(Article).where(Article.id.in_(ids), sees_article(person))
                 .options(joinedload(Article.published), joinedload(Article.latest)))
    return {article.id: article for article in db.session.scalars(statement)}


def outcomes(scope: Scope, person: Any, mark: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """Results of the articles the reader may see: those that did not help most people first."""
    statement = (sa.select(ArticleOutcome).join(ArticleOutcome.article)
                 .where(ArticleOutcome.days == scope.days, sees_article(person))
                 .options(joinedload(ArticleOutcome.article).options(joinedload(Article.published),
                                                                     joinedload(Article.latest))))
    keys = [(ArticleOutcome.filed, "desc"), (ArticleOutcome.opened, "desc"), (ArticleOutcome.article_id, "asc")]
    return paging.page(statement, keys, mark, size)
