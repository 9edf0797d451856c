"""A verb that asks for words has a page of its own: the form, what it means, and the form again if it was refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask_login import current_user

from app.core import clock
from app.core.db import db
from app.core.errors import Conflict, Invalid
from app.core.forms import Form, stop_writing

from .. import history, queries
from ..models import Ticket
from .page import onwards


@dataclass(frozen=True)
class Act:
    """What the page of a verb says; `form(ticket, formdata)` makes its form, `lead` may be empty."""

    noun: str
    title: Any
    submit: Any
    form: Callable[..., Form]
    lead: Any = ""
    readers: Any = ""
    kind: str = "primary"


def page(act: Act, ticket: Ticket, form: Form, code: int = 200, refusal: str = "") -> tuple[str, int]:
    return render_template("tickets/act.html", act=act, ticket=ticket, form=form, refusal=refusal), code


def new(act: Act, ticket: Ticket) -> tuple[str, int]:
    """The empty page."""
    return page(act, ticket, act.form(ticket, formdata=None))


def done(act: Act, ticket: Ticket, verb: Callable[[Form], Any]) -> Any:
    """Run the verb with a good form and go back to the ticket; else the page again with what was typed."""
    number, form, began = ticket.number, act.form(ticket), clock.now()
    if not form.validate():
        return _again(act, number, form, 400)
    try:
        verb(form)
        db.session.commit()
    except (Invalid, Conflict) as refused:
        return _again(act, number, form, refused.code, refused.message)
    return onwards(number, history.last_deed(current_user, number, began))


def _again(act: Act, number: int, form: Form, code: int, refusal: str = "") -> tuple[str, int]:
    stop_writing()
    return page(act, queries.for_page(current_user, number), form, code, refusal)
