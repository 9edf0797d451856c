"""What stands on the page of an article beside its text, each part through the reader's own eyes."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core.db import db
from app.core.files import SAFE_INLINE, StoredFile, size_of
from app.search.find import related as find_related

from .families import is_outdated
from .markup_articles import Rendered, render
from .models import Article, ArticleFile, ArticleUse, Category
from .queries import reader
from .shelves import Line, families, in_all_languages, in_order, lines

RELATED, ASKED = 4, 15
DESCRIPTION_LENGTH = 160


@dataclass(frozen=True)
class Shown:
    """The page of an article for one reader."""

    article: Article
    text: Rendered
    crumbs: list[Category]
    translations: list[Line]
    is_outdated: bool
    files: list[tuple[str, str, str]]
    related: list[Line]

    @property
    def description(self) -> str:
        """The beginning of the text, as lists of other search engines show it."""
        words = " ".join(self.article.published.plain[:DESCRIPTION_LENGTH * 2].split())
        return words if len(words) <= DESCRIPTION_LENGTH else words[:DESCRIPTION_LENGTH].rpartition(" ")[0] + " …"

    def in_language(self, language: str) -> Line | None:
        """The same article in the reader's language, where this one is in another."""
        return next((line for line in self.translations if line.language == language), None)


def shown(article: Article, person: Any, language: str, root: str) -> Shown:
    translations = [line for line in in_all_languages([article.family_id or article.id], person)
                    if line.id != article.id]
    return Shown(
        article, render(article.published.body, article.language, root), crumbs(article.category), translations,
        _is_outdated(article), _files(article, root), _related(article, person, language))


def crumbs(category: Category | None) -> list[Category]:
    """From the uppermost category down to this one."""
    parent = db.session.get(Category, category.parent_id) if category and category.parent_id else None
    return [one for one in (parent, category) if one is not None]


def _is_outdated(article: Article) -> bool:
    if article.family_id is None:
        return False
    return bool(db.session.scalar(sa.select(is_outdated()).where(Article.id == article.id)))


def _files(article: Article, root: str) -> list[tuple[str, str, str]]:
    """Name, address and size of what the published text leads to, but for the pictures that it shows."""
    statement = (
        sa.select(ArticleFile.id, StoredFile.name, StoredFile.size_bytes).join(ArticleFile.file)
        .join(ArticleUse, ArticleUse.article_file_id == ArticleFile.id)
        .where(ArticleUse.version_id == article.published_id, StoredFile.content_type.not_in(SAFE_INLINE))
        .order_by(StoredFile.name, ArticleFile.id)
    )
    return [(name, f"{root}/kb/files/{number}", size_of(size)) for number, name, size in db.session.execute(statement)]


def _related(article: Article, person: Any, language: str) -> list[Line]:
    """What else is about this, each in the language nearest to the reader's."""
    hits = find_related(article.published.title, reader(person, language), ASKED)
    kin = families([hit.card.id for hit in hits], person)
    others = [kin[hit.card.id] for hit in hits if hit.card.id in kin]
    wanted = [family for family in dict.fromkeys(others) if family != (article.family_id or article.id)][:RELATED]
    return in_order(wanted, lines(wanted, person, language))
