"""How a template would look: with what an example says, or for one ticket."""

from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _
from markupsafe import Markup

from app.accounts.models import User
from app.core import markup
from app.core.errors import NotFound
from app.core.i18n import LANGUAGES

from .. import policy, queries
from ..models import Ticket
from . import placeholders
from .forms import KeptForm


class Sheet(NamedTuple):
    """A text in one language as its reader would see it."""

    code: str
    language: str
    html: Markup


def preview(form: KeptForm, person: User, now: datetime) -> list[Sheet]:
    """What the form says in each language it has words in; a ticket that is not this person's to work on is refused."""
    ticket = _ticket(form, person)
    return [Sheet(code, name, markup.render(_said(form[f"bodies_{code}"].data, code, ticket, person, now)))
            for code, name in LANGUAGES.items() if form[f"bodies_{code}"].data]


def _ticket(form: KeptForm, person: User) -> Ticket | None:
    if form.number is None:
        return None
    try:
        ticket = queries.for_page(person, form.number)
    except NotFound:
        ticket = None
    if ticket is not None and policy.reads_notes(person, ticket):
        return ticket
    form.ticket.errors = [_("There is no such ticket among those you work on.")]
    return None


def _said(body: str, language: str, ticket: Ticket | None, person: User, now: datetime) -> str:
    if ticket is None:
        return placeholders.exampled(body)
    return placeholders.filled(body, placeholders.Case(ticket, person, now, language))
