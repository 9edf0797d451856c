"""The outbox as an administrator sees it: what waits, what was given up and why, and trying again."""

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock, outbox, paging
from app.core.access import asks
from app.core.db import db
from app.core.outbox import OutboxRow

from . import bp
from .overview import CAP, counted

STATES = ("dead", "waiting")


@bp.get("/admin/outbox")
@asks("desk.administer")
def outbox_list():
    """What was given up comes first: somebody has to decide about it."""
    state = request.args.get("state")
    state = state if state in STATES else STATES[0]
    found = sa.select(OutboxRow).where(OutboxRow.state == state)
    page = paging.page(found, [(OutboxRow.id, "desc")], request.args.get("after"))
    return render_template("admin/outbox.html", state=state, page=page, cap=CAP,
                           counts={name: counted(name) for name in STATES})


@bp.post("/admin/outbox/<int:row_id>/retry")
@asks("desk.administer")
def outbox_retry(row_id: int):
    """Two clicks try once."""
    again = row_id < 2**63 and outbox.retry(row_id, clock.now())
    db.session.commit()
    flash(_("It will be tried again.") if again else _("It is no longer given up."), "success" if again else "info")
    return redirect(url_for("admin.outbox_list"))
