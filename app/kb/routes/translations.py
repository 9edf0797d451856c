"""The same article in another language: begun from the original, kept in step with it."""

from flask import request
from flask_babel import gettext as _

from app.core import clock, i18n
from app.core.access import asks
from app.core.db import db
from app.core.errors import Invalid, NotFound

from .. import actions, bp, differences, families, manuscripts, policy
from ..actions import Facts, Text
from ..models import Article, ArticleVersion
from . import _writers
from ._writers import me, rendered


@bp.post("/kb/<slug>/translations")
@asks("article.write", of=manuscripts.find)
def translation_create(article: Article):
    language, original = request.form.get("language"), _original(article)
    if language not in i18n.LANGUAGES:
        raise Invalid(_("Please choose a language."))
    text = original.published or original.latest
    facts = Facts(language, original.visibility, original.category, me(), [named.team for named in original.teams],
                  [tag.name for tag in original.tags])
    made = actions.draft(Text(text.title, text.body), facts, me(), clock.now(), translation_of=original)
    return _writers.saved(made, _("The text of the original stands here to begin from."), "kb.translation_compare")


@bp.get("/kb/<slug>/original")
@asks("article.write", of=manuscripts.find)
def translation_compare(article: Article):
    """The original beside the translation that is written."""
    if article.family_id is None:
        raise NotFound()
    original = _original(article)
    said, followed = original.published or original.latest, db.session.get(ArticleVersion, article.translated_id or 0)
    pieces = differences.compare(followed.body, said.body) if followed is not None and followed is not said else []
    return _writers.draw(article, _writers.text_form(article), beside=rendered(said.body, original.language),
                         beside_version=said, pieces=pieces)


@bp.post("/kb/<slug>/original/check")
@asks("article.write", of=manuscripts.find)
def translation_check(article: Article):
    _original(article)
    actions.follow_original(article, me(), clock.now())
    return _writers.saved(article, _("The translation is up to date."))


def _original(article: Article) -> Article:
    """What the article translates, or itself. Raises NotFound where it is kept to other teams by now: whose the
    translation is still writes that one alone."""
    original = families.original_of(article)
    if not policy.writes(me(), original):
        raise NotFound()
    return original
