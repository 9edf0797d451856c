"""What keeps mail from running in circles: confirmations have a budget, and a flood is told on the desk only."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Attempt, User
from app.accounts.sign_in import digest
from app.channels.email.models import InboundMail
from app.channels.email.own import untagged
from app.channels.email.settings import mail as settings
from app.core.db import db
from app.core.events import record, unmailed, unmailed_to

from ..models import Ticket
from .case import Case

MOST, WINDOW = 10, timedelta(minutes=10)
"""More mails than this of one sender, or on one ticket, in such a time, and nobody is told of them by mail."""
BUDGET = ((1, timedelta(minutes=10)), (5, timedelta(days=1)))
"""How many confirmations one person's mailbox gets in which time, under all its tags."""


def braked(case: Case) -> AbstractContextManager[None]:
    """What the mail does to the ticket, told by mail only while there is no flood."""
    ticket_id = case.ticket.id if case.ticket is not None and case.reference == "signed" else None
    return unmailed(is_flooded(case.row, case.mail.sender.email if case.mail.sender else "", ticket_id))


def is_flooded(row: InboundMail, sender: str, ticket_id: int | None) -> bool:
    """Whether too many came before this one, of its sender or on its ticket."""
    since = row.came_at - WINDOW
    whose = [InboundMail.sender == sender] * bool(sender)
    whose += [InboundMail.ticket_id == ticket_id] * (ticket_id is not None)
    return any(_tenth(row, condition, since) for condition in whose)


def _tenth(row: InboundMail, condition: Any, since: datetime) -> bool:
    """Whether the tenth mail before this one came within the window: one step back in an index, not a count."""
    earlier = (sa.select(InboundMail.came_at).where(condition, InboundMail.id < row.id, InboundMail.state == "taken")
               .order_by(InboundMail.id.desc()).offset(MOST - 1).limit(1))
    came_at = db.session.scalar(earlier)
    return came_at is not None and came_at > since


def acknowledge(case: Case, ticket: Ticket) -> None:
    """Confirm a new request to who asked for it: never to a machine, to a forged address, or beyond the budget."""
    is_asked = settings.acknowledge and case.nature in ("person", "forward") and case.proof != "failed"
    if is_asked and case.user is ticket.requester and may_confirm(ticket.requester, case.now):
        record("ticket.acknowledged", ticket, None, case.now)


def may_confirm(person: User, now: datetime) -> bool:
    """Spend one of the budget of the person's mailbox; false when there is none left. The person's row is locked, so
    that several processes do not spend the same one."""
    db.session.execute(sa.select(User.id).where(User.id == person.id).with_for_update())
    key = f"confirmed:{digest(untagged(person.email))}"
    if any(_spent(key, now - window) >= most for most, window in BUDGET):
        return False
    db.session.add(Attempt(key=key, at=now))
    return True


def sparing(requester: User, case: Case) -> AbstractContextManager[None]:
    """What is filed for somebody because a mail says that an agent passes it on: unless that is proven, it is told to
    this person as sparingly as confirmations are."""
    is_spared = case.proof != "proven" and requester is not case.user and not may_confirm(requester, case.now)
    return unmailed_to(requester if is_spared else None)


def _spent(key: str, since: datetime) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(Attempt.key == key, Attempt.at > since)) or 0
