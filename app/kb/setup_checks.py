"""What contradicts itself in the knowledge base."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.accounts.models import User
from app.core.db import db
from app.core.findings import DOUBTFUL, Finding

from .models import Article
from .settings import settings

KNOWLEDGE = _l("Knowledge base")


def found(now: datetime) -> list[Finding]:
    """Everything that is wrong with the knowledge base; two queries."""
    return [*_ownerless(), *_nothing_public()]


def _ownerless() -> Iterator[Finding]:
    """Published articles nobody is reminded to look after."""
    count = db.session.scalar(
        sa.select(sa.func.count(Article.id)).join(User, User.id == Article.owner_id)
        .where(Article.state == "published", ~User.is_active)) or 0
    if count:
        yield Finding(KNOWLEDGE, DOUBTFUL, ngettext(
            "%(num)s published article belongs to somebody whose account is switched off; nobody is reminded to review "
            "it.", "%(num)s published articles belong to people whose accounts are switched off; nobody is reminded to "
            "review them.", count), url_for("kb.article_manage"))


def _nothing_public() -> Iterator[Finding]:
    public = sa.exists().where(Article.state == "published", Article.visibility == "public")
    if settings.is_public and not db.session.scalar(sa.select(public)):
        yield Finding(KNOWLEDGE, DOUBTFUL, _("The knowledge base is open to everybody, but no article is public."),
                      url_for("kb.article_manage"))
