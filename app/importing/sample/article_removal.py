"""Deletes the sample's articles with all that hangs on them, and its searches."""

from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.core.events import Event
from app.core.files import StoredFile
from app.importing.models import SampleRow
from app.importing.sample import ledger
from app.kb.models import Article, ArticleFile
from app.search.models import IndexChange, SearchEntry
from app.tickets.models import Attachment

AT_ONCE = 500


def remove_articles() -> list[int]:
    """The ids of those that went; the caller commits. Translations that real people have added stand alone then."""
    ids = list(db.session.scalars(sa.select(Article.id).where(Article.origin == ledger.ORIGIN)))
    files = list(db.session.scalars(sa.select(ArticleFile.file_id).where(ArticleFile.article_id.in_(ids))))
    loose: Any = {"family_id": None, "translated_id": None}
    theirs = sa.or_(Article.id.in_(ids), Article.family_id.in_(ids))
    db.session.execute(sa.update(Article).where(theirs).values(**loose))
    none: Any = {"latest_id": None, "published_id": None, "scheduled_id": None}
    db.session.execute(sa.update(Article).where(Article.id.in_(ids)).values(**none))
    db.session.execute(sa.delete(Event).where(Event.subject_type == Article.event_subject, Event.subject_id.in_(ids)))
    db.session.execute(sa.delete(Article).where(Article.id.in_(ids)))
    _remove_files(files)
    _remove_searches()
    _forget_in_index(ids)
    return ids


def _remove_files(files: list[int]) -> None:
    """Rows that nothing else shows; their bytes go with the orphans."""
    unused = [~sa.exists().where(model.file_id == StoredFile.id) for model in (Attachment, ArticleFile)]
    db.session.execute(sa.delete(StoredFile).where(StoredFile.id.in_(files), *unused))


def _remove_searches() -> None:
    tokens = ledger.keys("searches")
    for start in range(0, len(tokens), AT_ONCE):
        some = tokens[start:start + AT_ONCE]
        db.session.execute(sa.delete(SearchEntry).where(SearchEntry.token.in_(some)))
    db.session.execute(sa.delete(SampleRow).where(SampleRow.table_name == "searches"))


def _forget_in_index(ids: list[int]) -> None:
    if ids:
        now = clock.now()
        db.session.execute(sa.insert(IndexChange), [{"document_id": number, "changed_at": now} for number in ids])
