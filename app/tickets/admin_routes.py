"""Reasons to wait, as the administrator sets them. A reason keeps its short name: what waited names it for ever."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import BooleanField

from app.accounts.policy import behind
from app.accounts.queries import one
from app.core import clock, edits
from app.core.access import asks
from app.core.db import db
from app.core.edits import Facts, Guarded, Subject
from app.core.errors import Conflict
from app.core.events import record
from app.core.forms import Titled, Whole, between, required, said, short_name, spoken, stop_writing

from . import bp
from .models import PendingReason

PLAIN = ("pauses", "waits_for_requester", "needs_date", "position", "is_active")
FRESH: Facts = {"slug": "", "names": {}, "pauses": True, "waits_for_requester": False, "needs_date": False,
                "position": 100, "is_active": True}


class PendingReasonForm(Titled, Guarded):
    pauses = BooleanField(_l("The resolution clock pauses"))
    waits_for_requester = BooleanField(_l("It is the requester who is waited for: reminders are sent"))
    needs_date = BooleanField(_l("A date must be given, on which the ticket goes on"))
    position = Whole(_l("Place in the list"), [required(), between(0, 9999)])
    is_active = BooleanField(_l("Agents may choose it"))

    def facts(self, slug: str) -> Facts:
        return {"slug": slug, "names": said(self, "names")} | {name: self[name].data for name in PLAIN}


class NewPendingReasonForm(PendingReasonForm):
    slug = short_name(40)


def facts_of(reason: PendingReason) -> Facts:
    return {name: getattr(reason, name) for name in FRESH}


def by_slug(slug: str) -> PendingReason:
    return one(PendingReason, PendingReason.slug == slug)


a_reason = behind("desk.administer", by_slug)


@bp.get("/admin/pending-reasons")
@asks("desk.administer")
def pending_reason_list():
    statement = sa.select(PendingReason).order_by(PendingReason.position, PendingReason.slug)
    return render_template("tickets/pending_reasons.html", reasons=db.session.scalars(statement).all())


@bp.get("/admin/pending-reasons/new")
@asks("desk.administer")
def pending_reason_new():
    return _page(None, _filled(NewPendingReasonForm, FRESH))


@bp.post("/admin/pending-reasons/new")
@asks("desk.administer")
def pending_reason_create():
    form = NewPendingReasonForm()
    return _save(PendingReason(), form, form.slug.data or "", FRESH)


@bp.get("/admin/pending-reasons/<slug>")
@asks("desk.administer", of=a_reason)
def pending_reason_edit(reason: PendingReason):
    return _page(reason, _filled(PendingReasonForm, facts_of(reason)))


@bp.post("/admin/pending-reasons/<slug>")
@asks("desk.administer", of=a_reason)
def pending_reason_save(reason: PendingReason):
    return _save(reason, PendingReasonForm(), reason.slug, facts_of(reason))


def _save(reason: PendingReason, form: PendingReasonForm, slug: str, stored: Facts) -> Any:
    now, is_new = clock.now(), reason.slug is None
    code = edits.save(form, stored, lambda: _change(reason, form.facts(slug), stored, now))
    if code:
        stop_writing()
        return _page(None if is_new else reason, form), code
    db.session.commit()
    flash(_("The reason was saved."), "success")
    return redirect(url_for("tickets.pending_reason_list"))


def _change(reason: PendingReason, facts: Facts, stored: Facts, now: datetime) -> None:
    changed = edits.changes(stored, facts)
    if not changed:
        return
    if reason.slug is None and db.session.get(PendingReason, facts["slug"]) is not None:
        raise Conflict(_("There is a reason with this short name already."))
    for name, value in facts.items():
        setattr(reason, name, value)
    db.session.add(reason)
    db.session.flush()
    record("pending_reason.changed", Subject("pending_reason"), by=current_user, at=now, reason=facts["slug"],
           changes=changed)


def _filled(form: type[PendingReasonForm], facts: Facts) -> PendingReasonForm:
    return form(formdata=None, seen=edits.fingerprint(facts), **spoken("names", facts["names"]),
                **{name: facts[name] for name in PLAIN})


def _page(reason: PendingReason | None, form: PendingReasonForm) -> str:
    return render_template("tickets/pending_reason.html", reason=reason, form=form)
