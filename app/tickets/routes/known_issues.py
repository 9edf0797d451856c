"""Troubles announced to everybody: saying it, ending it, and "me too"."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.forms import said, spoken
from app.core.i18n import choose_zone

from .. import bp, forms, queries
from ..asking import known
from ..models import KnownIssue, Ticket
from .acts import Act, done, new
from .page import saved


def _form(ticket: Ticket, **about: Any) -> forms.AnnouncementForm:
    """With what is announced already."""
    issue = known.standing_of(ticket)
    if issue is not None:
        expected = issue.expected_at
        about = {**spoken("titles", issue.titles), **spoken("texts", issue.texts), **about,
                 "is_for_customers": issue.is_for_customers,
                 "expected": expected.astimezone(ZoneInfo(choose_zone())).date() if expected else None}
    return forms.AnnouncementForm(**about)


ANNOUNCEMENT = Act("announcement", _l("Announce as a known issue"), _l("Announce"), _form,
                   _l("Everybody who files requests reads this on the start page and while typing. Nothing of the"
                      " ticket is shown but what you write here."))


@bp.get("/tickets/<int:number>/announcement")
@asks("ticket.announce", of=queries.for_page)
def announcement_new(ticket):
    return new(ANNOUNCEMENT, ticket)


@bp.post("/tickets/<int:number>/announcement")
@asks("ticket.announce", of=queries.by_number)
def announcement_create(ticket):
    return done(ANNOUNCEMENT, ticket, lambda form: known.announce(ticket, _told(form), _me(), clock.now()))


def _told(form: forms.AnnouncementForm) -> known.Told:
    return known.Told(said(form, "titles"), said(form, "texts"), _end_of(form.expected.data),
                      form.is_for_customers.data)


def _end_of(day: date | None) -> datetime | None:
    """The end of a day in the zone of whoever says so."""
    return datetime.combine(day, time(23, 59), ZoneInfo(choose_zone())).astimezone(UTC) if day else None


@bp.post("/tickets/<int:number>/announcement/removal")
@asks("ticket.announce", of=queries.by_number)
def announcement_remove(ticket):
    known.end(ticket, _me(), clock.now())
    flash(_("It is no longer announced; those who had it are told that it is over."), "success")
    return saved(ticket)


@bp.post("/known-issues/<int:issue_id>/affected")
@asks("known_issue.join", of=known.to_join)
def affected_create(issue: KnownIssue):
    """Me too: nothing is filed, and the person is told when it is over. A double click is harmless."""
    try:
        known.join(issue, _me(), clock.now())
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
    flash(_("Good to know. We tell you as soon as it is over; you need not file a request."), "success")
    return redirect(url_for("home.start"), 303)


@bp.post("/known-issues/<int:issue_id>/affected/removal")
@asks("known_issue.join", of=known.to_join)
def affected_remove(issue: KnownIssue):
    known.leave(issue, _me())
    db.session.commit()
    return redirect(url_for("home.start"), 303)


def _me() -> Any:
    return current_user._get_current_object()
