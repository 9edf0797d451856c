"""What the page of an article says of its own results."""

from datetime import datetime
from typing import Any

from flask import render_template

from app.core.db import db

from .gaps import PERIODS
from .models import ArticleOutcome
from .shares import Share


def deflection(article_id: int, days: int = max(PERIODS)) -> Share:
    """Of the searches that led to this article and ended in an answer or a ticket: those that ended in an answer."""
    found = db.session.get(ArticleOutcome, (article_id, days))
    return Share(found.solved, found.solved + found.filed) if found else Share(0, 0)


def on_article(article: Any, viewer: Any, now: datetime) -> str:
    found = db.session.get(ArticleOutcome, (article.id, max(PERIODS)))
    share = deflection(article.id)
    return render_template("kpi/_article_panel.html", outcome=found, share=share, days=max(PERIODS))
