"""The mail that asks whether an address is whose it is said to be. Nothing in it was written by who filled in the form:
whoever may make the desk write to anybody must not choose the words."""

from datetime import datetime

from flask import current_app, render_template
from flask_babel import force_locale

from app.core import relay
from app.core.db import db
from app.core.i18n import desk
from app.core.outbox import OutboxRow
from app.core.sealing import opened

from ..email.envelope import Letter, Manner, Sealed, envelope
from ..email.send import Route, route, write_and_send
from .models import FormRequest


def form_confirm(row: OutboxRow, now: datetime) -> None:
    """Handler of the outbox. What was confirmed meanwhile, has run out or is forgotten is not asked about; while there
    is no relay it waits for one."""
    write_and_send(_written, row, now=now)


def _written(row: OutboxRow, now: datetime) -> tuple[Sealed, Route] | None:
    request = db.session.get(FormRequest, row.payload["request_id"])
    if request is None or request.confirmed_at or request.expires_at <= now:
        return None
    if not relay.is_set():
        raise OSError("no relay is set")
    letter = letter_of(opened(row.payload["token"]), request.language)
    return envelope(letter, ("", request.email), f"form.{request.id}", now), route()


def letter_of(token: str, language: str) -> Letter:
    """In the language of the form."""
    link = f"{current_app.config['BASE_URL']}/form/{token}?lang={language}"
    with force_locale(language or desk.language):
        subject, text, html = (render_template(f"form/mail/confirm.{part}", desk=desk.name, link=link)
                               for part in ("subject", "text", "html"))
    return Letter(subject.strip(), text.strip() + "\n", html.strip() + "\n", Manner(names_reader=False))
