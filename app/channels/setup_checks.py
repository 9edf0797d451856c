"""What contradicts itself among the ways in and out."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app.core import relay
from app.core.db import db
from app.core.findings import DOUBTFUL, GRAVE, Finding

from . import ways
from .email.fetching import state
from .email.models import Mailbox

MAIL, WAYS = _l("E-mail"), _l("Ways in")
LOCAL = ("localhost", "127.0.0.1", "[::1]")


def found(now: datetime) -> list[Finding]:
    """Everything that is wrong with mail and the other ways in; two queries."""
    boxes = list(db.session.scalars(
        sa.select(Mailbox).where(Mailbox.is_active).order_by(Mailbox.id).options(joinedload(Mailbox.team))))
    return [*_ways(), *_relay(), *_mailboxes(boxes, now)]


def _ways() -> Iterator[Finding]:
    if not any(ways.is_on(name) for name, way in ways.WAYS.items() if way.is_shown):
        yield Finding(WAYS, GRAVE, _("Every way in is switched off: nobody can ask for anything."),
                      url_for("admin.way_list"))
    if ways.is_on("form") and not relay.is_set():
        yield Finding(WAYS, GRAVE, _("The web form is on, but the desk cannot send the mail with which its users "
                                     "confirm their address, so nothing ever arrives."), url_for("admin.setting_list"))


def _relay() -> Iterator[Finding]:
    if not relay.is_set():
        yield Finding(MAIL, DOUBTFUL, _("No server is set for outgoing mail: nobody hears of anything by mail."),
                      url_for("admin.setting_list"))
    elif any(name in current_app.config["BASE_URL"] for name in LOCAL):
        yield Finding(MAIL, GRAVE, _("Links in mails begin with %(address)s, which only this machine can open. Set "
                                     "JARDAM_BASE_URL.", address=current_app.config["BASE_URL"]),
                      url_for("admin.setting_list"))


def _mailboxes(boxes: list[Mailbox], now: datetime) -> Iterator[Finding]:
    if ways.is_on("email") and not boxes:
        yield Finding(MAIL, DOUBTFUL, _("E-mail is switched on as a way in, but no mailbox is read."),
                      url_for("admin.mailbox_list"))
    failing = {box.id for box in state.failing(now)}
    for box in boxes:
        page = url_for("admin.mailbox_edit", mailbox_id=box.id)
        if box.id in failing:
            yield Finding(MAIL, GRAVE, _("%(address)s cannot be read: %(error)s", address=box.address,
                                         error=box.last_error), page)
        if box.team is not None and not box.team.is_active:
            yield Finding(MAIL, GRAVE, _("Mail to %(address)s lands with “%(team)s”, which is switched off.",
                                         address=box.address, team=box.team.title), page)
