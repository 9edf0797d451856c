"""What writers ask: the article as they work on it, its versions and history, the lists of what is to be done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.core import paging
from app.core.db import db, is_reading
from app.core.errors import NotFound
from app.core.events import KINDS, Event
from app.core.i18n import desk
from app.core.paging import Page

from .families import is_outdated
from .models import Article, ArticleFile, ArticleTeam, ArticleUse, ArticleVersion
from .queries import reads, writes

ON_PAGE = 15
"""Events under the text; the rest stands with the versions."""


def find(person: Any, slug: str) -> Article:
    """The article, if this person may edit it; locked where something is written. Raises NotFound."""
    statement = sa.select(Article).where(Article.slug == slug, writes(person))
    statement = statement.options(
        joinedload(Article.latest), joinedload(Article.published), joinedload(Article.category),
        joinedload(Article.owner), selectinload(Article.teams).joinedload(ArticleTeam.team),
        selectinload(Article.tags))
    if not is_reading():
        statement = statement.with_for_update(of=Article)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound()
    return found


def version(person: Any, slug: str, number: int) -> ArticleVersion:
    """One version of an article this person may edit. Raises NotFound."""
    article = find(person, slug)
    statement = sa.select(ArticleVersion).where(ArticleVersion.article_id == article.id,
                                                ArticleVersion.number == min(max(number, 0), 2**31 - 1))
    found = db.session.scalar(statement.options(joinedload(ArticleVersion.author)))
    if found is None:
        raise NotFound()
    return found


def versions(article: Article, after: str | None) -> Page:
    """Without their texts, newest first."""
    statement = sa.select(ArticleVersion).where(ArticleVersion.article_id == article.id).options(
        joinedload(ArticleVersion.author), sa.orm.defer(ArticleVersion.body), sa.orm.defer(ArticleVersion.plain))
    return paging.page(statement, [(ArticleVersion.number, "desc")], after)


def files(article: Article) -> list[ArticleFile]:
    statement = sa.select(ArticleFile).where(ArticleFile.article_id == article.id)
    return list(db.session.scalars(statement.options(joinedload(ArticleFile.file)).order_by(ArticleFile.id)))


def file(person: Any, file_id: int) -> ArticleFile:
    """A file that a text uses which this person reads, or one of an article this person may edit. Raises NotFound."""
    used = (sa.select(ArticleUse.article_file_id).join(Article, Article.published_id == ArticleUse.version_id)
            .where(ArticleUse.article_file_id == ArticleFile.id, reads(person)))
    edited = sa.select(Article.id).where(Article.id == ArticleFile.article_id, writes(person))
    statement = sa.select(ArticleFile).where(ArticleFile.id == min(file_id, 2**63 - 1),
                                             sa.or_(used.exists(), edited.exists()))
    found = db.session.scalar(statement.options(joinedload(ArticleFile.file)))
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True)
class Happening:
    """One line of the history."""

    sentence: str
    at: datetime
    kind: str


class _Words(dict[str, Any]):
    """What stands for the placeholders of a sentence; an old event may lack one."""

    def __missing__(self, name: str) -> str:
        return "…"


def history(article: Article, limit: int = ON_PAGE) -> list[Happening]:
    """What happened to it, newest first."""
    statement = (sa.select(Event, User.name).outerjoin(User, User.id == Event.actor_id)
                 .where(Event.subject_type == "article", Event.subject_id == article.id)
                 .order_by(Event.occurred_at.desc(), Event.id.desc()).limit(limit))
    return [Happening(KINDS[event.kind].sentence % _Words(event.data, actor=name or desk.name), event.occurred_at,
                      event.kind) for event, name in db.session.execute(statement)]


def today(now: datetime) -> date:
    """The day it is where the desk stands."""
    return now.astimezone(ZoneInfo(desk.time_zone)).date()


def sent_back(happenings: list[Happening]) -> Happening | None:
    """That the article came back from its review, while nothing was done about it since."""
    last = happenings[0] if happenings else None
    return last if last is not None and last.kind == "article.sent_back" else None


Condition = Callable[[Any, date], Any]
SHOWN: dict[str, Condition] = {
    "all": lambda person, day: Article.state != "archived",
    "mine": lambda person, day: sa.and_(Article.owner_id == person.id, Article.state != "archived"),
    "drafts": lambda person, day: Article.state.in_(["draft", "in_review"]),
    "review": lambda person, day: Article.review_asked_at.isnot(None),
    "stale": lambda person, day: sa.and_(Article.state == "published", Article.review_on <= day),
    "outdated": lambda person, day: sa.and_(Article.state != "archived", is_outdated()),
    "archived": lambda person, day: Article.state == "archived",
}
"""Name of a list -> which articles stand on it."""


def listed(person: Any, show: str, day: date, after: str | None) -> Page:
    """One page of a list; what has waited longest for a look first, elsewhere what was worked on last."""
    statement = sa.select(Article).where(writes(person), SHOWN[show](person, day)).options(
        joinedload(Article.latest).defer(ArticleVersion.body).defer(ArticleVersion.plain),
        joinedload(Article.owner), joinedload(Article.category), sa.orm.defer(Article.search_text))
    first = (Article.review_on, "asc") if show == "stale" else (Article.updated_at, "desc")
    return paging.page(statement, [first, (Article.id, "asc" if show == "stale" else "desc")], after)


MOST_COUNTED = 99


def waiting(person: Any, show: str, day: date) -> int | None:
    """How many stand on a list, at most 99; None for none."""
    found = sa.select(Article.id).where(writes(person), SHOWN[show](person, day)).limit(MOST_COUNTED)
    return db.session.scalar(sa.select(sa.func.count()).select_from(found.subquery())) or None


def due_of(person: Any, day: date) -> int:
    """How many of the person's own are due for a look."""
    due = sa.and_(Article.owner_id == person.id, SHOWN["stale"](person, day))
    return db.session.scalar(sa.select(sa.func.count()).select_from(Article).where(due))


def outdated_among(articles: list[Article]) -> set[int]:
    """Those of these that say something else than their originals by now."""
    statement = sa.select(Article.id).where(Article.id.in_([one.id for one in articles]), is_outdated())
    return set(db.session.scalars(statement)) if articles else set()


def could_own(article: Article | None) -> list[User]:
    """Agents and administrators, and who owns it already."""
    works = sa.or_(User.memberships.any(), User.is_administrator)
    present = User.id == article.owner_id if article is not None and article.owner_id else sa.false()
    return list(db.session.scalars(sa.select(User).where(sa.or_(sa.and_(User.is_active, works), present))
                                   .order_by(User.name, User.id)))
