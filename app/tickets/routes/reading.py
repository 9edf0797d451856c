"""Reading: one's own requests, a ticket, its history."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.models import User
from app.core import clock
from app.core.access import asks
from app.core.markup import clean_line
from app.core.policy import may

from .. import bp, history, queries
from ..asking import own
from ..show import dues, plain_status_names
from . import page


@bp.get("/tickets")
@asks("ticket.read")
def ticket_list():
    """One's own requests; those that wait for an answer have a page of their own, which comes first."""
    person, question = current_user._get_current_object(), clean_line(request.args.get("q", ""))[:own.LONGEST_QUESTION]
    waiting, wanted = own.waiting_count(person), request.args.get("state")
    state = wanted if wanted in own.STATES else own.UNDER_WAY
    found = own.page(person, state, question, request.args.get("after"))
    return render_template("tickets/mine.html", page=found, state=state, q=question, waiting=waiting,
                           waits=_waits(person, found.rows), due=dues(clock.now()),
                           statuses=plain_status_names())


def _waits(person: User, rows: Any) -> dict[int, str]:
    """What is said in the row of a request that waits for this person."""
    waiting = own.waiting_among(person, rows)
    return {row.id: _("We wait for your answer") if row.id in waiting else "" for row in rows}


@bp.get("/tickets/<int:number>")
@asks("ticket.read", of=queries.for_page)
def ticket_show(ticket):
    return page.draw(ticket)


@bp.get("/tickets/<int:number>/history")
@asks("ticket.read", of=queries.for_page)
def history_show(ticket):
    staff = may(current_user, "ticket.read_notes", ticket)
    found = history.page(ticket, staff, request.args.get("after"))
    return render_template("tickets/history.html", ticket=ticket, page=found, lines=history.lines(found.rows, staff))
