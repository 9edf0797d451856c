"""What mail asks of an agent on a ticket: letting somebody in, joining two tickets, sending a note after all."""

from flask import request
from flask_login import current_user

from app.core import clock
from app.core.access import asks
from app.core.db import db

from .. import bp, queries
from ..inbound import ccs, proposals, unsent
from .page import in_address, onwards, saved


@bp.post("/tickets/<int:number>/ccs/<int:cc_id>/approval")
@asks("ticket.add_watcher", of=in_address)
def cc_approve(ticket):
    ccs.approve(ccs.of(ticket, request.view_args["cc_id"]), ticket, current_user._get_current_object(), clock.now())
    return saved(ticket)


@bp.post("/tickets/<int:number>/ccs/<int:cc_id>/refusal")
@asks("ticket.add_watcher", of=in_address)
def cc_refuse(ticket):
    ccs.refuse(ccs.of(ticket, request.view_args["cc_id"]), ticket, current_user._get_current_object(), clock.now())
    return saved(ticket)


@bp.post("/tickets/<int:number>/proposal/acceptance")
@asks("ticket.merge", of=queries.by_number)
def proposal_accept(ticket):
    """On to the other ticket, where the work goes on."""
    number = proposals.accept(ticket, current_user._get_current_object(), clock.now()).number
    db.session.commit()
    return onwards(number)


@bp.post("/tickets/<int:number>/proposal/dismissal")
@asks("ticket.link", of=queries.by_number)
def proposal_dismiss(ticket):
    proposals.dismiss(ticket, current_user._get_current_object(), clock.now())
    return saved(ticket)


@bp.post("/tickets/<int:number>/messages/<int:message_id>/sending")
@asks("ticket.reply", of=in_address)
def note_send(ticket):
    note = unsent.of(ticket, request.view_args["message_id"])
    reply = unsent.send(note, ticket, current_user._get_current_object(), clock.now())
    return saved(ticket, f"m{reply.id}")
