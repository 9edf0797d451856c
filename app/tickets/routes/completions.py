"""What may be chosen from while somebody writes on a ticket; without scripts, a page of reply templates to take one."""

from typing import Any

from flask import render_template, request
from flask_login import current_user

from app.core import clock
from app.core.access import asks
from app.core.errors import NotFound
from app.core.markup import clean_line
from app.core.web import only_reads

from .. import bp, forms, queries
from ..models import Ticket
from ..templating import completions, placeholders
from ..templating.completions import LONGEST_WORDS, Asked
from ..templating.models import ReplyTemplate
from ..templating.queries import offered, reply_template
from . import page


@bp.get("/tickets/<int:number>/completions")
@asks("ticket.read_notes", of=queries.for_page)
def completion_list(ticket: Ticket):
    """The lines of one list, for the words typed so far."""
    asked = Asked(ticket, _me(), clean_line(request.args.get("q", ""))[:LONGEST_WORDS],
                  request.args.get("in") == "note", clock.now())
    return render_template("tickets/_completions.html", lines=completions.lines(request.args.get("kind", ""), asked))


@bp.post("/tickets/<int:number>/reply-templates")
@asks("ticket.reply", of=queries.for_page)
@only_reads
def reply_template_choose(ticket: Ticket):
    """What was typed so far, and the templates; the chosen one goes behind it. Nothing is sent."""
    form = page.reply_form(ticket)
    number, _dot, language = request.form.get("template", "").partition(".")
    if number.isascii() and number.isdigit() and len(number) < 10:
        return _taken(ticket, form, reply_template(_me(), int(number)), language)
    typed = [(name, text) for name, text in request.form.items(multi=True)
             if name in form._fields and name not in ("csrf_token", "files")]
    language = completions.language_for(ticket, is_note=False)
    return render_template("tickets/reply_template_choice.html", ticket=ticket, typed=typed, language=language,
                           templates=[(one, _filled(one, ticket, language))
                                      for one in offered(_me(), ReplyTemplate, ticket)])


def _taken(ticket: Ticket, form: forms.ReplyForm, template: ReplyTemplate, language: str) -> Any:
    """The page of the ticket with the words in the reply."""
    if not template.is_active:
        raise NotFound()
    said = _filled(template, ticket, language or completions.language_for(ticket, is_note=False))
    form.body.data = "\n\n".join(part for part in (form.body.data, said) if part)
    return page.draw(ticket, reply_form=form)


def _filled(template: ReplyTemplate, ticket: Ticket, language: str) -> str:
    spoken = completions.spoken(template, language)
    return placeholders.filled(template.bodies.get(spoken, ""),
                               placeholders.Case(ticket, _me(), clock.now(), spoken))


def _me() -> Any:
    return current_user._get_current_object()
