"""Being told less: focus time, a muted ticket, and the links of mails that switch something off without signing in."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from app.attention import focus
from app.core import clock
from app.core.access import asks
from app.core.addresses import onward
from app.core.db import db
from app.core.errors import Invalid
from app.core.web import csrf
from app.tickets import queries as tickets

from . import bp, bundles, choices, off
from .letters import speaking_to
from .rhythm import zone_of


@bp.app_context_processor
def focus_shown() -> dict[str, Any]:
    """For the menu of each page."""
    return {"focus_end": focus_end}


def focus_end() -> datetime | None:
    """Until when the reader of this page concentrates, if now."""
    return current_user.focus_until if focus.is_on(current_user, clock.now()) else None


@bp.post("/focus")
@asks("signed_in")
def focus_create():
    person, now = current_user._get_current_object(), clock.now()
    try:
        until = focus.until_of(request.form.get("minutes", ""), request.form.get("until", ""), zone_of(person), now)
        focus.begin(person, until, now)
    except Invalid as refused:
        flash(refused.message, "error")
        return _back()
    bundles.reckon_anew(person, now)
    db.session.commit()
    return _back()


@bp.post("/focus/removal")
@asks("signed_in")
def focus_remove():
    """What waited goes out at once, as one mail."""
    focus.end(current_user)
    bundles.reckon_anew(current_user._get_current_object(), clock.now())
    db.session.commit()
    return _back()


def _back() -> Any:
    return redirect(onward(request.form.get("next"), "/notifications"), 303)


@bp.post("/tickets/<int:number>/mute")
@asks("ticket.read", of=tickets.by_number)
def mute_create(ticket):
    number = ticket.number
    choices.mute(current_user, ticket, clock.now())
    db.session.commit()
    return redirect(url_for("tickets.ticket_show", number=number), 303)


@bp.post("/tickets/<int:number>/mute/removal")
@asks("ticket.read", of=tickets.by_number)
def mute_remove(ticket):
    number = ticket.number
    choices.unmute(current_user, ticket)
    db.session.commit()
    return redirect(url_for("tickets.ticket_show", number=number), 303)


@bp.get("/notifications/off/<token>")
@asks("public", of=off.found)
def off_show(asked):
    return _off_page(asked, done=False)


@bp.post("/notifications/off/<token>")
@csrf.exempt
@asks("public", of=off.found)
def off_create(asked):
    """Also what a mail program sends by itself when its reader presses its button (RFC 8058), without a cookie: the
    signature in the address is what allows it."""
    off.switch(asked, clock.now())
    page = _off_page(asked, done=True)
    db.session.commit()
    return page


def _off_page(asked: off.Off, done: bool) -> str:
    """In the language of the mail."""
    with speaking_to(asked.person):
        return render_template("notifications/off.html", asked=asked, done=done)
