"""Articles that may answer: while a request is typed, and beside the reply to one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core import clock, i18n
from app.core.db import db
from app.core.markup import clean_line, clean_text
from app.kb import shelves
from app.kb.queries import reader
from app.search import find, log
from app.search.find import Hit

from . import articles, queries, queues
from .asking import known
from .models import Message, Ticket

SIZE, SIZE_BESIDE = 5, 3
SHORTEST, LONGEST_WORDS, LONGEST_MORE, LONGEST_TALK = 3, 200, 400, 4000
LAST_MESSAGES = 5
MOST_OWN = 50


@dataclass(frozen=True)
class Suggested:
    """What was found for which words, and the token that names the search in addresses ('' where none is kept)."""

    words: str
    lines: Sequence[tuple[str, Hit]] = ()
    """The short name of each article, and how it was found."""
    token: str = ""
    issues: Sequence[known.Shown] = ()
    """What is announced to everybody and speaks of the same."""
    own: Sequence[Any] = ()
    """The person's own requests under way that do."""


def while_filing(subject: str, more: str, person: Any, keeps: bool = True) -> Suggested:
    """What this person may read that fits the subject and the first lines. Only the subject is remembered, and nothing
    of it where the request will be confidential."""
    words, text = clean_line(subject)[:LONGEST_WORDS], clean_text(more)[:LONGEST_MORE]
    if len(words) < SHORTEST:
        return Suggested(words)
    asks = reader(person, i18n.language())
    hits = find.related(f"{words}\n{text}", asks, SIZE) if text else find.suggest(words, asks, SIZE)
    return Suggested(words, _lines(hits, person), _noted(words, hits, "filing", person) if keeps else "",
                     known.fitting(words, person, clock.now()), known.asked_already(words, under_way(person)))


def under_way(person: Any) -> list[Any]:
    """The newest of a person's own requests that have not ended. Nobody else's: what others asked is theirs."""
    rows = queues.rows(queries.asked_by(person), queries.is_active()).order_by(Ticket.id.desc())
    return list(db.session.scalars(rows.limit(MOST_OWN)))


def _lines(hits: Sequence[Hit], person: Any) -> list[tuple[str, Hit]]:
    slugs = shelves.addresses([hit.card.id for hit in hits], person)
    return [(slugs[hit.card.id], hit) for hit in hits if hit.card.id in slugs]


def _noted(words: str, hits: Sequence[Hit], place: str, person: Any) -> str:
    shown = [hit.card.id for hit in hits]
    return log.note(words, len(shown), shown, None, place, i18n.language(), person, log.visitor())


@dataclass(frozen=True)
class Offer:
    """An article for an agent; `may_be_sent`: all to whom a reply goes may read it."""

    hit: Hit
    slug: str
    may_be_sent: bool


@dataclass(frozen=True)
class Beside:
    """What stands beside the reply: what came up already, and what may help."""

    held: list[articles.Held]
    offers: list[Offer]
    words: str
    token: str
    sendable: frozenset[int]


def beside(ticket: Ticket, person: Any, typed: str = "") -> Beside:
    """What this agent may read, ranked for the conversation, or for the words they typed. Of a confidential ticket
    nothing is remembered; of others what was typed, never what was said."""
    words = clean_line(typed)[:LONGEST_WORDS]
    asks = reader(person, ticket.requester.language or i18n.language())
    hits = find.suggest(words, asks, SIZE) if words else find.related(_talk(ticket), asks, SIZE_BESIDE)
    token = _noted(words, hits, "ticket", person) if words and not ticket.is_confidential else ""
    held = articles.held(person, ticket)
    ids = {hit.card.id for hit in hits} | {one.article.id for one in held}
    sendable, known = articles.readable_outside(ticket, ids), {one.article.id for one in held}
    offers = [Offer(hit, slug, hit.card.id in sendable) for slug, hit in _lines(hits, person)
              if words or hit.card.id not in known]
    return Beside(held, offers, words, token, frozenset(sendable))


def _talk(ticket: Ticket) -> str:
    """The subject and what the requester said, the newest first."""
    said = (sa.select(Message.body).where(Message.ticket_id == ticket.id, Message.kind == "incoming")
            .order_by(Message.created_at.desc(), Message.id.desc()).limit(LAST_MESSAGES))
    return "\n".join([ticket.subject, *db.session.scalars(said)])[:LONGEST_TALK]
