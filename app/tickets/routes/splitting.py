"""What was put together wrongly and what never belonged together: a merge taken back, a ticket split. And on paper."""

from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from app.catalogue import queries as catalogue
from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.errors import Invalid
from app.core.forms import stop_writing
from app.core.policy import may

from .. import bp, fields, forms, merging, queries, showing
from ..models import Ticket
from ..show import plain_status_names, status_names
from .filing import on_offer
from .page import back_to, onwards, saved


@bp.post("/tickets/<int:number>/merge/removal")
@asks("ticket.unmerge", of=queries.by_number)
def merge_remove(ticket):
    merging.take_apart(ticket, current_user._get_current_object(), clock.now())
    return saved(ticket)


@bp.get("/tickets/<int:number>/split")
@asks("ticket.split", of=queries.for_page)
def split_new(ticket):
    said = merging.splittable(ticket)
    chosen = request.args.get("message", type=int)
    form = _form(said, formdata=None, subject=ticket.subject, request_type=ticket.request_type.slug,
                 messages=[chosen or said[-1].id] if said else [], submission=forms.new_submission())
    return _page(ticket, form, said)


@bp.post("/tickets/<int:number>/split")
@asks("ticket.split", of=queries.by_number)
def split_create(ticket):
    said, number = merging.splittable(ticket), ticket.number
    form = _form(said)
    if not form.validate():
        return _again(number, form, 400)
    try:
        new = _split(ticket, form, said)
        db.session.commit()
    except Invalid as refused:
        form.messages.errors = [refused.message]
        return _again(number, form, 400)
    except IntegrityError:
        db.session.rollback()
        new = queries.filed_by_form(current_user, form.submission.data)
        if new is None:
            raise
    flash(_("Split off as ticket %(number)s. The old one keeps its messages.", number=new), "success")
    return onwards(new) if queries.is_seen(current_user, new) else back_to(number)


def _split(ticket: Ticket, form: forms.SplitForm, said: list[Any]) -> int:
    part = merging.Part(form.subject.data, on_offer(form.request_type.data),
                        [message for message in said if message.id in form.messages.data], form.submission.data)
    return merging.split(ticket, part, current_user._get_current_object(), clock.now()).number


def _form(said: list[Any], **about: Any) -> forms.SplitForm:
    """What may be chosen: what the requester's side said, and what one may file under."""
    form = forms.SplitForm(**about)
    form.messages.choices = [(message.id, "") for message in said]
    form.request_type.choices = [(kind.slug, kind.title) for kind in catalogue.on_offer()]
    return form


def _again(number: int, form: forms.SplitForm, code: int) -> tuple[str, int]:
    stop_writing()
    ticket = queries.for_page(current_user, number)
    return _page(ticket, form, merging.splittable(ticket), code)


def _page(ticket: Ticket, form: forms.SplitForm, said: list[Any], code: int = 200) -> tuple[str, int]:
    return render_template("tickets/split.html", ticket=ticket, form=form, said=said, body=showing.body), code


@bp.get("/tickets/<int:number>/print")
@asks("ticket.read", of=queries.for_page)
def ticket_print(ticket):
    """All of it on one page for paper or a PDF; notes only for the staff, and only where they are asked for."""
    staff = may(current_user, "ticket.read_notes", ticket)
    with_notes = staff and "notes" in request.args
    talk = queries.whole_conversation(ticket, with_notes)
    return render_template(
        "tickets/print.html", ticket=ticket, talk=talk, is_staff=staff, with_notes=with_notes, now=clock.now(),
        shown=showing.for_reader(with_notes), statuses=status_names() if staff else plain_status_names(),
        answers=fields.shown(ticket.request_type, ticket.fields))
