"""Pages of tickets: one file per part of the conversation between people and a ticket."""

from . import assignment, conversation, facts, files, filing, levels, queues, reading, related, states

__all__ = ["assignment", "conversation", "facts", "files", "filing", "levels", "queues", "reading", "related", "states"]
