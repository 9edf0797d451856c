"""How tickets work on this desk."""

from app.core.settings import Settings

PRIORITY_MATRIX = {
    "high": {"high": "P1", "medium": "P2", "low": "P3"},
    "medium": {"high": "P2", "medium": "P3", "low": "P4"},
    "low": {"high": "P3", "medium": "P4", "low": "P4"},
}

tickets = Settings(
    "tickets",
    priority_matrix=PRIORITY_MATRIX,
    reopen_days=7,
    remind_after_days=3,
    resolve_silent_after_days=7,
)


def priority_of(impact: str, urgency: str) -> str:
    """P1..P4 by the matrix of the desk (ITIL: priority = impact × urgency)."""
    return tickets.priority_matrix[impact][urgency]
