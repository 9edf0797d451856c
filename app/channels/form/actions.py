"""From the form to a request that waits, and from the confirmed link to a ticket.

The token is 256 random bits: the table holds its hash, the waiting mail the token sealed with the key of the instance,
so that a mail which is sent again carries the same link.
"""

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.accounts.sign_in import digest
from app.core import outbox
from app.core.db import claim, db
from app.core.registries import RECEIVERS
from app.core.sealing import seal

from .forms import PublicForm
from .models import FormRequest

LIFE = timedelta(hours=24)
KEPT = timedelta(days=7)
"""After its link has run out a request is kept so long that the link can say so."""


def keep(form: PublicForm, language: str, now: datetime) -> FormRequest:
    """Keep what was written and have the link sent, whether or not the address is known. The caller commits."""
    token = secrets.token_urlsafe(32)
    chosen = form.request_type.data if "request_type" in form else ""
    request = FormRequest(
        token_hash=digest(token), email=form.address.data, name=form.name.data, language=language,
        subject=form.subject.data, body=form.body.data, request_type_id=int(chosen) if chosen else None,
        created_at=now, expires_at=now + LIFE)
    db.session.add(request)
    db.session.flush()
    outbox.enqueue("form_confirm", request_id=request.id, token=seal(token))
    return request


def find(token: str) -> FormRequest | None:
    """The request of a link, however old."""
    return db.session.scalar(sa.select(FormRequest).where(FormRequest.token_hash == digest(token)))


def confirm(request: FormRequest, now: datetime) -> None:
    """File it, once: of two clicks the second finds it filed. Its text then stands on the ticket alone."""
    if not claim(FormRequest, FormRequest.id == request.id, FormRequest.confirmed_at.is_(None), confirmed_at=now):
        db.session.refresh(request)
        return
    db.session.refresh(request)
    request.ticket_id = RECEIVERS["form"](request, now)
    request.body = ""


def forget(now: datetime) -> int:
    """Delete what nobody confirmed, and what was filed, some days after its link ran out; returns how many."""
    return db.session.execute(sa.delete(FormRequest).where(FormRequest.expires_at < now - KEPT)).rowcount
