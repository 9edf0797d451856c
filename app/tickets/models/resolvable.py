"""Resolvable: how a ticket ends, and how it does not stay ended."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.core.db import db
from app.core.errors import Conflict

from ..settings import tickets as settings
from .spells import Resolution


class Resolvable:
    """Resolving, reopening (a new cycle), closing, cancelling."""

    def resolve(self, by: User | None, at: datetime | None = None) -> None:
        """Solved; a double click is harmless."""
        if self.status == "resolved":
            return
        event = self._tell("ticket.resolved", by, at, {"status": "resolved"}, team_id=self.team_id)
        self._hang(Resolution(by_id=by.id if by else None, team_id=self.team_id, at=event.occurred_at), "resolutions")

    def reopen(self, by: User | None, at: datetime | None = None, reason: str = "") -> None:
        """Open again: with the team that handed it over, if a higher level had resolved it."""
        if self.status in ("new", "open"):
            return
        if self.status != "resolved":
            raise Conflict(_("Only a resolved ticket can be opened again."))
        back_to = self.escalated_by_team
        changes = {"status": "open"}
        if back_to is not None:
            changes |= {"team_id": back_to.id, "level": back_to.level, "assignee_id": None}
        event = self._tell("ticket.reopened", by, at, changes, reason=reason)
        if back_to is not None:
            self.team = back_to
        self._end_resolution(event.occurred_at)

    def _end_resolution(self, at: datetime) -> None:
        standing = sa.update(Resolution).where(Resolution.ticket_id == self.id, Resolution.ended_at.is_(None))
        db.session.execute(standing.values(ended_at=at))

    def close(self, by: User | None = None, at: datetime | None = None) -> None:
        """For good: the reopening window is over."""
        if self.status == "closed":
            return
        if self.status != "resolved":
            raise Conflict(_("Only a resolved ticket can be closed."))
        self._tell("ticket.closed", by, at, {"status": "closed"})

    def close_into(self, original: Any, by: User, at: datetime | None = None) -> None:
        """Close as a duplicate: the work goes on in the original."""
        self._tell("ticket.merged", by, at, {"status": "closed"}, original=original.number)
        self.merged_into = original

    def take_apart(self, status: str, by: User, at: datetime | None = None) -> None:
        """The merge is taken back: it stands by itself again, as `status`, and its promises go on as if they had never
        ended. Raises Conflict for a ticket that is not merged."""
        if self.merged_into is None:
            raise Conflict(_("This ticket is not merged."))
        self._tell("ticket.unmerged", by, at, {"status": status}, original=self.merged_into.number)
        self.merged_into = None

    def cancel(self, reason: str, by: User, at: datetime | None = None) -> None:
        """It is not needed any more, or was never meant."""
        if self.status != "cancelled":
            self._tell("ticket.cancelled", by, at, {"status": "cancelled"}, reason=reason)

    @property
    def resolved_at(self) -> datetime | None:
        """When it was solved, if it still is."""
        if self.status not in ("resolved", "closed"):
            return None
        standing = [r.at for r in self.resolutions if r.ended_at is None]
        return standing[-1] if standing else None

    def can_reopen(self, now: datetime) -> bool:
        """Whether a reply still opens this ticket, or makes a follow-up."""
        solved = self.resolved_at if self.status == "resolved" else None
        return solved is not None and now <= solved + timedelta(days=settings.reopen_days)
