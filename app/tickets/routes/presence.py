"""Who else is at a ticket now, and that one writes there: nothing of it is kept."""

from flask import abort, render_template, request
from flask_login import current_user

from app.core import clock
from app.core.access import asks
from app.core.policy import may
from app.core.presence import store
from app.core.web import only_reads

from .. import bp, presence, queries

COMPOSERS = ("reply", "note", "")


@bp.get("/tickets/<int:number>/presence")
@asks("ticket.read", of=queries.for_page)
def presence_show(ticket):
    staff = may(current_user, "ticket.read_notes", ticket)
    return render_template("tickets/_presence.html", ticket=ticket,
                           there=presence.there(ticket, current_user, staff, clock.now().timestamp()))


@bp.post("/tickets/<int:number>/typing")
@only_reads
@asks("ticket.read", of=queries.for_page)
def typing_create(ticket):
    """`doing` is the composer in which keys are pressed, or empty: stopped."""
    doing = request.form.get("doing", "")
    staff = may(current_user, "ticket.read_notes", ticket)
    if doing not in COMPOSERS or not staff and doing == "note":
        abort(400)
    if staff or may(current_user, "ticket.answer", ticket):
        store().types(ticket.id, "ticket" if staff else "request", current_user, doing, clock.now().timestamp())
    return "", 204
