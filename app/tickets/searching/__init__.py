"""Searching tickets: what was typed (language), what it asks of tickets (filters) and of their words (fulltext), and
what is shown of what was found (find, snippets)."""
