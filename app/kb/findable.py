"""The words of a published article, folded for searching without an index."""

from .models import ArticleVersion


def text_of(version: ArticleVersion, language: str) -> str:
    """What `Article.search_text` holds while this version is published."""
    return search_text(version.title, version.plain, language)


def search_text(title: str, plain: str, language: str) -> str:
    """Stands here until app.search.find has it."""
    return f" {' '.join(f'{title} {plain}'.lower().split())} "
