"""Waiting and going on, the end and the new beginning."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.core import clock
from app.core.access import asks
from app.core.i18n import choose_zone
from app.kb.queries import to_read

from .. import actions, articles, bp, forms, queries
from ..models import Ticket
from .acts import Act, done, new
from .page import reasons, saved


def _hold_form(ticket: Ticket, **about: Any) -> forms.HoldForm:
    form = forms.HoldForm(**about)
    form.reason.choices = reasons()
    return form


HOLD = Act("hold", _l("Let the ticket wait"), _l("Wait"), _hold_form,
           _l("The requester sees that the ticket waits, and for what. An answer of the requester ends the waiting."))
CANCELLATION = Act("cancellation", _l("Cancel the request"), _l("Cancel the request"),
                   lambda ticket, **about: forms.CancellationForm(**about),
                   _l("Nobody works on it any more. It cannot be opened again; file a new one instead."), kind="danger")


@bp.get("/tickets/<int:number>/hold")
@asks("ticket.hold", of=queries.for_page)
def hold_new(ticket):
    return new(HOLD, ticket)


@bp.post("/tickets/<int:number>/hold")
@asks("ticket.hold", of=queries.by_number)
def hold_create(ticket):
    return done(HOLD, ticket, lambda form: start_hold(ticket, form.reason.data, form.until.data, clock.now()))


def start_hold(ticket: Ticket, slug: str, until: date | None, now: datetime) -> None:
    """Wait for a reason, perhaps until the morning of a day in the zone of whoever says so."""
    moment = morning_of(until)
    reason = actions.pending_reason(slug, moment, now)
    ticket.hold(reason, current_user._get_current_object(), now, moment)


def morning_of(day: date | None) -> datetime | None:
    """The beginning of a day where the person is who names it."""
    return datetime.combine(day, time(), ZoneInfo(choose_zone())).astimezone(UTC) if day else None


@bp.post("/tickets/<int:number>/resumption")
@asks("ticket.resume", of=queries.by_number)
def resumption_create(ticket):
    ticket.resume(current_user, clock.now())
    return saved(ticket)


@bp.post("/tickets/<int:number>/resolution")
@asks("ticket.resolve", of=queries.by_number)
def resolution_create(ticket):
    """With the article that solved it, if one is named."""
    now, named = clock.now(), request.form.get("article")
    ticket.resolve(current_user, now)
    if named:
        articles.solve(ticket, to_read(current_user, named), current_user, now)
    return saved(ticket)


@bp.post("/tickets/<int:number>/reopening")
@asks("ticket.reopen", of=queries.by_number)
def reopening_create(ticket):
    actions.reopen(ticket, current_user, clock.now())
    return saved(ticket)


@bp.post("/tickets/<int:number>/confirmation")
@asks("ticket.confirm", of=queries.by_number)
def confirmation_create(ticket):
    """Who asked says that it works: it need not stay open for a while."""
    ticket.close(current_user, clock.now())
    flash(_("Good. Thank you for telling us."), "success")
    return saved(ticket)


@bp.get("/tickets/<int:number>/cancellation")
@asks("ticket.cancel", of=queries.for_page)
def cancellation_new(ticket):
    return new(CANCELLATION, ticket)


@bp.post("/tickets/<int:number>/cancellation")
@asks("ticket.cancel", of=queries.by_number)
def cancellation_create(ticket):
    return done(CANCELLATION, ticket, lambda form: ticket.cancel(form.reason.data, current_user, clock.now()))
