"""What somebody says about a deed on several tickets."""

import re
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import DateField
from wtforms.validators import Optional, ValidationError

from app.accounts.models import Membership, Team, User
from app.core.db import db
from app.core.forms import Area, Choice, Form, Line, at_most, required

from .. import queries
from ..forms import LONGEST_BODY, Submission
from ..routes.page import reasons
from ..vocabulary import IMPACTS, URGENCIES
from .verbs import VERBS

NUMBER = re.compile(r"[0-9]{1,18}")
AS_IT_IS = _l("As it is")


def numbers() -> list[int]:
    """The tickets that were chosen, each once."""
    return list(dict.fromkeys(int(one) for one in request.form.getlist("tickets") if NUMBER.fullmatch(one)))


class BulkForm(Form):
    """All that the verbs ask for; `about` leaves only what one of them does."""

    assignee = Choice(_l("Who works on it"), [required()])
    team = Choice(_l("Team"), [required()])
    reason = Area(_l("Reason"), [at_most(LONGEST_BODY)])
    impact = Choice(_l("Impact"), choices=lambda: [("", AS_IT_IS), *IMPACTS.items()])
    urgency = Choice(_l("Urgency"), choices=lambda: [("", AS_IT_IS), *URGENCIES.items()])
    name = Line(_l("Tag"), [required(), at_most(40)])
    waits_for = Choice(_l("Wait for"), [required()])
    until = DateField(_l("Until"), [Optional()], description=_l("The day on which the tickets go on by themselves."))
    body = Area(_l("Answer to each requester"), [at_most(LONGEST_BODY)],
                description=_l("It may stay empty. What was sent cannot be taken back."))
    into = Choice(_l("The ticket that is left"), [required()])
    submission = Submission()

    def validate_reason(self, field: Area) -> None:
        """Moving asks for one, cancelling does not."""
        if "team" in self and not field.data:
            raise ValidationError(_("Please fill this in."))

    def validate_urgency(self, field: Choice) -> None:
        if not field.data and not self.impact.data:
            raise ValidationError(_("Choose another impact or another urgency."))


def about(name: str, chosen: list[Any], **values: Any) -> BulkForm:
    """The form of one verb for the chosen tickets (rows with id, subject, team_id, level)."""
    form = BulkForm(**values)
    for field in [field.name for field in form]:
        if field not in (*VERBS[name].asks, "submission", "csrf_token"):
            del form[field]
    for field, offered in CHOICES.items():
        if field in form:
            form[field].choices = offered(chosen)
    return form


def _people(chosen: list[Any]) -> list[tuple[str, str]]:
    """Oneself, nobody, and whoever works in one of the tickets' teams."""
    works = db.select(Membership.user_id).where(Membership.team_id.in_({row.team_id for row in chosen}))
    people = db.session.execute(db.select(User.id, User.name).where(User.is_active, User.id.in_(works))
                                .order_by(User.name, User.id))
    return [("me", _("Me")), ("none", _("Nobody: back to the queue")),
            *((str(row.id), row.name) for row in people if row.id != current_user.id)]


def _teams(chosen: list[Any]) -> list[tuple[str, str]]:
    """Teams of the levels on which the tickets are."""
    levels = {row.level for row in chosen}
    return [(str(team.id), _("%(team)s (level %(level)s)", team=team.title, level=team.level))
            for team in queries.teams(Team.level.in_(levels))]


def _originals(chosen: list[Any]) -> list[tuple[str, str]]:
    """The oldest first: it is the one that usually stays."""
    return [(str(row.id), _("%(number)s %(subject)s", number=row.id, subject=row.subject))
            for row in sorted(chosen, key=lambda row: row.id)]


CHOICES = {"assignee": _people, "team": _teams, "waits_for": lambda chosen: reasons(), "into": _originals}
