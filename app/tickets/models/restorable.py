"""Restorable: what was done by mistake a moment ago is put back, past the rules of what may follow what."""

from datetime import datetime
from typing import Any

from app.accounts.models import User


class Restorable:
    """Undoing: the facts as they were, told by an event of its own."""

    def restore(self, facts: dict[str, Any], by: User, at: datetime, **about: Any) -> None:
        """Give facts of an active ticket their former values; an event only if one differs."""
        if any(getattr(self, fact) != was for fact, was in facts.items()):
            self._tell("ticket.restored", by, at, facts, **about)

    def revive(self, status: str, by: User, at: datetime, **about: Any) -> None:
        """Resolved or cancelled by mistake: active again as `status`, as if it had never ended. `about` says when it
        ended (`done_at`) and whether an answer was sent then (`answered`)."""
        self._tell("ticket.revived", by, at, {"status": status}, **about)
        self._end_resolution(at)
