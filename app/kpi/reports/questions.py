"""What was asked without a good answer: read from the log of searches, the votes of readers and the solved tickets."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.core.db import db
from app.kb.models import ArticleVote
from app.search.find import folded
from app.search.models import SearchEntry
from app.tickets import articles
from app.tickets.as_article import language_of
from app.tickets.models import Resolution, Ticket

MOST_SEARCHES, MOST_TICKETS, MOST_VOTES = 20_000, 10_000, 5_000
VOTED_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True)
class Question:
    """One search or ticket and one reason why it is a gap."""

    reason: str
    at: datetime
    asker: str
    folded: str
    language: str
    words: str = ""
    token: str | None = None
    ticket_id: int | None = None
    shown: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """All of a time; `is_cut`: there was more than is read at once, and the oldest is missing."""

    questions: list[Question]
    is_cut: bool


def asked(since: datetime, until: datetime) -> Asked:
    """Nothing of confidential tickets, nor of the searches that led to one; nothing without a word. What is typed while
    filing is the subject of a ticket, so without its ticket it is left out."""
    votes = _votes(since)
    searches = db.session.execute(_searches(since, until, list(votes))).all()
    tickets = db.session.execute(_tickets(since, until)).all()
    found = [question for row in searches[:MOST_SEARCHES] for question in _of_search(row, votes)]
    found += filter(lambda question: question.folded, map(_of_ticket, tickets[:MOST_TICKETS]))
    return Asked(found, len(searches) > MOST_SEARCHES or len(tickets) > MOST_TICKETS)


def _votes(since: datetime) -> dict[int, list[datetime]]:
    """Article -> when readers said that it did not help."""
    statement = (sa.select(ArticleVote.article_id, ArticleVote.at)
                 .where(ArticleVote.is_helpful.is_(False), ArticleVote.at >= since)
                 .order_by(ArticleVote.at.desc()).limit(MOST_VOTES))
    votes: dict[int, list[datetime]] = defaultdict(list)
    for article_id, at in db.session.execute(statement):
        votes[article_id].append(at)
    return {article_id: sorted(moments) for article_id, moments in votes.items()}


def _searches(since: datetime, until: datetime, voted: list[int]) -> sa.Select:
    entry = SearchEntry
    return (
        sa.select(entry.token, entry.at, entry.words, entry.folded, entry.language, entry.place, entry.found,
                  entry.shown, entry.clicked_id, entry.clicked_at, entry.solved_at, entry.ticket_id, entry.person_id,
                  entry.visitor, entry.follows)
        .outerjoin(Ticket, Ticket.id == entry.ticket_id)
        .where(entry.at >= since, entry.at < until, entry.folded != "",
               sa.or_(sa.and_(entry.ticket_id.is_(None), entry.place != "filing"), Ticket.is_confidential.is_(False)),
               sa.or_(entry.found == 0, entry.ticket_id.is_not(None), entry.clicked_id.in_(voted),
                      sa.and_(entry.place == "page", entry.clicked_id.is_(None))))
        .order_by(entry.at.desc(), entry.token).limit(MOST_SEARCHES + 1))


def _of_search(row: Any, votes: dict[int, list[datetime]]) -> Iterator[Question]:
    for reason in _reasons(row, votes):
        yield Question(reason, row.at, _asker(row), row.folded, row.language, row.words, row.token, row.ticket_id,
                       row.shown if reason == "unopened" else [])


def _reasons(row: Any, votes: dict[int, list[datetime]]) -> Iterator[str]:
    """Only who went to the page of results has passed them over; who was shown some while typing just went on."""
    if row.found == 0:
        yield "nothing"
    elif row.clicked_id is None and row.solved_at is None and row.place == "page":
        yield "unopened"
    if row.ticket_id is not None:
        yield "filed"
    if row.clicked_id in votes and _was_disappointed(row.clicked_at, votes[row.clicked_id]):
        yield "unhelpful"


def _was_disappointed(clicked_at: datetime, votes: list[datetime]) -> bool:
    """Whether somebody said so of the article soon after it was opened; votes do not say who, so perhaps another."""
    place = bisect_left(votes, clicked_at)
    return place < len(votes) and votes[place] <= clicked_at + VOTED_WITHIN


def _asker(row: Any) -> str:
    """Tells people apart while it is known who they were; afterwards each search, with the one it reworded."""
    if row.person_id is not None:
        return f"u{row.person_id}"
    return f"v{row.visitor}" if row.visitor else f"s{row.follows or row.token}"


def _tickets(since: datetime, until: datetime) -> sa.Select:
    found = articles.solved_without(since, until).with_only_columns(Ticket.id).subquery()
    standing = sa.and_(Resolution.ticket_id == Ticket.id, Resolution.ended_at.is_(None))
    return (sa.select(Ticket.id, Ticket.subject, Ticket.requester_id, Resolution.at)
            .join(found, found.c.id == Ticket.id).join(Resolution, standing)
            .order_by(Resolution.at.desc(), Ticket.id).limit(MOST_TICKETS + 1))


def _of_ticket(row: Any) -> Question:
    """Its subject is compared, never kept: who may see it reads it from the ticket."""
    language = language_of(row.subject)
    return Question("unwritten", row.at, f"u{row.requester_id}", folded(row.subject, language), language,
                    ticket_id=row.id)
