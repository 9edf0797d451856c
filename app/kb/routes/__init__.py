"""The pages of articles: writing them, reading them, their files and their categories."""

from . import (
    categories,
    facts,
    files,
    managing,
    reading,
    search,
    states,
    translations,
    versions,
    votes,
    writing,
)

__all__ = ["categories", "facts", "files", "managing", "reading", "search", "states", "translations", "versions",
           "votes", "writing"]
