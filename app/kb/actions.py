"""What is done with articles: written, reviewed, published, archived; translated; given to other readers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import Team, User
from app.core import clock, edits
from app.core.db import db
from app.core.errors import Conflict, Invalid
from app.core.events import record
from app.search.find import search_text

from . import families, slugs
from .markup_articles import files_in, plain
from .models import Article, ArticleFile, ArticleTag, ArticleTeam, ArticleUse, ArticleVersion, Category
from .settings import settings
from .vocabulary import VISIBILITIES


@dataclass
class Text:
    """What an article says. `body` is Markdown; `is_minor`: translations need not follow."""

    title: str
    body: str
    note: str = ""
    is_minor: bool = False


@dataclass
class Facts:
    """Who reads an article, where it is filed, whose it is."""

    language: str
    visibility: str
    category: Category | None = None
    owner: User | None = None
    teams: Sequence[Team] = ()
    tags: Sequence[str] = ()
    review_on: date | None = None


def draft(text: Text, facts: Facts, by: User | None, at: datetime | None = None, *,
          translation_of: Article | None = None, origin: str = "live", source_ref: str | None = None) -> Article:
    """A new article with its first version, seen by writers only."""
    now, original = at or clock.now(), families.original_of(translation_of)
    _refuse_nobody(facts)
    article = Article(
        slug=slugs.free_slug(text.title), language=facts.language, state="draft", visibility=facts.visibility,
        family_id=original.id if original else None,
        translated_id=(original.published_id or original.latest_id) if original else None,
        created_by_id=by.id if by else None, created_at=now, updated_at=now, search_text="", origin=origin,
        source_ref=source_ref, teams=[], tags=[])
    families.refuse_double(article, facts.language, original)
    _take(article, facts)
    db.session.add(article)
    db.session.flush()
    _add_version(article, text, by, now)
    record("article.drafted", article, by, now, language=article.language, visibility=article.visibility)
    return article


def save(article: Article, text: Text, by: User | None, at: datetime | None = None,
         seen_number: int | None = None) -> ArticleVersion | None:
    """A new version; None when nothing differs. Raises Conflict when somebody saved after version `seen_number`."""
    latest, now = article.latest, at or clock.now()
    _refuse_archived(article)
    if (text.title, text.body) == (latest.title, latest.body):
        return None
    if seen_number is not None and seen_number != latest.number:
        raise Conflict(_("Somebody else has saved version %(number)s meanwhile, so nothing of yours was saved. What "
                         "you typed is still here: compare, then save again.", number=latest.number))
    version = _add_version(article, text, by, now)
    record("article.edited", article, by, now, number=version.number)
    return version


def restore(article: Article, number: int, by: User | None, at: datetime | None = None) -> ArticleVersion | None:
    """What an older version said becomes the newest one; None when it says the same already."""
    now, old = at or clock.now(), version_of(article, number)
    _refuse_archived(article)
    if (old.title, old.body) == (article.latest.title, article.latest.body):
        return None
    version = _add_version(article, Text(old.title, old.body), by, now)
    record("article.restored", article, by, now, old=number, number=version.number)
    return version


def version_of(article: Article, number: int) -> ArticleVersion:
    """Raises Invalid for a number the article has not reached."""
    found = db.session.scalar(sa.select(ArticleVersion).where(
        ArticleVersion.article_id == article.id, ArticleVersion.number == number))
    if found is None:
        raise Invalid(_("There is no such version."))
    return found


def _add_version(article: Article, text: Text, by: User | None, now: datetime) -> ArticleVersion:
    version = ArticleVersion(
        article_id=article.id, number=article.latest.number + 1 if article.latest else 1, title=text.title,
        body=text.body, plain=plain(text.body), note=text.note, is_minor=text.is_minor, author_id=by.id if by else None,
        created_at=now)
    db.session.add(version)
    db.session.flush()
    article.latest, article.latest_id, article.updated_at = version, version.id, now
    for file_id in families.own_files(article, files_in(text.body)):
        db.session.add(ArticleUse(version_id=version.id, article_file_id=file_id))
    return version


def _refuse_archived(article: Article) -> None:
    if article.state == "archived":
        raise Conflict(_("The article is archived. Bring it back first."))


def ask_review(article: Article, by: User | None, at: datetime | None = None) -> None:
    """Put it on the list of those who may publish. A published article stays as readers know it."""
    _refuse_archived(article)
    if article.review_asked_at is not None:
        return
    _refuse_nothing_new(article)
    article.review_asked_at = article.updated_at = at or clock.now()
    if not article.is_published:
        article.state = "in_review"
    record("article.review_asked", article, by, article.review_asked_at, number=article.latest.number)


def send_back(article: Article, reason: str, by: User | None, at: datetime | None = None) -> None:
    """To its writers, with what is to be done."""
    if article.review_asked_at is None:
        raise Conflict(_("Nobody waits for a review of this article any more."))
    now = at or clock.now()
    _end_review(article)
    article.updated_at = now
    record("article.sent_back", article, by, now, reason=reason)


def _end_review(article: Article) -> None:
    article.review_asked_at = None
    if article.state == "in_review":
        article.state = "draft"


def _refuse_nothing_new(article: Article) -> None:
    if article.is_published and not article.has_unpublished_changes:
        raise Conflict(_("Readers already see the newest version."))


def publish(article: Article, by: User | None, at: datetime | None = None) -> None:
    """Readers see the newest version from now on."""
    _publish(article, article.latest, by, at or clock.now())


def publish_scheduled(article: Article, now: datetime) -> None:
    """The moment that was set has come: readers see the version that was meant then."""
    _publish(article, db.session.get_one(ArticleVersion, article.scheduled_id), None, now)


def _publish(article: Article, version: ArticleVersion, by: User | None, now: datetime) -> None:
    _refuse_archived(article)
    article.publish_at = article.scheduled_id = None
    if article.is_published and article.published_id == version.id:
        return
    if version is article.latest:
        _end_review(article)
    article.published, article.published_id, article.state = version, version.id, "published"
    article.published_at = article.updated_at = now
    article.review_on = article.review_on or months_after(now.date(), settings.review_months)
    article.search_text = search_text(version.title, version.plain, article.language)
    record("article.published", article, by, now, number=version.number)


def publish_later(article: Article, moment: datetime, by: User | None, at: datetime | None = None) -> None:
    """The newest version of now goes public at the moment; what is saved until then does not."""
    now = at or clock.now()
    _refuse_archived(article)
    _refuse_nothing_new(article)
    if moment <= now:
        raise Invalid(_("The moment of publishing must lie ahead."))
    if (article.scheduled_id, article.publish_at) == (article.latest_id, moment):
        return
    _end_review(article)
    article.scheduled_id, article.publish_at, article.updated_at = article.latest_id, moment, now
    record("article.scheduled", article, by, now, number=article.latest.number, moment=moment.isoformat())


def unschedule(article: Article, by: User | None, at: datetime | None = None) -> None:
    """It stays as it is until somebody publishes it."""
    if article.publish_at is None:
        return
    article.publish_at = article.scheduled_id = None
    record("article.unscheduled", article, by, at or clock.now())


def archive(article: Article, by: User | None, at: datetime | None = None) -> None:
    """Readers see it no longer, and nobody finds it; writers may bring it back."""
    if article.state == "archived":
        return
    _end_review(article)
    article.publish_at = article.scheduled_id = None
    article.state, article.search_text, article.updated_at = "archived", "", at or clock.now()
    record("article.archived", article, by, article.updated_at)


def revive(article: Article, by: User | None, at: datetime | None = None) -> None:
    """An archived article is a draft again."""
    if article.state != "archived":
        return
    article.published = article.published_id = None
    article.state, article.updated_at = "draft", at or clock.now()
    record("article.revived", article, by, article.updated_at)


def confirm_reviewed(article: Article, by: User | None, next_on: date, at: datetime | None = None) -> None:
    """What it says is still right; look again on that day."""
    now = at or clock.now()
    if next_on <= now.date():
        raise Invalid(_("The next review must lie ahead."))
    old, article.review_on, article.reminded_on = article.review_on, next_on, None
    record("article.reviewed", article, by, now, changes={"review_on": [old and old.isoformat(), next_on.isoformat()]})


def follow_original(article: Article, by: User | None, at: datetime | None = None) -> None:
    """The translation says what readers of the original see now."""
    original = families.original_of(article)
    if original is article or original.published_id in (None, article.translated_id):
        return
    article.translated_id = original.published_id
    record("article.matched", article, by, at or clock.now(), number=original.published.number)


def change_facts(article: Article, facts: Facts, by: User | None, at: datetime | None = None) -> None:
    """At once, for readers too. Who reads it and where it is filed hold for all its languages."""
    now = at or clock.now()
    _refuse_nobody(facts)
    families.refuse_double(article, facts.language, families.original_of(article))
    for relative in families.relatives_of(article):
        shared = Facts(relative.language, facts.visibility, facts.category, relative.owner, facts.teams,
                       [tag.name for tag in relative.tags], relative.review_on)
        _change(relative, shared, by, now)
    _change(article, facts, by, now)


def _change(article: Article, facts: Facts, by: User | None, now: datetime) -> None:
    old = facts_of(article)
    _take(article, facts)
    changed = edits.changes(old, facts_of(article))
    if not changed:
        return
    if "review_on" in changed:
        article.reminded_on = None
    if "language" in changed and article.is_published:
        article.search_text = search_text(article.published.title, article.published.plain, article.language)
    article.updated_at = now
    record("article.facts_changed", article, by, now, changes=changed)


def facts_of(article: Article) -> edits.Facts:
    """Its facts as an event keeps them."""
    return {
        "language": article.language, "visibility": article.visibility,
        "category_id": article.category.id if article.category else None,
        "owner_id": article.owner.id if article.owner else None,
        "teams": sorted(named.team.id for named in article.teams), "tags": sorted(tag.name for tag in article.tags),
        "review_on": article.review_on.isoformat() if article.review_on else None,
    }


def _take(article: Article, facts: Facts) -> None:
    teams = {team.id: team for team in (facts.teams if facts.visibility == "teams" else ())}
    tags = {tag.strip().lower()[:40] for tag in facts.tags} - {""}
    article.language, article.visibility = facts.language, facts.visibility
    article.category, article.owner, article.review_on = facts.category, facts.owner, facts.review_on
    article.teams = [named for named in article.teams if teams.pop(named.team.id, None)]
    article.teams.extend(ArticleTeam(team=team) for team in teams.values())
    article.tags = [tag for tag in article.tags if tag.name in tags]
    article.tags.extend(ArticleTag(name=name) for name in sorted(tags - {tag.name for tag in article.tags}))


def _refuse_nobody(facts: Facts) -> None:
    if facts.visibility not in VISIBILITIES:
        raise Invalid(_("Please say who may read it."))
    if facts.visibility == "teams" and not facts.teams:
        raise Invalid(_("Please name at least one team."))


def attach(article: Article, file: Any, by: User | None, at: datetime | None = None) -> ArticleFile:
    """A stored file that texts of the article may show."""
    kept = ArticleFile(article=article, file=file, added_by_id=by.id if by else None, added_at=at or clock.now())
    db.session.add(kept)
    db.session.flush()
    return kept


def months_after(day: date, months: int) -> date:
    """The same day some months later; of a month that is too short its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - date.resolution).day
    return date(year, month + 1, min(day.day, last))
