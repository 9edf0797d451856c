"""How much the web form takes: from one address of the network, for one mailbox, for the desk as a whole.

A mailbox is protected whoever names it: beyond these numbers nothing is sent to it.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import Attempt
from app.core.db import db
from app.core.errors import TooMany

from ..email.own import untagged
from .models import FormRequest
from .settings import form

WAITING_PER_ADDRESS, PER_ADDRESS_AND_DAY, PER_HOST_AND_HOUR = 3, 5, 20
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def refuse_too_many(address: str, host: str, now: datetime) -> None:
    """Raises TooMany with a sentence; else counts this one."""
    theirs = _same_mailbox(address)
    if _count(theirs, FormRequest.confirmed_at.is_(None), FormRequest.expires_at > now) >= WAITING_PER_ADDRESS:
        raise TooMany(_("Requests with this address wait to be confirmed already. Please look into the mailbox first."))
    if _count(theirs, FormRequest.created_at > now - DAY) >= PER_ADDRESS_AND_DAY:
        raise TooMany(_("This address has had as many requests as it may have in a day. Please try again tomorrow."))
    if _count(FormRequest.created_at > now - HOUR) >= form.per_hour or _tries(host, now) >= PER_HOST_AND_HOUR:
        raise TooMany(_("The desk gets too many requests at the moment. Please keep your text and try again later."))
    db.session.add(Attempt(key=_key(host), at=now))


def _same_mailbox(address: str) -> Any:
    """With whatever stands behind a plus."""
    local, _at, domain = untagged(address).rpartition("@")
    tagged = sa.and_(FormRequest.email.startswith(f"{local}+", autoescape=True),
                     FormRequest.email.endswith(f"@{domain}", autoescape=True))
    return sa.or_(FormRequest.email == f"{local}@{domain}", tagged)


def _count(*conditions: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(FormRequest).where(*conditions)) or 0


def _tries(host: str, now: datetime) -> int:
    tried = sa.select(sa.func.count()).select_from(Attempt).where(Attempt.key == _key(host), Attempt.at > now - HOUR)
    return db.session.scalar(tried) or 0


def _key(host: str) -> str:
    return f"form@{host}"[:120]
