"""Every mail that came in and what became of it, newest first. Of a confidential ticket's mails, for who is not named
on it, only that they came."""

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.orm import joinedload

from app.accounts.policy import behind
from app.channels.email.models import STATES, InboundMail
from app.channels.email.reasons import REASONS
from app.core import clock, paging
from app.core.access import asks
from app.core.db import claim, db
from app.core.errors import Conflict, NotFound
from app.core.files import size_of
from app.core.markup import clean_line
from app.core.sending import sent
from app.tickets.inbound.held import closed_mailboxes
from app.tickets.models import Ticket
from app.tickets.queries import visible_to

from . import bp

STATE_NAMES = {"waiting": _l("Waiting"), "taken": _l("Taken in"), "held": _l("Held"), "dropped": _l("Left out")}


@bp.get("/admin/mail")
@asks("desk.administer")
def mail_list():
    state = request.args.get("state") if request.args.get("state") in STATES else ""
    sender = clean_line(request.args.get("sender", ""))[:254].lower()
    page = paging.page(_found(state, sender), [(InboundMail.id, "desc")], request.args.get("after"))
    return render_template("admin/mail_log.html", page=page, state=state, sender=sender, states=STATE_NAMES,
                           reasons=REASONS, hidden=_hidden(page.rows), retried=_may_retry, size_of=size_of)


def _found(state: str, sender: str) -> sa.Select:
    found = sa.select(InboundMail).options(joinedload(InboundMail.mailbox))
    if state:
        found = found.where(InboundMail.state == state)
    if sender:
        found = found.where(InboundMail.sender == sender, _seen())
    return found


def _seen() -> Any:
    """Mails of which this administrator sees more than that they came."""
    numbers = visible_to(current_user).with_only_columns(Ticket.id)
    is_open = InboundMail.mailbox_id.not_in(closed_mailboxes(current_user))
    return sa.or_(InboundMail.ticket_id.in_(numbers), sa.and_(InboundMail.ticket_id.is_(None), is_open))


def _hidden(mails: list[InboundMail]) -> set[int]:
    """Which of these mails are about a ticket that this administrator does not see, or would be; two queries."""
    seen = visible_to(current_user).where(Ticket.id.in_({mail.ticket_id for mail in mails} - {None}))
    numbers = set(db.session.scalars(seen.with_only_columns(Ticket.id)))
    closed = closed_mailboxes(current_user)
    return {mail.id for mail in mails
            if (mail.mailbox_id in closed if mail.ticket_id is None else mail.ticket_id not in numbers)}


def _may_retry(mail: InboundMail) -> bool:
    """Where another try may come out otherwise: a setting was changed, or what failed works again."""
    if mail.state == "waiting":
        return mail.attempts > 0
    return mail.state in ("held", "dropped") and mail.reason in REASONS and REASONS[mail.reason].may_retry


def _one(mail_id: int) -> InboundMail:
    """Raises NotFound for what is not there, or is about a ticket that this administrator does not see."""
    mail = db.session.get(InboundMail, mail_id) if mail_id < 2**63 else None
    if mail is None or _hidden([mail]):
        raise NotFound()
    return mail


@bp.get("/admin/mail/<int:mail_id>/raw")
@asks("desk.administer", of=behind("desk.administer", _one))
def mail_raw(mail: InboundMail):
    return sent(mail.file)


@bp.post("/admin/mail/<int:mail_id>/retry")
@asks("desk.administer", of=behind("desk.administer", _one))
def mail_retry(mail: InboundMail):
    """Two clicks try once."""
    now, state = clock.now(), mail.state
    if not _may_retry(mail) or not claim(InboundMail, InboundMail.id == mail.id, InboundMail.state == state,
                                         **_anew(mail, now)):
        raise Conflict(_("There is nothing to try again: somebody has decided about this mail."))
    db.session.commit()
    flash(_("It will be tried again."), "success")
    return redirect(url_for("admin.mail_list"), 303)


def _anew(mail: InboundMail, now: Any) -> dict[str, Any]:
    """What waits keeps an agent's word about it; everything else is decided as if it had just come."""
    values = {"state": "waiting", "attempts": 0, "retry_at": now}
    return values if mail.state == "waiting" else values | {"reason": "", "said": "", "ticket_id": None,
                                                            "settled_at": None, "settled_by_id": None}
