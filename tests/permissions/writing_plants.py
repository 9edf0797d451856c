"""What is behind the articles that readers see: old versions, changes that are not out, files of both."""

from io import BytesIO
from typing import Any

import sqlalchemy as sa

from app.core import clock, files
from app.core.db import db
from app.kb import actions
from app.kb.actions import Text
from app.kb.models import Article

READERS = ("public", "staff", "network", "accounts")


def plant(plants: Any, cast: dict[str, Any], secret: Any) -> None:
    """After reading_plants: each of its articles gets a past and a future, and a file in each."""
    admin = cast["admin"]
    for name in READERS:
        article = _article(plants, name)
        text, shown = article.latest, _file(plants, article, name, "file", secret, plants.articles)
        old = _kept(plants, name, "old", secret)
        actions.save(article, Text(text.title, old), admin)
        actions.save(article, Text(text.title, f"{text.body} [f](/kb/files/{shown})", old), admin)
        actions.publish(article, admin)
        hidden = _file(plants, article, name, "newfile", secret, plants.feedback)
        new = _kept(plants, name, "new", secret)
        actions.save(article, Text(f"{text.title} {new}", f"{new} [f](/kb/files/{hidden})"), admin)
        plants.things |= {f"file-{name}": {"file_id": shown}, f"newfile-{name}": {"file_id": hidden},
                          f"version-{name}": {"slug": article.slug, "number": 2}}
    russian = db.session.scalar(sa.select(Article).where(Article.family_id.isnot(None)))
    plants.things["translated"] = {"slug": russian.slug}


def _article(plants: Any, name: str) -> Article:
    return db.session.scalar(sa.select(Article).where(Article.slug == plants.things[f"article-{name}"]["slug"]))


def _kept(plants: Any, name: str, what: str, secret: Any) -> str:
    word = secret("article", name, what)
    plants.feedback[word] = name
    return word


def _file(plants: Any, article: Article, name: str, what: str, secret: Any, of: dict[str, str]) -> int:
    word = secret("article", name, what)
    of[word] = name
    return actions.attach(article, files.store(BytesIO(word.encode()), "notes.txt"), None, clock.now()).id
