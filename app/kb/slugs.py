"""Short names for addresses and anchors, in Latin letters whatever the language."""

import re
import unicodedata

import sqlalchemy as sa
from flask import current_app

from app.core.db import db

from .models import Article

LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "ң": "ng", "о": "o", "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ү": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y",
    "ь": "", "э": "e", "ю": "yu", "я": "ya",
}
LONGEST = 80


def slug_of(text: str) -> str:
    """Small Latin letters, digits and single hyphens; '' when nothing of the text can be said so."""
    latin = "".join(LETTERS.get(letter, letter) for letter in unicodedata.normalize("NFC", text).lower())
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return words if len(words) <= LONGEST else _cut(words)


def _cut(words: str) -> str:
    """After a whole word, where there is one."""
    return (words[:LONGEST + 1].rpartition("-")[0] or words[:LONGEST]).strip("-")


def free_slug(title: str) -> str:
    """A short name no article has and no page of the knowledge base stands under."""
    wanted = slug_of(title) or "article"
    taken = set(db.session.scalars(sa.select(Article.slug).where(
        sa.or_(Article.slug == wanted, Article.slug.startswith(f"{wanted}-", autoescape=True))))) | _pages()
    number, slug = 2, wanted
    while slug in taken:
        number, slug = number + 1, f"{wanted}-{number}"
    return slug


def _pages() -> set[str]:
    """What stands where a short name would: /kb/new, /kb/files …"""
    rules = (rule.rule.split("/") for rule in current_app.url_map.iter_rules())
    return {parts[2] for parts in rules if len(parts) > 2 and parts[1] == "kb"}
