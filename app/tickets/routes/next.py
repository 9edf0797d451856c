"""The next ticket: opened, or opened and taken in one act."""

import re
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock
from app.core.access import asks
from app.core.db import db, set_reading

from .. import bp, next_ticket, queries

NUMBER = re.compile(r"[0-9]{1,18}")
PAGE = re.compile(r"https?://[^?#]*/tickets/([0-9]{1,18})(?:[/?#]|\Z)")


@bp.get("/queues/next")
@asks("queue.read")
def next_show():
    """On to the ticket that comes after the one somebody looks at."""
    after = _looked_at()
    number = next_ticket.following(current_user._get_current_object(), clock.now(), after)
    if number is None:
        return _nothing_left(after, _("Nothing else waits for you: neither among your tickets nor free in your teams."))
    return redirect(url_for("tickets.ticket_show", number=number), 303)


@bp.post("/queues/next")
@asks("queue.read")
def next_take():
    """The same, taken."""
    after = _looked_at()
    taken = next_ticket.take(current_user._get_current_object(), clock.now(), after)
    db.session.commit()
    if taken is None:
        return _nothing_left(after, _("Nothing is left to take: no ticket of your teams is free, and none of yours is "
                                      "due."))
    if taken.is_new:
        flash(_("You have taken ticket %(number)s.", number=taken.number), "success")
    else:
        flash(_("Ticket %(number)s is yours and due; it comes before anything new.", number=taken.number), "info")
    return redirect(url_for("tickets.ticket_show", number=taken.number), 303)


def _looked_at() -> int | None:
    """The ticket somebody comes from: named, or on the page that asked."""
    given = request.values.get("after", "")
    if NUMBER.fullmatch(given):
        return int(given)
    page = PAGE.match(request.referrer or "")
    return int(page[1]) if page else None


def _nothing_left(after: int | None, sentence: str) -> Any:
    """The sentence, where somebody was."""
    set_reading(True)
    flash(sentence, "info")
    if after is not None and queries.is_seen(current_user, after):
        return redirect(url_for("tickets.ticket_show", number=after), 303)
    return redirect(url_for("tickets.queue_list"), 303)
