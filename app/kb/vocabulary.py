"""The fixed words of the knowledge base."""

VISIBILITIES = ("public", "staff", "teams")
STATES = ("draft", "in_review", "published", "archived")
VOTE_REASONS = ("outdated", "unclear", "incomplete", "wrong", "other")
