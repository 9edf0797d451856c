"""What strangers may read, as search engines want to be told."""

from typing import Any

import sqlalchemy as sa
from flask import url_for
from markupsafe import escape

from app.accounts.models import Stranger
from app.core.db import db

from .models import Article
from .queries import reads

MOST = 50_000
"""What one file may hold, by its standard."""


def written(base_url: str) -> str:
    lines = "\n".join(_line(base_url, *row) for row in _public())
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
            f"{lines}\n</urlset>\n")


def _public() -> Any:
    statement = (sa.select(Article.slug, Article.published_at).where(reads(Stranger()))
                 .order_by(Article.published_at.desc(), Article.id).limit(MOST))
    return db.session.execute(statement)


def _line(base_url: str, slug: str, changed_at: Any) -> str:
    changed = f"<lastmod>{changed_at.date().isoformat()}</lastmod>" if changed_at else ""
    return f"<url><loc>{escape(base_url + url_for('kb.article_show', slug=slug))}</loc>{changed}</url>"
