"""A macro on a ticket: chosen, looked at, run as a whole or not at all."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotAllowed, NotFound
from app.core.forms import stop_writing

from .. import articles, bp, forms, mentions, queries
from ..models import Message, Ticket
from ..sending import context
from ..templating import placeholders, running
from ..templating.macro_forms import RunForm
from ..templating.models import Macro
from ..templating.queries import macro as found
from ..templating.queries import offered
from . import page, replying


@bp.get("/tickets/<int:number>/macros")
@asks("ticket.read_notes", of=queries.for_page)
def macro_choose(ticket: Ticket):
    return render_template("tickets/macro_choice.html", ticket=ticket, macros=offered(_me(), Macro, ticket))


def _ticket(person: Any, number: int, macro_id: int) -> Ticket:
    return queries.for_page(person, number)


def _locked(person: Any, number: int, macro_id: int) -> Ticket:
    return queries.by_number(person, number)


@bp.get("/tickets/<int:number>/macros/<int:macro_id>")
@asks("ticket.read_notes", of=_ticket)
def macro_run_new(ticket: Ticket):
    """What it would say and change; nothing is done."""
    seen = max((said.id for said in queries.conversation(ticket, notes=True).messages if said.ticket_id == ticket.id),
               default=0)
    macro, now = _macro(), clock.now()
    form = RunForm(formdata=None, submission=forms.new_submission(), seen_message_id=seen,
                   body=running.words(macro, ticket, _me(), now))
    return _page(ticket, macro, form)


@bp.post("/tickets/<int:number>/macros/<int:macro_id>")
@asks("ticket.read_notes", of=_locked)
def macro_run_create(ticket: Ticket):
    """Once, on what was seen, all of it or nothing."""
    macro, form, person = _macro(), RunForm(), _me()
    if running.was_run(ticket, person, form.submission.data):
        return _to(ticket.number, macro.goes_on)
    newer = _newer(ticket, form)
    if not form.validate() or newer:
        return _again(ticket.number, macro.id, form, 409 if newer else 400, newer=newer)
    try:
        return _done(ticket, macro, form)
    except (Invalid, Conflict, NotAllowed) as refused:
        return _again(ticket.number, macro.id, form, refused.code, refusal=refused.message)


def _done(ticket: Ticket, macro: Macro, form: RunForm) -> Any:
    if macro.says == "reply" and not form.anyway.data:
        replying.warn_of_articles(ticket, form)
        _warn_of_words(ticket, macro, form)
    now = clock.now()
    message = running.run(macro, ticket, form.body.data or "", _me(), now, form.submission.data)
    _warn_of_mentions(message, ticket)
    number, goes_on = ticket.number, macro.goes_on
    db.session.commit()
    flash(_("The macro was run on ticket %(number)s.", number=number), "success")
    return _to(number, goes_on)


def _warn_of_words(ticket: Ticket, macro: Macro, form: RunForm) -> None:
    """What every reply is checked for before it leaves."""
    found = context.found(ticket, form.body.data or "", _me(), False, macro.steps.get("then") == "resolve")
    grave = [str(one.sentence) for one in found if one.is_grave and one.check != "placeholder"]
    if grave:
        form.anyway.errors = [_("Tick this if it is meant so.")]
        raise Invalid(_("Nothing was sent yet: %(findings)s", findings="; ".join(grave)))


def _warn_of_mentions(message: Message | None, ticket: Ticket) -> None:
    for warning in mentions.warnings(message, ticket, current_user) if message is not None else ():
        flash(warning, "warning")


def _newer(ticket: Ticket, form: RunForm) -> list[Message]:
    """What others said since the page was drawn."""
    seen = form.seen_message_id.data
    if seen is None:
        return []
    return [said for said in queries.said_since(ticket, seen, form.submission.data, notes=True)
            if said.id > seen and said.author_id != current_user.id]


def _again(number: int, macro_id: int, form: RunForm, code: int, newer: list[Message] | None = None,
           refusal: str = "") -> tuple[str, int]:
    """The page once more, with what was typed; nothing was done. The form that comes back knows what is newer."""
    ids = [said.id for said in newer or []]
    if ids:
        form.seen_message_id.data = ids[-1]
    stop_writing()
    ticket = queries.for_page(current_user, number)
    said = [one for one in queries.conversation(ticket, notes=True).messages if one.id in ids]
    return _page(ticket, found(_me(), macro_id), form, newer=said, refusal=refusal), code


def _page(ticket: Ticket, macro: Macro, form: RunForm, newer: list[Message] | None = None, refusal: str = "") -> str:
    outlook = running.outlook(macro, ticket, _me(), clock.now())
    return render_template("tickets/macro_run.html", ticket=ticket, macro=macro, form=form, outlook=outlook,
                           newer=newer or [], refusal=refusal, readers=articles.outside(ticket),
                           has_holes=placeholders.has_holes(form.body.data or ""))


def _macro() -> Macro:
    """The macro of the address, if this person may use it now."""
    macro = found(_me(), request.view_args["macro_id"])
    if not macro.is_active:
        raise NotFound()
    return macro


def _to(number: int, goes_on: bool) -> Any:
    """To the next ticket, or back to this one; where it went out of sight, to the lists."""
    if goes_on:
        return redirect(url_for("tickets.next_show", after=number), 303)
    return page.onwards(number)


def _me() -> Any:
    return current_user._get_current_object()
