"""Sending with a second look and a way back: the check, the seconds for taking a reply back, what came back."""

from datetime import datetime
from typing import Any

from flask import flash, render_template, request, session
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.models import User
from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.errors import Invalid
from app.core.files import StoredFile
from app.core.markup import clean_text
from app.core.uploads import chosen, uploads
from app.core.web import only_reads

from .. import articles, bp, forms, mentions, queries
from ..models import Message, OutgoingReply, Ticket
from ..sending import context, outgoing
from ..sending import queries as sending
from ..sending.checking import Finding
from . import page
from .states import morning_of

IN_SESSION = "going_out"


@bp.post("/tickets/<int:number>/reply-check")
@asks("ticket.reply", of=queries.for_page)
@only_reads
def reply_check(ticket):
    """A piece of the composer: what the check finds in what is typed so far."""
    is_last, has_files = request.form.get("then") == "resolve", bool(chosen() or request.form.get("has_files"))
    text = clean_text(request.form.get("body", "")[:forms.LONGEST_BODY])
    findings = context.found(ticket, text, current_user, has_files, is_last) if text else []
    return render_template("tickets/_reply_check.html", findings=findings)


def findings(ticket: Ticket, form: forms.SpeakingForm) -> list[Finding]:
    """What is to be seen before this leaves: everything, if something grave is among it that was not shown yet."""
    if not isinstance(form, forms.ReplyForm) or not form.check.data:
        return []
    found = context.found(ticket, form.body.data, current_user, form.brings_files, form.then.data == "resolve")
    return found if any(one.is_grave and one.check not in form.check.shown for one in found) else []


def held(number: int, form: forms.ReplyForm, found: list[Finding]) -> tuple[str, int]:
    """The page once more; the form that comes back says what was shown, so that the next press sends."""
    form.check.data = " ".join(sorted(form.check.shown | {one.check for one in found} - {"ask"}))
    return page.again(number, 409, reply_form=form, findings=found)


def warn_of_articles(ticket: Ticket, form: Any) -> None:
    """Raises Invalid for links that not everybody can open; the page then offers to send it anyway."""
    if form.anyway.data:
        return
    try:
        articles.refuse_unreadable(ticket, form.body.data or "")
    except Invalid:
        form.anyway.errors = [_("Tick this if it is meant so.")]
        raise


def keep(ticket: Ticket, form: forms.ReplyForm, by: User, now: datetime) -> OutgoingReply:
    """Instead of saying it at once."""
    wanted = outgoing.Wanted(form.body.data, form.then.data, form.reason.data, morning_of(form.until.data),
                             form.submission.data, form.seen_message_id.data,
                             [*uploads(), *taken_up(ticket, form, by, now)])
    return outgoing.keep(ticket, wanted, by, now, form.undo_seconds.data)


def taken_up(ticket: Ticket, form: forms.ReplyForm, by: User, now: datetime) -> list[StoredFile]:
    """What came back is sent once more now: the files that are to go along."""
    row = sending.returned(by, ticket, form.returned_reply.data)
    if row is None:
        return []
    outgoing.throw_away(row, now)
    return [file for file in row.files if file.id in form.returned_files.data]


def going_out(ticket: Ticket, row: OutgoingReply) -> Any:
    """Back to the ticket; wherever its author goes in these seconds, the page offers to take it back."""
    number = ticket.number
    for warning in mentions.warnings(Message(body=row.body, format="markdown"), ticket, current_user):
        flash(warning, "warning")
    session[IN_SESSION] = [number, row.id, row.send_at.timestamp()]
    db.session.commit()
    return page.back_to(number, "going-out")


@bp.app_context_processor
def in_templates() -> dict[str, Any]:
    return {"going_out_now": going_out_now}


def going_out_now() -> dict[str, Any] | None:
    """The reply of this person that can still be taken back: its ticket, its id, and how many seconds are left."""
    number, row_id, at = session.get(IN_SESSION) or (0, 0, 0)
    left = at - clock.now().timestamp()
    return {"number": number, "id": row_id, "seconds": int(left) + 1} if left > 0 else None


@bp.post("/tickets/<int:number>/outgoing/<int:reply_id>/undoing")
@asks("signed_in", of=sending.own)
def reply_undo(row):
    """The text is in the composer again, if it was early enough."""
    number, in_time = row.ticket_id, outgoing.take_back(row, clock.now()) or row.state == "back"
    db.session.commit()
    session.pop(IN_SESSION, None)
    if not in_time:
        flash(_("It was too late to take it back: the reply has gone out."), "info")
    return page.onwards(number, anchor="reply-body" if in_time else None)


@bp.post("/tickets/<int:number>/outgoing/<int:reply_id>/removal")
@asks("signed_in", of=sending.own)
def reply_remove(row):
    """What came back is not wanted any more."""
    number = row.ticket_id
    outgoing.throw_away(row, clock.now())
    db.session.commit()
    return page.onwards(number, _("The reply was thrown away. Nothing was sent."))
