"""Conversable: what is said on the ticket, and the waiting for an answer."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import User
from app.core import clock
from app.core.db import db
from app.core.errors import Conflict, Invalid

from .message import Message
from .related import PendingReason
from .spells import Hold


class Conversable:
    """Replies, answers, notes; holding and resuming."""

    def reply(self, body: str, by: User, at: datetime | None = None, **about: Any) -> Message:
        """A public message of the staff; the first one meets the first-response target."""
        if self.status in ("closed", "cancelled"):
            raise Conflict(_("This ticket has ended; file a follow-up instead."))
        message = self._say("reply", body, by, at, **about)
        self._tell("ticket.replied", by, message.created_at, self._working_status(), message_id=message.id)
        return message

    def receive(self, body: str, by: User, at: datetime | None = None, **about: Any) -> Message:
        """A message of the requester (or of a watcher): a pending or resolved ticket opens again.

        Raises Conflict for an ended ticket; actions.answer files a follow-up then.
        """
        if self.status in ("closed", "cancelled"):
            raise Conflict(_("This ticket has ended; file a follow-up instead."))
        message = self._say("incoming", body, by, at, **about)
        self._tell("ticket.answered", by, message.created_at, message_id=message.id)
        if self.is_pending:
            self.resume(by, message.created_at)
        elif self.status == "resolved":
            self.reopen(by, message.created_at)
        return message

    def receive_automatic(self, body: str, by: User, at: datetime | None = None, **about: Any) -> Message:
        """What a machine of theirs answered (out of office, say): kept, seen by everybody, and nothing else. It opens
        nothing, ends no waiting, asks for no answer; allowed on an ended ticket too."""
        message = self._say("incoming", body, by, at, **about)
        self._tell("ticket.automatic", by, message.created_at, message_id=message.id)
        return message

    def note(self, body: str, by: User | None, at: datetime | None = None, **about: Any) -> Message:
        """Something for agents only, said by one of them or by the desk itself; allowed on an ended ticket too."""
        message = self._say("note", body, by, at, **about)
        self._tell("ticket.noted", by, message.created_at, message_id=message.id)
        return message

    def _say(self, kind: str, body: str, by: User | None, at: datetime | None, **about: Any) -> Message:
        message = Message(kind=kind, body=body, author_id=by.id if by else None, created_at=at or clock.now(), **about)
        self._hang(message, "messages")
        db.session.flush()
        return message

    def hold(self, reason: PendingReason, by: User | None, at: datetime | None = None,
             until: datetime | None = None) -> None:
        """Wait for somebody or something; the reason says whether the resolution clock pauses."""
        if self.is_pending:
            raise Conflict(_("This ticket is already waiting."))
        moment = at or clock.now()
        if reason.needs_date and (until is None or until <= moment):
            raise Invalid(_("Say until when, at a moment still to come."))
        self._tell("ticket.held", by, moment, {"status": "pending"},
                   reason=reason.slug, pauses=reason.pauses, until=until.isoformat() if until else None,
                   **({"waits_for_requester": True} if reason.waits_for_requester else {}))
        self._hang(Hold(reason=reason.slug, pauses=reason.pauses, until=until, started_at=moment,
                        by_id=by.id if by else None), "holds")

    def resume(self, by: User | None, at: datetime | None = None) -> None:
        """Go on; does nothing when the ticket does not wait."""
        if self.is_pending:
            self._tell("ticket.resumed", by, at, {"status": "open"})

    def tell_requester(self, body: str, at: datetime) -> Message:
        """A message of the desk itself: seen and sent like a reply, but it meets no target."""
        message = self._say("reply", body, None, at)
        self._tell("ticket.told", None, at, message_id=message.id)
        return message
