"""The administrator's pages of working hours."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.policy import behind
from app.core import clock, edits
from app.core.access import asks
from app.core.db import db
from app.core.forms import said, stop_writing
from app.core.i18n import language
from app.core.registries import panels
from app.core.versions import may_drop

from . import actions, bp, differences, preview, queries
from .forms import FRESH, CalendarForm, calendar_form, facts_of, filled, first_day, guarded
from .models import CalendarVersion, WorkCalendar
from .notation import shown
from .problem_words import local_date, weekday
from .working_hours import WorkingHours

a_calendar = behind("desk.administer", queries.by_slug)
a_version = behind("desk.administer", queries.version)


@bp.get("/admin/calendars")
@asks("desk.administer")
def calendar_list():
    now = clock.now()
    return render_template("calendars/calendars.html", now=now, shown=shown, weekday=weekday,
                           rows=[(calendar, queries.in_force(calendar, now)) for calendar in queries.every()])


@bp.get("/admin/calendars/new")
@asks("desk.administer")
def calendar_new():
    return calendar_page(None, filled(FRESH, FRESH))


@bp.post("/admin/calendars/new")
@asks("desk.administer")
def calendar_create():
    form, now = calendar_form(), clock.now()
    code = edits.save(form, FRESH, lambda: _create(form, now))
    return _answer(None, form, code)


@bp.get("/admin/calendars/<slug>")
@asks("desk.administer", of=a_calendar)
def calendar_edit(calendar: WorkCalendar):
    version, now = _asked_for(calendar), clock.now()
    form = filled(facts_of(calendar, version), guarded(calendar))
    if version.valid_from > now:
        form.holds_from.data = first_day(version.valid_from, version.zone)
    return calendar_page(calendar, form, version, _preview(version.hours, form, now))


@bp.post("/admin/calendars/<slug>")
@asks("desk.administer", of=a_calendar)
def calendar_save(calendar: WorkCalendar):
    form, now = calendar_form(), clock.now()
    code = edits.save(form, guarded(calendar), lambda: actions.revise(
        calendar, said(form, "names"), form.hours(now), current_user, now))
    return _answer(calendar, form, code)


@bp.post("/admin/calendars/preview")
@asks("desk.administer")
def calendar_preview_new():
    return _show_ahead(None)


@bp.post("/admin/calendars/<slug>/preview")
@asks("desk.administer", of=a_calendar)
def calendar_preview(calendar: WorkCalendar):
    return _show_ahead(calendar)


@bp.post("/admin/calendars/<slug>/versions/<int:version_id>/removal")
@asks("desk.administer", of=a_version)
def calendar_version_remove(version: CalendarVersion):
    calendar = version.calendar
    actions.drop_version(calendar, version, current_user, clock.now())
    db.session.commit()
    flash(_("The planned version was thrown away."), "success")
    return redirect(url_for("calendars.calendar_edit", slug=calendar.slug), 303)


def _show_ahead(calendar: WorkCalendar | None) -> Any:
    """What was typed, as days: nothing is saved."""
    form, now = calendar_form(), clock.now()
    fine = form.validate()
    slug = calendar.slug if calendar else None
    stop_writing()
    calendar = queries.by_slug(slug) if slug else None
    ahead = _preview(form.hours(now).built, form, now) if fine else None
    return calendar_page(calendar, form, ahead=ahead), 200 if fine else 400


def _preview(hours: WorkingHours, form: CalendarForm, now: datetime) -> dict[str, Any]:
    """The days from the one on which it is to hold; weekend days that the country works but the calendar does not."""
    today = first_day(now, hours.zone)
    first = max(form.holds_from.data or today, today)
    return {"days": preview.days(hours, first), "moved": preview.moved_ahead(hours, first),
            "later": first if first > today else None}


def _asked_for(calendar: WorkCalendar) -> CalendarVersion:
    """The version to begin with: one that was chosen to be used again, else what holds."""
    chosen = request.args.get("version", "")
    if chosen.isdecimal() and len(chosen) < 10:
        return queries.version(calendar.slug, int(chosen))
    return queries.in_force(calendar, clock.now())


def _create(form: CalendarForm, now: datetime) -> None:
    actions.create(form.slug.data, said(form, "names"), form.hours(now), current_user, now)


def _answer(calendar: WorkCalendar | None, form: CalendarForm, code: int) -> Any:
    if code:
        stop_writing()
        return calendar_page(calendar, form), code
    db.session.commit()
    flash(_("The working hours were saved."), "success")
    return redirect(url_for("calendars.calendar_list"), 303)


def calendar_page(calendar: WorkCalendar | None, form: CalendarForm, version: CalendarVersion | None = None,
                  ahead: dict[str, Any] | None = None) -> str:
    """The page of a calendar with its form; `version` is the one the form was filled with, `ahead` the days to come."""
    now = clock.now()
    return render_template(
        "calendars/calendar.html", calendar=calendar, form=form, now=now, shown=shown, version=version, ahead=ahead,
        weekday=weekday, current=queries.in_force(calendar, now) if calendar else None, language=language(),
        local_date=local_date,
        history=_history(calendar, now) if calendar else [], panels=panels("calendar", calendar, current_user, now))


def _history(calendar: WorkCalendar, now: datetime) -> list[tuple[CalendarVersion, list[str], bool]]:
    """Versions, newest first: what each changed, and whether it can be thrown away."""
    versions = calendar.versions
    return [(version, differences.between(versions[place - 1], version) if place else differences.summary(version),
             may_drop(version, versions[0], now)) for place, version in enumerate(versions)][::-1]
