"""Pages of tickets: one file per part of the conversation between people and a ticket."""

from . import (
    articles,
    assignment,
    conversation,
    facts,
    files,
    filing,
    levels,
    queues,
    reading,
    related,
    search,
    states,
    suggestions,
)

__all__ = ["articles", "assignment", "conversation", "facts", "files", "filing", "levels", "queues", "reading",
           "related", "search", "states", "suggestions"]
