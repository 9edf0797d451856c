"""Assignable: who works on the ticket."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.models import User
from app.core.db import claim, db
from app.core.errors import Conflict, Invalid

from .deputised import refuse_absent


class Assignable:
    """Taking from the queue, assigning, giving back."""

    def take(self, by: User, at: datetime | None = None) -> None:
        """Make it mine, if it is nobody's. Of many who try at once one wins; Conflict names the winner."""
        if self.assignee_id == by.id:
            return
        if not self._win(by):
            raise Conflict(self._why_not_taken())
        self._tell("ticket.taken", by, at, {"assignee_id": by.id, **self._working_status()})
        # What the claim wrote is no change to the session: giving it back before a flush would be lost.
        db.session.flush()

    def entrust(self, to: User, at: datetime | None = None, **about: Any) -> bool:
        """The desk gives it to a member of its team who is there, unless somebody was faster or it has ended: false
        then. `about` goes into the event."""
        if self.assignee_id == to.id or not self._win(to, self.assignee_id):
            return False
        self.assign(to, None, at, **about)
        db.session.flush()
        return True

    def _win(self, to: User, held: int | None = None) -> bool:
        """Write the new assignee if it is still held by whom we saw, or nobody; the change itself is still to tell."""
        cls = type(self)
        db.session.flush()
        won = claim(cls, cls.id == self.id, cls.assignee_id.is_not_distinct_from(held),
                    cls.status.in_(("new", "open", "pending")), assignee_id=to.id, version=cls.version + 1)
        db.session.refresh(self, ["assignee_id", "version", "status"])
        if won:
            set_committed_value(self, "assignee_id", held)
        return won

    def _why_not_taken(self) -> str:
        if self.assignee is not None:
            return _("%(name)s has already taken this ticket.", name=self.assignee.name)
        return _("This ticket has ended and cannot be taken.")

    def assign(self, to: User | None, by: User | None, at: datetime | None = None, **about: Any) -> None:
        """Give it to a member of its team, or back to the queue with None; `about` goes into the event. Raises Invalid
        for who does not work there, Conflict for who is absent while a deputy stands in."""
        if self.assignee_id == (to.id if to else None):
            return
        if to is None:
            self._tell("ticket.unassigned", by, at, {"assignee_id": None}, **about)
            return
        if self.team_id not in to.team_ids or not to.is_active:
            raise Invalid(_("%(name)s does not work in this team.", name=to.name))
        if by is None or to.id != by.id:
            refuse_absent(to, by, at)
        self._tell("ticket.assigned", by, at, {"assignee_id": to.id, **self._working_status()}, **about)

    def _working_status(self) -> dict[str, Any]:
        return {"status": "open"} if self.status == "new" else {}
