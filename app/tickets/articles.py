"""Articles on a ticket: linked beside it, sent in a reply, written from it, named as what solved it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app, has_request_context, request
from flask_babel import gettext as _
from sqlalchemy.orm import contains_eager, joinedload
from werkzeug.exceptions import HTTPException

from app.accounts.models import User
from app.core import clock
from app.core.db import db
from app.core.errors import Invalid
from app.core.events import record
from app.kb.models import Article
from app.kb.queries import reads, sees

from . import queries
from .models import Resolution, Ticket, TicketArticle

FOR_GOOD = ("sent", "written")
"""What happened and cannot be taken back."""
USED = ("sent", "linked", "solved")
ADDRESS = re.compile(r"https?://[^\s<>()\"'\]]+|(?<![\w/.:])/[^\s<>()\"'\]]+")
MOST_LINKS = 50


def link(ticket: Ticket, article: Article, by: User, at: datetime | None = None) -> None:
    """Keep an article beside the ticket; once."""
    _keep(ticket, article, "linked", by, at or clock.now())


def unlink(ticket: Ticket, article: Article, by: User, at: datetime | None = None) -> None:
    """Take it away again, and that it solved the ticket; what was sent stays sent."""
    held = _ways(ticket, article)
    undone = [row for row in held if row.way not in FOR_GOOD]
    for row in undone:
        db.session.delete(row)
    if undone:
        record("ticket.article_unlinked", ticket, by, at, article_id=article.id)


def solve(ticket: Ticket, article: Article, by: User, at: datetime | None = None) -> None:
    """Say that this article solved the ticket."""
    _keep(ticket, article, "solved", by, at or clock.now())


def send(ticket: Ticket, body: str, by: User, at: datetime | None = None) -> None:
    """Keep which articles a reply has sent: those among its links that its writer reads."""
    slugs = linked_in(body)
    if slugs:
        for article in db.session.scalars(sa.select(Article).where(Article.slug.in_(slugs), reads(by))):
            _keep(ticket, article, "sent", by, at or clock.now())


def wrote(ticket: Ticket, article: Article, by: User, at: datetime | None = None) -> None:
    """Keep that the article was written from this ticket."""
    _keep(ticket, article, "written", by, at or clock.now())


def reopened(_event: Any, ticket: Ticket) -> None:
    """Reaction: what was said to have solved it did not; it stays linked."""
    for row in db.session.scalars(_of(ticket).where(TicketArticle.way == "solved")).all():
        if db.session.get(TicketArticle, (row.ticket_id, row.article_id, "linked")):
            db.session.delete(row)
        else:
            row.way = "linked"


def _keep(ticket: Ticket, article: Article, way: str, by: User, at: datetime) -> None:
    if db.session.get(TicketArticle, (ticket.id, article.id, way)) is None:
        db.session.add(TicketArticle(ticket_id=ticket.id, article=article, way=way, by_id=by.id, at=at))
        record(f"ticket.article_{way}", ticket, by, at, article_id=article.id)


def _of(ticket: Ticket) -> sa.Select:
    return sa.select(TicketArticle).where(TicketArticle.ticket_id == ticket.id)


def _ways(ticket: Ticket, article: Article) -> Sequence[TicketArticle]:
    return db.session.scalars(_of(ticket).where(TicketArticle.article_id == article.id)).all()


def linked_in(body: str) -> list[str]:
    """The short names of articles to which a text leads, each once."""
    if "/kb/" not in body:
        return []
    slugs = (_slug(found.rstrip(".,;:!?*_")) for found in ADDRESS.findall(body))
    return [slug for slug in dict.fromkeys(slugs) if slug][:MOST_LINKS]


def _slug(address: str) -> str | None:
    """The article behind an address of this desk."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    root = urlsplit(current_app.config["BASE_URL"])
    hosts = {"", root.netloc, request.host if has_request_context() else ""}
    roots = {root.path.rstrip("/"), request.script_root if has_request_context() else ""}
    prefix = next((prefix for prefix in roots if parts.path.startswith(f"{prefix}/kb/")), None)
    if parts.netloc not in hosts or prefix is None:
        return None
    try:
        endpoint, named = current_app.url_map.bind("desk").match(parts.path.removeprefix(prefix), method="GET")
    except HTTPException:
        return None
    return named["slug"] if endpoint == "kb.article_show" else None


def address(article: Article) -> str:
    """Where readers find it, as a mail may say it."""
    return f"{current_app.config['BASE_URL']}/kb/{article.slug}"


def outside(ticket: Ticket) -> list[User]:
    """Everybody to whom a reply goes."""
    people = [ticket.requester, ticket.filed_by, *(watch.user for watch in ticket.watches)]
    return list({person.id: person for person in people if person is not None}.values())


def read_outside(ticket: Ticket) -> Any:
    """The condition for articles that all may read to whom a reply goes."""
    return sa.and_(*(reads(person) for person in outside(ticket)))


def unreadable(ticket: Ticket, body: str) -> list[str]:
    """The articles a reply leads to that are closed to somebody to whom it goes, or not there at all: their titles as
    far as the writer knows them would tell which of the two it is, so it is their short names."""
    slugs = linked_in(body)
    if not slugs:
        return []
    fine = set(db.session.scalars(sa.select(Article.slug).where(Article.slug.in_(slugs), read_outside(ticket))))
    return [slug for slug in slugs if slug not in fine]


