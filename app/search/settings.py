"""How long the log of searches remembers; an administrator edits it in the browser."""

from app.core.settings import Settings

settings = Settings("search", person_days=30, keep_days=400)
