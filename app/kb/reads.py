"""That an article was opened, and how its reader came to it. Written aside: reading waits for no lock."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from app.core.db import db
from app.search.aside import aside
from app.search.models import SearchEntry

from .models import Article, ArticleRead

ROBOT = re.compile(r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|monitor|curl/|wget/|python-", re.I)
AHEAD = ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose")
"""In which browsers say that they fetch a page nobody has asked for yet."""


@dataclass(frozen=True)
class Reading:
    """One opening of an article, to be written."""

    article_id: int
    at: datetime
    way: str
    search_token: str | None
    is_staff: bool

    def write(self) -> bool:
        found = db.session.get(SearchEntry, self.search_token) if self.search_token else None
        way = "suggestion" if found is not None and found.place != "page" else self.way
        db.session.add(ArticleRead(article_id=self.article_id, at=self.at, way=way, is_staff=self.is_staff,
                                   search_token=found.token if found else None))
        return True


def note(article: Article, person: Any, request: Any, token: str | None, now: datetime) -> bool:
    """Write down that somebody opened it; false where nobody did: a robot, a look ahead, the same page again."""
    if not is_reading(request):
        return False
    is_staff = bool(person.is_agent or person.is_administrator)
    aside.put(Reading(article.id, now, "search" if token else way(request), token, is_staff))
    return True


def is_reading(request: Any) -> bool:
    """Whether a person looks at the page now, who has not just sent a form of this very page."""
    return is_person(request) and _came_from(request) != request.path


def is_person(request: Any) -> bool:
    """Neither a robot nor a browser that looks ahead."""
    agent = request.headers.get("User-Agent", "")
    ahead = any("prefetch" in request.headers.get(name, "").lower() for name in AHEAD)
    return bool(request.method == "GET" and agent and not ahead and not ROBOT.search(agent))


def way(request: Any) -> str:
    """browsing: from another page of the knowledge base; link: from anywhere else."""
    shelf = request.script_root + "/kb"
    return "browsing" if (_came_from(request) + "/").startswith(shelf + "/") else "link"


def _came_from(request: Any) -> str:
    """The path of this desk's page that led here, '' for any other."""
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:
        return ""
    return parts.path if parts.netloc == request.host else ""


@dataclass(frozen=True)
class Counted:
    """How often an article was opened: in all, by people who are no staff, since a moment, out of a search."""

    all: int
    readers: int
    lately: int
    searched: int


def counted(article: Article, since: datetime) -> Counted:
    statement = sa.select(
        sa.func.count(), _how_many(ArticleRead.is_staff.is_(False)), _how_many(ArticleRead.at >= since),
        _how_many(ArticleRead.way.in_(["search", "suggestion"])),
    ).where(ArticleRead.article_id == article.id)
    return Counted(*db.session.execute(statement).one())


def _how_many(condition: Any) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
