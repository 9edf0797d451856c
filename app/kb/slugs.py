"""The short names of articles."""

import sqlalchemy as sa
from flask import current_app

from app.core import slugs
from app.core.db import db

from .models import Article


def free_slug(title: str) -> str:
    """A short name no article has and no page of the knowledge base stands under."""
    wanted = slugs.slug_of(title) or "article"
    taken = set(db.session.scalars(sa.select(Article.slug).where(
        sa.or_(Article.slug == wanted, Article.slug.startswith(f"{wanted}-", autoescape=True))))) | _pages()
    return slugs.free(wanted, taken)


def _pages() -> set[str]:
    """What stands where a short name would: /kb/new, /kb/files …"""
    rules = (rule.rule.split("/") for rule in current_app.url_map.iter_rules())
    return {parts[2] for parts in rules if len(parts) > 2 and parts[1] == "kb"}
