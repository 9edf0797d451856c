"""What tickets say on the pages of articles: where one was used, and the conversation one is written from."""

from datetime import datetime
from typing import Any

from flask import render_template

from app.core.policy import may
from app.kb.models import Article

from . import articles, queries, showing
from .vocabulary import ARTICLE_WAYS


def on_article(article: Article, viewer: Any, now: datetime) -> str:
    """To the staff the tickets on which it was used, as far as they read those."""
    if not may(viewer, "article.list"):
        return ""
    used = articles.used_on(viewer, article)
    return render_template("tickets/_article_uses.html", used=used, ways=ARTICLE_WAYS) if used.total else ""


def on_editing(article: Article, viewer: Any, now: datetime) -> str:
    """The ticket's solution at hand, for those who read its notes."""
    ticket = articles.source_of(viewer, article)
    if ticket is None:
        return ""
    return render_template("tickets/_article_source.html", ticket=ticket, body=showing.body,
                           talk=queries.conversation(ticket, notes=True))
