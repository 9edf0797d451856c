"""What articles say on the start page: how many of a person's own are due for a look."""

from datetime import datetime
from typing import Any

from flask import render_template

from . import manuscripts, policy


def on_home(person: Any, viewer: Any, now: datetime) -> str:
    """'' where there is nothing to say, or nobody who writes."""
    if not person.is_agent and not person.is_administrator:
        return ""
    day = manuscripts.today(now)
    due = manuscripts.due_of(person, day)
    asked = manuscripts.waiting(person, "review", day) if policy.may_publish(person, None) else None
    return render_template("kb/_home.html", due=due, asked=asked) if due or asked else ""
