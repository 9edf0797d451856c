"""Spoken: what was said on the telephone or face to face, and written down by an agent."""

from datetime import datetime

from flask_babel import gettext as _

from app.accounts.models import User
from app.core.errors import Conflict

from .message import Message


class Spoken:
    """Hearing somebody and telling them; both count as if they had been written by who spoke."""

    def hear(self, body: str, who: User, by: User, at: datetime, channel: str,
             submission: str | None = None) -> Message:
        """What somebody outside said: their message, though an agent wrote it down. Opens the ticket as `receive`."""
        self._refuse_ended()
        message = self._say("incoming", body, who, at, entered_by_id=by.id, channel=channel, submission=submission)
        self._tell("ticket.answered", by, at, message_id=message.id, author_id=who.id, on_behalf_of_id=who.id,
                   channel=channel)
        if self.is_pending:
            self.resume(by, at)
        elif self.status == "resolved":
            self.reopen(by, at)
        return message

    def tell(self, body: str, to: User, by: User, at: datetime, channel: str,
             submission: str | None = None) -> Message:
        """What the agent answered by word of mouth: a reply that one person has heard already."""
        self._refuse_ended()
        message = self._say("reply", body, by, at, channel=channel, submission=submission)
        self._tell("ticket.replied", by, at, self._working_status(), message_id=message.id, heard_by_id=to.id,
                   channel=channel)
        return message

    def _refuse_ended(self) -> None:
        if self.status in ("closed", "cancelled"):
            raise Conflict(_("This ticket has ended; file a new one instead."))
