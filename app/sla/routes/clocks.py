"""The clocks of a ticket explained: to the staff with every reason, to the requester in plain words."""

from typing import Any

from flask import Response, jsonify, render_template, request
from flask_babel import gettext as _

from app.core import clock
from app.core.access import asks
from app.core.errors import Invalid
from app.tickets.correction import MEANT, Correction
from app.tickets.models import Ticket
from app.tickets.queries import for_page
from app.tickets.vocabulary import IMPACTS, KINDS, URGENCIES

from .. import bp, panels, plain, story, telling
from ..as_data import as_data
from ..strip import kinds, strip

WORDS = {"kind": KINDS, "impact": IMPACTS, "urgency": URGENCIES}


@bp.get("/tickets/<int:number>/clocks")
@asks("ticket.read_notes", of=for_page)
def clocks_show(ticket):
    account = story.account(ticket, clock.now())
    if request.args.get("format") == "json":
        return jsonify(as_data(account))
    if request.args.get("format") == "text":
        return Response(telling.as_text(account), mimetype="text/plain")
    strips = [strip(one.explanation.segments, one.explanation.ahead) for one in account.stories]
    return render_template("sla/clocks.html", ticket=ticket, account=account, telling=telling, strips=strips,
                           kinds=kinds(strips), in_full=request.args.get("stretches") == "all")


@bp.get("/tickets/<int:number>/promise")
@asks("ticket.read", of=for_page)
def promise_show(ticket):
    promises = plain.told(ticket, clock.now())
    strips = [strip(one.segments, one.ahead) for one in promises]
    return render_template("sla/promise.html", ticket=ticket, promises=list(zip(promises, strips, strict=True)),
                           kinds=kinds(strips))


@bp.get("/tickets/<int:number>/facts/promise")
@asks("ticket.change", of=for_page)
def facts_promise(ticket):
    """Old and new deadlines for the facts in the address, as the page of facts shows them while it is filled in."""
    return panels.deadlines(Correction(ticket, _facts(ticket)), clock.now())


def _facts(ticket: Ticket) -> dict[str, Any]:
    """Raises Invalid for a value that no form offers. A request type that is none matches no rule of its own."""
    said = {fact: request.args.get(fact, str(getattr(ticket, fact))) for fact in MEANT}
    if any(said[fact] not in words for fact, words in WORDS.items()) or not said["request_type_id"].isdecimal():
        raise Invalid(_("Not a valid choice."))
    return said | {"request_type_id": int(said["request_type_id"][:18])}
