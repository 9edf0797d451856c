"""Who learns from searches: those who write articles, and those who read the figures of the desk."""

from typing import Any

from app.accounts.policy import is_administrator, is_agent
from app.accounts.roles import has_permission
from app.core.policy import any_of, rules


def reads_figures(person: Any, subject: Any) -> bool:
    return has_permission(person, "kpi.read")


reader = any_of(is_agent, reads_figures)

rules({
    "knowledge.report": [reader],
    "knowledge.draft": [reader, any_of(is_agent, is_administrator)],
})
