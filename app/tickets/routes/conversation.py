"""What is said: the staff's replies and notes, the requester's answers. Each once, and never on a stale view."""

from collections.abc import Callable
from typing import Any

from flask import flash
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.errors import Conflict, Invalid
from app.core.policy import may
from app.core.uploads import takes_files, uploads

from .. import actions, articles, bp, forms, mentions, queries
from ..models import Message, OutgoingReply, Ticket
from ..sending import queries as sending
from . import page, replying
from .states import start_hold


@bp.post("/tickets/<int:number>/replies")
@takes_files
@asks("ticket.reply", of=queries.by_number)
def reply_create(ticket):
    """At once, or in some seconds: what a browser sends from the page asks for the check and can be taken back."""
    form = page.reply_form(ticket)
    if sending.kept_by_form(current_user, form.submission.data) is not None:
        return page.back_to(ticket.number)
    return _speak(ticket, "reply_form", form, _keep if form.undo_seconds.data else _reply)


@bp.post("/tickets/<int:number>/notes")
@takes_files
@asks("ticket.note", of=queries.by_number)
def note_create(ticket):
    return _speak(ticket, "note_form", forms.NoteForm(), _note)


@bp.post("/tickets/<int:number>/answers")
@takes_files
@asks("ticket.answer", of=queries.by_number)
def answer_create(ticket):
    return _speak(ticket, "answer_form", forms.AnswerForm(), _answer)


def _reply(ticket: Ticket, form: forms.ReplyForm, by: User, now: Any) -> Message:
    replying.warn_of_articles(ticket, form)
    message = ticket.reply(form.body.data, by, now, submission=form.submission.data)
    actions.attach(message, replying.taken_up(ticket, form, by, now))
    articles.send(ticket, form.body.data, by, now)
    AFTERWARDS[form.then.data](ticket, form, by, now)
    return message


def _keep(ticket: Ticket, form: forms.ReplyForm, by: User, now: Any) -> OutgoingReply:
    replying.warn_of_articles(ticket, form)
    return replying.keep(ticket, form, by, now)


def _wait(ticket: Ticket, form: forms.ReplyForm, by: User, now: Any) -> None:
    start_hold(ticket, form.reason.data, form.until.data, now)


AFTERWARDS: dict[str, Callable[..., None]] = {
    "stay": lambda ticket, form, by, now: None,
    "wait": _wait,
    "resolve": lambda ticket, form, by, now: ticket.resolve(by, now),
}


def _note(ticket: Ticket, form: forms.NoteForm, by: User, now: Any) -> Message:
    return ticket.note(form.body.data, by, now, submission=form.submission.data)


def _answer(ticket: Ticket, form: forms.AnswerForm, by: User, now: Any) -> Message:
    return actions.answer(ticket, form.body.data, by, now, submission=form.submission.data)


def _speak(ticket: Ticket, name: str, form: forms.SpeakingForm, say: Callable[..., Message | OutgoingReply]) -> Any:
    """Say it, unless the form was sent already or something newer was said that its writer has not seen."""
    number = ticket.number
    if not form.validate():
        return page.again(number, 400, **{name: form})
    said, newer = _meanwhile(ticket, form)
    if said is not None:
        return _onwards(ticket, said)
    if newer:
        return _held_back(number, name, form, newer)
    found = replying.findings(ticket, form)
    if found:
        return replying.held(number, form, found)
    try:
        return _said(ticket, form, say)
    except (Invalid, Conflict) as refused:
        form.body.errors = [*form.body.errors, refused.message]
        return page.again(number, refused.code, **{name: form})
    except IntegrityError:
        return _said_already(number, form)


def _said(ticket: Ticket, form: forms.SpeakingForm, say: Callable[..., Message | OutgoingReply]) -> Any:
    message = say(ticket, form, current_user._get_current_object(), clock.now())
    if isinstance(message, OutgoingReply):
        return replying.going_out(ticket, message)
    actions.attach(message, uploads())
    for warning in mentions.warnings(message, ticket, current_user):
        flash(warning, "warning")
    onwards = _onwards(ticket, message)
    db.session.commit()
    return onwards


def _meanwhile(ticket: Ticket, form: forms.SpeakingForm) -> tuple[Message | None, list[Message]]:
    """What this very form said already, and what others said since its page was drawn."""
    if form.seen_message_id.data is None:
        return None, []
    notes = may(current_user, "ticket.read_notes", ticket)
    since = queries.said_since(ticket, form.seen_message_id.data, form.submission.data, notes)
    own = [message for message in since if message.submission and message.submission == form.submission.data]
    others = [m for m in since if m.author_id != current_user.id and m.id > form.seen_message_id.data]
    return (own[0] if own else None), others


def _held_back(number: int, name: str, form: forms.SpeakingForm, newer: list[Message]) -> tuple[str, int]:
    """Nothing is sent: the newer messages are shown, and the form that comes back knows them."""
    ids = [message.id for message in newer]
    form.seen_message_id.data = ids[-1]
    return page.again(number, 409, newer=ids, **{name: form})


def _onwards(ticket: Ticket, message: Message) -> Any:
    """To the message; what was said on a merged ticket stays on the page of the ticket it was said on."""
    if message.ticket_id == ticket.id or message.via_id == ticket.id:
        return page.back_to(ticket.number, f"m{message.id}")
    flash(_("Your request had ended, so this was filed as a new one. Its number is %(number)s.",
            number=message.ticket_id), "success")
    return page.back_to(message.ticket_id, f"m{message.id}")


def _said_already(number: int, form: forms.SpeakingForm) -> Any:
    """Two processes got the same form at once; the other one was faster."""
    db.session.rollback()
    said = queries.said_by_form(current_user, form.submission.data)
    if said is None and sending.kept_by_form(current_user, form.submission.data) is not None:
        return page.back_to(number)
    if said is None:
        raise
    return _onwards(queries.by_number(current_user, number), said)
