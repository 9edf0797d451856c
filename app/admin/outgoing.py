"""The outbox as an administrator sees it: what waits, what was given up and why; trying again, or never again."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.channels.email import send
from app.core import clock, outbox, paging
from app.core.access import asks
from app.core.db import db
from app.core.edits import Subject
from app.core.events import record
from app.core.markup import clean_line
from app.core.outbox import OutboxRow
from app.notifications.models import Notification

from . import bp
from .overview import CAP, counted

STATES = ("dead", "waiting")
KINDS = {"mail": _l("Mail"), "bundle": _l("Gathered mail"), "notify": _l("Telling those concerned"),
         "reset_wanted": _l("A new password"), "form_confirm": _l("Confirming an address")}


@dataclass(frozen=True)
class Entry:
    """One row in plain words: what, to whom, about which tickets, what went wrong."""

    row: OutboxRow
    what: Any
    reader: User | None
    tickets: list[int]
    trouble: str


@bp.get("/admin/outbox")
@asks("desk.administer")
def outbox_list():
    """What was given up comes first: somebody has to decide about it."""
    state = request.args.get("state")
    state = state if state in STATES else STATES[0]
    found = sa.select(OutboxRow).where(OutboxRow.state == state).options(joinedload(OutboxRow.event))
    page = paging.page(found, [(OutboxRow.id, "desc")], request.args.get("after"))
    return render_template("admin/outbox.html", state=state, page=page, cap=CAP, entries=_entries(page.rows),
                           counts={name: counted(name) for name in STATES}, dead_kinds=_dead_kinds(), kinds=KINDS)


def _entries(rows: list[OutboxRow]) -> list[Entry]:
    """Of a whole page, with as many queries as of one."""
    readers, gathered, by = _readers(rows), _gathered(rows), send.route()
    return [Entry(row, KINDS.get(row.kind, row.kind), readers.get(row.payload.get("user_id")),
                  gathered.get(row.id) or _ticket_of(row), send.remembered(row.last_error or "", by)) for row in rows]


def _readers(rows: list[OutboxRow]) -> dict[Any, User]:
    ids = {row.payload["user_id"] for row in rows if "user_id" in row.payload}
    return {user.id: user for user in db.session.scalars(sa.select(User).where(User.id.in_(ids)))}


def _gathered(rows: list[OutboxRow]) -> dict[int, list[int]]:
    """Bundle -> the tickets it tells of."""
    found: dict[int, list[int]] = defaultdict(list)
    told = (sa.select(Notification.bundle_id, Notification.ticket_id).distinct()
            .where(Notification.bundle_id.in_([row.id for row in rows]), Notification.ticket_id.is_not(None))
            .order_by(Notification.ticket_id))
    for bundle_id, ticket_id in db.session.execute(told):
        found[bundle_id].append(ticket_id)
    return found


def _ticket_of(row: OutboxRow) -> list[int]:
    return [row.event.subject_id] if row.event is not None and row.event.subject_type == "ticket" else []


def _dead_kinds() -> list[tuple[str, int]]:
    dead = sa.select(OutboxRow.kind, sa.func.count()).where(OutboxRow.state == "dead").group_by(OutboxRow.kind)
    return sorted((kind, count) for kind, count in db.session.execute(dead))


@bp.post("/admin/outbox/<int:row_id>/retry")
@asks("desk.administer")
def outbox_retry(row_id: int):
    """Two clicks try once."""
    again = row_id < 2**63 and outbox.retry(row_id, clock.now())
    db.session.commit()
    flash(_("It will be tried again.") if again else _("It is no longer given up."), "success" if again else "info")
    return redirect(url_for("admin.outbox_list"))


@bp.post("/admin/outbox/retry")
@asks("desk.administer")
def outbox_retry_all():
    """Everything of one kind: what a relay refused while its settings were wrong."""
    count = outbox.retry_all(clean_line(request.form.get("kind", ""))[:30], clock.now())
    db.session.commit()
    flash(ngettext("%(num)s thing will be tried again.", "%(num)s things will be tried again.", count), "success")
    return redirect(url_for("admin.outbox_list"), 303)


@bp.post("/admin/outbox/<int:row_id>/removal")
@asks("desk.administer")
def outbox_drop(row_id: int):
    """Not to be sent at all, for a reason that stays in the audit. Two clicks do it once."""
    reason, now = clean_line(request.form.get("reason", ""))[:300], clock.now()
    if not reason:
        flash(_("Please say why it need not be sent."), "error")
        return redirect(url_for("admin.outbox_list"), 303)
    row = db.session.get(OutboxRow, row_id) if row_id < 2**63 else None
    if row is not None and outbox.drop(row_id, now):
        record("outbox.dropped", Subject("outbox", row_id), by=current_user, at=now, reason=reason, what=row.kind,
               user_id=row.payload.get("user_id"), error=row.last_error)
        flash(_("It will not be sent."), "success")
    db.session.commit()
    return redirect(url_for("admin.outbox_list"), 303)
