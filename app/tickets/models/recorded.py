"""Recorded: each change of a ticket's facts goes through one door and into the event that tells of it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import clock
from app.core.db import Base, db
from app.core.errors import Conflict
from app.core.events import Event, record

from ..vocabulary import STATUSES, TRANSITIONS
from .awaited import Turn, next_turn
from .spells import Hold

UNDOING = frozenset({"ticket.restored", "ticket.revived"})
"""What takes a mistake back may go where no verb leads: from open to new, from cancelled to open."""


class Recorded:
    """Facts change by `_tell`, which writes old and new into the event."""

    def _tell(self, kind: str, by: Any, at: datetime | None, changes: dict[str, Any] | None = None,
              **data: Any) -> Event:
        """Apply the changes of facts, write the event. `at` is when it happened, now if not given."""
        moment = at or clock.now()
        if by is not None:
            # Asked before the change: who takes over from an absent assignee does so on behalf of that one.
            data.setdefault("on_behalf_of_id", self.stood_in_for(by, moment))
        changed = {fact: [getattr(self, fact, None), new] for fact, new in (changes or {}).items()}
        changed = {fact: pair for fact, pair in changed.items() if pair[0] != pair[1]}
        if kind not in UNDOING:
            self._refuse_senseless(changed.get("status"))
        for fact, (_old, new) in changed.items():
            setattr(self, fact, new)
        self.updated_at = moment
        if changed.get("status", [None])[0] == "pending":
            self._end_hold(moment)
        if changed:
            data["changes"] = changed
        self.awaits, self.awaits_since = next_turn(Turn(self.awaits, self.awaits_since), kind, moment, data)
        return record(kind, self, by, moment, **data)

    def _end_hold(self, at: datetime) -> None:
        """Whatever makes a ticket wait no longer also ends the row that says for what it waited."""
        waiting = sa.update(Hold).where(Hold.ticket_id == self.id, Hold.ended_at.is_(None))
        db.session.execute(waiting.values(ended_at=at))

    def _hang(self, row: Base, collection: str) -> None:
        """Hang a row on the ticket without reading what already hangs there (a long conversation, say)."""
        row.ticket_id = self.id
        db.session.add(row)
        if collection in self.__dict__:
            db.session.flush()
            db.session.expire(self, [collection])

    def change(self, facts: dict[str, Any], by: Any, at: datetime | None = None) -> None:
        """Correct facts such as subject, impact or priority; an event only if something changed."""
        if any(getattr(self, fact) != new for fact, new in facts.items()):
            self._tell("ticket.changed", by, at, facts)

    def _refuse_senseless(self, change: list[str] | None) -> None:
        if change and change[1] not in TRANSITIONS[change[0]]:
            raise Conflict(
                _("A ticket that is “%(old)s” cannot become “%(new)s”.",
                  old=STATUSES[change[0]], new=STATUSES[change[1]]))
