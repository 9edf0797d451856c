"""Reading: one's own requests, a ticket, its history."""

from flask import render_template, request
from flask_login import current_user

from app.core import clock
from app.core.access import asks
from app.core.policy import may

from .. import bp, history, queries, queues
from ..show import dues, plain_status_names
from . import page


@bp.get("/tickets")
@asks("ticket.read")
def ticket_list():
    ended = request.args.get("state") == "ended"
    found = queues.asked(current_user, ended, request.args.get("after"))
    return render_template("tickets/mine.html", page=found, ended=ended, due=dues(clock.now()),
                           statuses=plain_status_names())


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
