"""The page of notifications, and the test of the relay."""

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.attention import focus
from app.channels.email import send as mail
from app.channels.email.envelope import envelope
from app.core import clock, paging, relay
from app.core.access import asks
from app.core.addresses import onward
from app.core.db import db
from app.core.forms import stop_writing
from app.core.outbox import PermanentFailure
from app.tickets import timeline

from . import actions, bp, messages, queries
from .models import Notification
from .topics import topic_of


@bp.get("/notifications")
@asks("signed_in")
def notification_list():
    only_unread = request.args.get("show") == "unread"
    listed = queries.unread(current_user) if only_unread else queries.inbox(current_user)
    page = paging.page(listed, [(Notification.id, "desc")], request.args.get("after"))
    sentences = timeline.sentences([row.event for row in page.rows])
    return render_template("notifications/list.html", page=page, sentences=sentences, only_unread=only_unread,
                           topic_of=topic_of, lengths=focus.LENGTHS)


@bp.post("/notifications/reading")
@asks("signed_in")
def notification_read_all():
    up_to = request.form.get("up_to", "")
    if up_to.isdecimal() and len(up_to) < 19:
        actions.read_all(current_user, int(up_to), clock.now())
        db.session.commit()
    return redirect(url_for("notifications.notification_list"), 303)


@bp.post("/notifications/<int:notification_id>/reading")
@asks("signed_in", of=queries.own)
def notification_read(notification):
    number = notification.ticket_id
    actions.read(notification, clock.now())
    db.session.commit()
    return redirect(url_for("tickets.ticket_show", number=number), 303)


@bp.post("/admin/mail/test")
@asks("desk.administer")
def mail_test():
    """A mail to whoever asks, at once and by the stored settings; what goes wrong is said as it is."""
    category, words = _try_relay()
    flash(words, category)
    return redirect(onward(request.form.get("next"), "/admin"), 303)


def _try_relay() -> tuple[str, str]:
    """The only place where a page waits for a relay, so it holds no transaction meanwhile."""
    if not relay.is_set():
        return "error", _("No relay is set yet: host and sender are needed.")
    now, by, address = clock.now(), mail.route(), current_user.email
    try:
        written = envelope(messages.relay_test(current_user), (current_user.name, address), _reference(), now)
        stop_writing()
        mail.hand_over(written, by)
    except (OSError, PermanentFailure) as error:
        return "error", mail.explained(error, by)
    return "success", _("%(host)s took the test mail to %(address)s.", host=by.host, address=address)


def _reference() -> str:
    return f"test.{secrets.token_hex(8)}"