def refuse_unreadable(ticket: Ticket, body: str) -> None:
    """Who gets a link they cannot open has got no answer. Raises Invalid."""
    closed = unreadable(ticket, body)
    if closed:
        raise Invalid(_("Nothing was sent yet: not everybody to whom this goes can open %(articles)s.",
                        articles=", ".join(f"/kb/{slug}" for slug in closed)))


def readable_outside(ticket: Ticket, ids: Iterable[int]) -> set[int]:
    """Those of these articles that may be sent in a reply."""
    wanted = set(ids)
    if not wanted:
        return set()
    return set(db.session.scalars(sa.select(Article.id).where(Article.id.in_(wanted), read_outside(ticket))))


@dataclass(frozen=True)
class Held:
    """An article that came up on a ticket, and how."""

    article: Article
    ways: frozenset[str]

    @property
    def is_for_good(self) -> bool:
        return self.ways <= set(FOR_GOOD)


def held(person: Any, ticket: Ticket) -> list[Held]:
    """The articles of a ticket that this person sees, in the order in which they came up."""
    shown = contains_eager(TicketArticle.article)
    statement = (_of(ticket).join(TicketArticle.article).where(sees(person))
                 .options(shown.options(joinedload(Article.published), joinedload(Article.latest)))
                 .order_by(TicketArticle.at, TicketArticle.article_id))
    found: dict[int, list[TicketArticle]] = {}
    for row in db.session.scalars(statement):
        found.setdefault(row.article_id, []).append(row)
    return [Held(rows[0].article, frozenset(row.way for row in rows)) for rows in found.values()]


def written_from(person: Any, ticket: Ticket) -> Article | None:
    """The article that was written from this ticket already, as far as this person sees it."""
    return db.session.scalar(
        sa.select(Article).join(TicketArticle, TicketArticle.article_id == Article.id)
        .where(TicketArticle.ticket_id == ticket.id, TicketArticle.way == "written", sees(person))
        .order_by(TicketArticle.at).limit(1))


def source_of(person: Any, article: Article) -> Ticket | None:
    """The ticket an article was written from, if this person reads its notes."""
    return db.session.scalar(
        sa.select(Ticket).join(TicketArticle, TicketArticle.ticket_id == Ticket.id)
        .where(TicketArticle.article_id == article.id, TicketArticle.way == "written", queries.reads_as_staff(person))
        .order_by(TicketArticle.at).limit(1))


@dataclass(frozen=True)
class Use:
    """A ticket on which an article was used, and how."""

    ticket: Ticket
    ways: frozenset[str]


@dataclass(frozen=True)
class Used:
    """The newest tickets of one reader, and how many there are in all."""

    uses: list[Use]
    total: int


def used_on(person: Any, article: Article, size: int = 10) -> Used:
    """Where an article was used, among the tickets whose notes this person reads; nothing else is counted."""
    theirs = (sa.select(TicketArticle.ticket_id, sa.func.max(TicketArticle.at).label("at"))
              .join(Ticket, Ticket.id == TicketArticle.ticket_id)
              .where(TicketArticle.article_id == article.id, TicketArticle.way.in_(USED),
                     queries.reads_as_staff(person))
              .group_by(TicketArticle.ticket_id)).subquery()
    newest = (sa.select(Ticket).join(theirs, theirs.c.ticket_id == Ticket.id)
              .order_by(theirs.c.at.desc(), Ticket.id.desc()).limit(size))
    tickets = list(db.session.scalars(newest))
    ways = _ways_on(article, [ticket.id for ticket in tickets])
    total = db.session.scalar(sa.select(sa.func.count()).select_from(theirs))
    return Used([Use(ticket, frozenset(ways[ticket.id])) for ticket in tickets], total)


def _ways_on(article: Article, ticket_ids: list[int]) -> dict[int, set[str]]:
    ways: dict[int, set[str]] = {number: set() for number in ticket_ids}
    rows = sa.select(TicketArticle.ticket_id, TicketArticle.way).where(
        TicketArticle.article_id == article.id, TicketArticle.ticket_id.in_(ticket_ids), TicketArticle.way.in_(USED))
    for number, way in db.session.execute(rows) if ticket_ids else ():
        ways[number].add(way)
    return ways


def uses(article_ids: Iterable[int], since: datetime | None = None) -> dict[int, dict[str, int]]:
    """Article id -> way -> on how many tickets it was sent, linked or solved one, from a moment on. For figures: it
    counts tickets, whoever may see them."""
    counted: dict[int, dict[str, int]] = {number: dict.fromkeys(USED, 0) for number in article_ids}
    statement = (sa.select(TicketArticle.article_id, TicketArticle.way, sa.func.count())
                 .where(TicketArticle.article_id.in_(list(counted)), TicketArticle.way.in_(USED))
                 .group_by(TicketArticle.article_id, TicketArticle.way))
    if since is not None:
        statement = statement.where(TicketArticle.at >= since)
    for number, way, count in db.session.execute(statement) if counted else ():
        counted[number][way] = count
    return counted


def solved_without(since: datetime, until: datetime) -> sa.Select:
    """A select of the tickets that were solved in this time, still are, and on which no article came up. Whoever shows
    them adds `queries.sees(person)`; confidential ones are left out for everybody."""
    came_up = sa.exists().where(TicketArticle.ticket_id == Ticket.id)
    solved = sa.exists().where(Resolution.ticket_id == Ticket.id, Resolution.ended_at.is_(None),
                               Resolution.at >= since, Resolution.at < until)
    return sa.select(Ticket).where(Ticket.status.in_(("resolved", "closed")), solved, ~came_up,
                                   ~Ticket.is_confidential)

