"""Links at the foot of mails that switch one thing off, without signing in: a topic by mail, or one ticket.

What such a link can do is little, and its signature makes it nobody else's to write. Opening it changes nothing, since
mail scanners open everything.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app

from app.accounts.models import User
from app.core.db import db
from app.core.errors import NotFound
from app.tickets.models import Ticket

from . import choices
from .topics import TOPICS, Topic

_TOKEN = re.compile(r"(\d{1,9})\.([a-z_]{1,30})\.(\d{1,18})\.([0-9a-f]{32})", re.ASCII)


@dataclass(frozen=True)
class Off:
    """What a link switches off, for whom: the mails of a topic, or all that can be muted about one ticket."""

    person: User
    topic: Topic
    ticket: Ticket | None


def link(person: User, topic: Topic, ticket: Ticket | None = None) -> str:
    """The address that switches off the mails of this topic, or, where a ticket is given, mutes that ticket for this
    person; '' where it would change nothing."""
    changes = topic.can_be_off if ticket is None else not (topic.passes or topic.is_own)
    if not changes:
        return ""
    what = f"{person.id}.{topic.name}.{ticket.id if ticket is not None else 0}"
    return f"{current_app.config['BASE_URL']}/notifications/off/{what}.{_signature(what)}"


def _signature(what: str) -> str:
    return hmac.new(current_app.config["SECRET_KEY"], b"off:" + what.encode(), hashlib.sha256).hexdigest()[:32]


def found(_reader: Any, token: str) -> Off:
    """What a token means, whoever opens it. Raises NotFound for one that we did not write, or of what is gone."""
    parts = _TOKEN.fullmatch(token)
    if parts is None or not hmac.compare_digest(parts.group(4), _signature(token.rpartition(".")[0])):
        raise NotFound()
    person, topic = db.session.get(User, int(parts.group(1))), TOPICS.get(parts.group(2))
    ticket = db.session.get(Ticket, int(parts.group(3))) if parts.group(3) != "0" else None
    if person is None or not person.is_active or topic is None or (ticket is None and parts.group(3) != "0"):
        raise NotFound()
    if ticket is None and not topic.can_be_off:
        raise NotFound()
    return Off(person, topic, ticket)


def switch(asked: Off, now: datetime) -> None:
    """Twice is harmless."""
    if asked.ticket is not None:
        choices.mute(asked.person, asked.ticket, now)
    else:
        choices.switch_off(asked.person, asked.topic)
