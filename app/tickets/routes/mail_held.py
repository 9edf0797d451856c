"""Held mail: what nobody here has written, or what may belong to a ticket and cannot prove it. An agent says."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.channels.email.models import InboundMail
from app.channels.email.reasons import REASONS
from app.core import clock, paging
from app.core.access import asks
from app.core.db import db
from app.core.files import size_of
from app.core.sending import sent

from .. import bp
from ..inbound import held


def _me() -> Any:
    return current_user._get_current_object()


@bp.get("/mail/held")
@asks("mail.decide")
def held_mail_list():
    page = paging.page(held.concerning(_me()), [(InboundMail.id, "asc")], request.args.get("after"))
    return render_template("tickets/held_mails.html", page=page, reasons=REASONS)


@bp.get("/mail/held/<int:mail_id>")
@asks("mail.decide", of=held.of)
def held_mail_show(mail):
    return render_template("tickets/held_mail.html", mail=mail, proposed=held.proposed(_me(), mail), reasons=REASONS,
                           size=size_of(mail.size_bytes))


@bp.get("/mail/held/<int:mail_id>/raw")
@asks("mail.decide", of=held.of)
def held_mail_raw(mail):
    """The mail as it came."""
    return sent(mail.file)


@bp.post("/mail/held/<int:mail_id>/ticket")
@asks("mail.decide", of=held.of)
def held_mail_file(mail):
    held.let_in(mail, _me(), clock.now())
    return _decided(_("It will be filed in a moment."))


@bp.post("/mail/held/<int:mail_id>/joining")
@asks("mail.decide", of=held.of)
def held_mail_join(mail):
    held.add(mail, _me(), clock.now())
    return _decided(_("It will be added to the ticket in a moment."))


@bp.post("/mail/held/<int:mail_id>/refusal")
@asks("mail.decide", of=held.of)
def held_mail_refuse(mail):
    held.refuse(mail, _me(), clock.now(), request.form.get("said", ""))
    return _decided(_("It is left out. The administrator still finds it in the log of mail."))


def _decided(said: str) -> Any:
    db.session.commit()
    flash(said, "success")
    return redirect(url_for("tickets.held_mail_list"), 303)
