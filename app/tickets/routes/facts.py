"""The facts of a ticket, corrected by an agent; who saves second is told what changed and loses nothing typed."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import render_template
from flask_login import current_user

from app.catalogue import queries as catalogue
from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.events import Event
from app.core.forms import stop_writing
from app.core.registries import panels
from app.core.web import only_reads

from .. import actions, bp, forms, history, queries
from ..correction import MEANT, Correction
from ..models import Ticket
from ..vocabulary import IMPACTS, KINDS, URGENCIES
from .page import saved

WORDS = {"kind": KINDS, "impact": IMPACTS, "urgency": URGENCIES}
FACTS = ("subject", "kind", "request_type_id", "impact", "urgency")


@dataclass(frozen=True)
class Clash:
    """One fact that somebody else changed since the page was drawn."""

    label: str
    seen: str
    now: str


@bp.get("/tickets/<int:number>/facts")
@asks("ticket.change", of=queries.for_page)
def facts_new(ticket):
    return _page(ticket, _form(ticket, formdata=None))


@bp.post("/tickets/<int:number>/facts")
@asks("ticket.change", of=queries.by_number)
def facts_create(ticket):
    number, form = ticket.number, _form(ticket)
    if not form.validate():
        stop_writing()
        return _page(queries.for_page(current_user, number), form, 400)
    changed = _changed_meanwhile(ticket, form)
    if changed:
        stop_writing()
        return _clash(queries.for_page(current_user, number), form, changed)
    actions.correct(ticket, {fact: form[fact].data for fact in FACTS}, current_user, clock.now())
    return saved(ticket)


@bp.post("/tickets/<int:number>/facts/preview")
@asks("ticket.change", of=queries.for_page)
@only_reads
def facts_preview(ticket):
    """What was typed, with the deadlines it would bring; nothing is saved."""
    form = _form(ticket)
    return _page(ticket, form, 200 if form.validate() else 400)


def _form(ticket: Ticket, **about: Any) -> forms.FactsForm:
    shown = {fact: getattr(ticket, fact) for fact in FACTS}
    if "formdata" in about:
        about |= shown | {"version": ticket.version} | {f"was_{fact}": value for fact, value in shown.items()}
    form = forms.FactsForm(**about)
    form.request_type_id.choices = list(_kinds(ticket).items())
    return form


def _kinds(ticket: Ticket) -> dict[int, str]:
    """Request types on offer, and the ticket's own even if it is offered no more."""
    return {kind.id: kind.title for kind in [*catalogue.on_offer(), ticket.request_type]}


def _changed_meanwhile(ticket: Ticket, form: forms.FactsForm) -> list[str]:
    """The facts that stand otherwise than the page showed; a message or a deadline in between is no clash.

    A form that does not say what it showed clashes in every fact as soon as the version differs.
    """
    if form.version.data == ticket.version:
        return []
    return [fact for fact in FACTS if str(form[f"was_{fact}"].data) != str(getattr(ticket, fact))]


def _clash(ticket: Ticket, form: forms.FactsForm, changed: list[str]) -> tuple[str, int]:
    """What was typed stays; what was left alone takes the other one's value; saving again then means both."""
    clashes = [Clash(form[fact].label.text, _worded(ticket, fact, form[f"was_{fact}"].data),
                     _worded(ticket, fact, getattr(ticket, fact))) for fact in changed]
    for fact in FACTS:
        if str(form[fact].data) == str(form[f"was_{fact}"].data):
            form[fact].data = getattr(ticket, fact)
        form[f"was_{fact}"].data = getattr(ticket, fact)
    form.version.data = ticket.version
    return _page(ticket, form, 409, clashes=clashes, event=_last_change(ticket))


def _worded(ticket: Ticket, fact: str, value: Any) -> str:
    if fact == "request_type_id":
        return _kinds(ticket).get(value, "")
    return str(WORDS.get(fact, {}).get(value, value or ""))


def _last_change(ticket: Ticket) -> history.Line | None:
    """Who changed it last."""
    statement = (sa.select(Event).where(Event.subject_type == "ticket", Event.subject_id == ticket.id,
                                        Event.kind == "ticket.changed").order_by(Event.id.desc()).limit(1))
    lines = history.lines(list(db.session.scalars(statement)), staff=True)
    return lines[0] if lines else None


def _page(ticket: Ticket, form: forms.FactsForm, code: int = 200, **about: Any) -> tuple[str, int]:
    meant = panels("facts", _meant(ticket, form), current_user, clock.now())
    return render_template("tickets/facts.html", ticket=ticket, form=form, panels=meant, **about), code


def _meant(ticket: Ticket, form: forms.FactsForm) -> Correction:
    """The correction that the form speaks of; what it says wrongly stays as it is."""
    offered = {fact: [choice.value for choice in form[fact].choices] for fact in MEANT}
    said = {fact: form[fact].data for fact in MEANT if form[fact].data in offered[fact]}
    return Correction(ticket, {fact: said.get(fact, getattr(ticket, fact)) for fact in MEANT})

