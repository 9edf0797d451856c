"""Articles full of secrets. Whoever may not read one comes upon no word of it: title, text, category, what was said."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.kb import actions, votes
from app.kb.actions import Facts, Text
from app.kb.models import Article, ArticleVote, Category
from tests import people

COMMON = "handbook"
"""A word of every article: who asks for it finds all that they may read."""
RARE = {"public": "umbrellabird", "staff": "quetzalcoatlus", "network": "xylophonistry", "accounts": "wildebeestery",
        "draft": "zymurgistics", "archived": "yarboroughites"}
"""A word of one article alone: who mistypes it is told the right one only by what they may read."""


def plant(plants: Any, cast: dict[str, Any], secret: Any) -> None:
    """One for each kind of readers, each in a category of its own; a draft, an archived one, a translation."""
    network, accounts = (cast[name].memberships[0].team for name in ("agent", "rival"))
    plans = {"public": {}, "staff": {}, "network": {"teams": [network]}, "accounts": {"teams": [accounts]},
             "draft": {}, "archived": {}}
    made = {name: _article(plants, cast, name, secret, **about) for name, about in plans.items()}
    actions.archive(made["archived"], cast["admin"], clock.now())
    _translation(plants, cast, made["public"], secret)
    db.session.flush()
    for name in ("public", "staff", "network", "accounts"):
        plants.things[f"said-{name}"] = {"slug": made[name].slug}
        word = secret("article", name, "said")
        plants.feedback[word] = name
        votes.cast(made[name], word, votes.Word(False, "wrong", word), clock.now())
    plants.things["asked"] = {"q": COMMON}


def _article(plants: Any, cast: dict[str, Any], name: str, secret: Any, **about: Any) -> Article:
    category = Category(slug=secret("shelf", name), names=people.names(_word(plants, name, "shelf", secret)))
    db.session.add(category)
    visibility = {"staff": "staff", "network": "teams", "accounts": "teams"}.get(name, "public")
    plants.articles[RARE[name]] = name
    text = Text(f"{COMMON} {_word(plants, name, 'title', secret)}",
                f"{COMMON} {_word(plants, name, 'body', secret)} {RARE[name]}")
    article = actions.draft(text, Facts("en", visibility, category, **about), cast["admin"], _before())
    if name != "draft":
        actions.publish(article, cast["admin"], _before())
    plants.things[f"article-{name}"] = plants.things[f"writing-{name}"] = {"slug": article.slug}
    plants.things[f"shelf-{name}"] = {"slug": category.slug}
    return article


def _translation(plants: Any, cast: dict[str, Any], original: Article, secret: Any) -> None:
    """Of what everybody reads, but for the staff."""
    text = Text(_word(plants, "staff", "translation", secret), COMMON)
    article = actions.draft(text, Facts("ru", "staff"), cast["admin"], _before(), translation_of=original)
    actions.publish(article, cast["admin"], _before())


def _word(plants: Any, name: str, what: str, secret: Any) -> str:
    word = secret("article", name, what)
    plants.articles[word] = name
    return word


def _before() -> Any:
    return clock.now() - timedelta(days=1)


def vote_of(plants: Any, thing: str) -> dict[str, Any]:
    """The form by which what was said on an article is dealt with; on what is no article, any vote."""
    votes = sa.select(ArticleVote.id).join(Article, Article.id == ArticleVote.article_id)
    slug = plants.things[thing].get("slug") if thing in plants.things else None
    return {"vote": db.session.scalar((votes.where(Article.slug == slug) if slug else votes).limit(1))}
