"""How the knowledge base works; an administrator edits these in the browser."""

from app.core.settings import Settings

settings = Settings("kb", is_public=True, agents_publish=True, review_months=6)
