"""Who works on a ticket: taking it from the queue, giving it to somebody, giving it back."""

from datetime import datetime
from typing import Any

from flask import request
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.accounts import absences
from app.accounts.absence_checks import last_day
from app.accounts.models import User
from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.errors import NotAllowed
from app.core.i18n import local_time
from app.core.policy import may

from .. import bp, forms, queries
from ..models import Ticket
from .acts import Act, done, new
from .page import saved


def _form(ticket: Ticket, **about: Any) -> forms.AssigneeForm:
    form = forms.AssigneeForm(**about, assignee=str(ticket.assignee_id or ""))
    members, now = queries.members(ticket.team_id), clock.now()
    names = {user.id: user.name for user in members}
    form.assignee.choices = [("", _("Nobody: back to the queue")),
                             *((str(user.id), _named(user, names, now)) for user in members)]
    return form


def _named(user: User, names: dict[int, str], now: datetime) -> str:
    """With what must be known of who is absent, or does not want to be disturbed."""
    away = absences.away(user.id, now)
    if away is None and user.focus_until is not None and user.focus_until > now:
        return _("%(name)s (concentrates until %(when)s)", name=user.name, when=local_time(user.focus_until, "short"))
    if away is None:
        return user.name
    day, deputy_id = format_date(last_day(away.ends_at, user)), absences.deputy_of(user.id, "tickets", now)
    if deputy_id is None:
        return _("%(name)s (absent until %(day)s)", name=user.name, day=day)
    deputy = names.get(deputy_id) or db.session.get_one(User, deputy_id).name
    return _("%(name)s (absent until %(day)s, deputy: %(deputy)s)", name=user.name, day=day, deputy=deputy)


ASSIGNMENT = Act("assignment", _l("Assign"), _l("Assign"), _form, _l("Members of the team that has the ticket."))


@bp.get("/tickets/<int:number>/assignment")
@asks("ticket.assign", of=queries.for_page)
def assignment_new(ticket):
    return new(ASSIGNMENT, ticket)


@bp.post("/tickets/<int:number>/assignment")
@asks("ticket.assign", of=queries.by_number)
def assignment_create(ticket):
    """Without a name it is taking: of many who try at once one wins and the others are told who."""
    if "assignee" in request.form:
        return done(ASSIGNMENT, ticket, lambda form: ticket.assign(_chosen(form), current_user, clock.now()))
    if not may(current_user, "ticket.take", ticket):
        raise NotAllowed(_("You do not work in the team of this ticket; assign it to one of its members."))
    ticket.take(current_user, clock.now())
    return saved(ticket)


def _chosen(form: forms.AssigneeForm) -> User | None:
    return db.session.get(User, int(form.assignee.data)) if form.assignee.data else None
