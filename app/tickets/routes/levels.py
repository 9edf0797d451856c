"""Between teams and levels: escalating with a handover, handing back with a reason, moving, telling the lead."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.accounts.models import Team
from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.errors import Invalid

from .. import bp, fields, forms, queries
from ..models import Ticket
from .acts import Act, done, new


def _team_choices(form: forms.TeamForm, *conditions: Any) -> forms.TeamForm:
    form.team.choices = [(str(team.id), _("%(team)s (level %(level)s)", team=team.title, level=team.level))
                         for team in queries.teams(*conditions)]
    return form


def _escalation_form(ticket: Ticket, **about: Any) -> forms.TeamForm:
    """The teams of higher levels, the request type's own first choice, and what its level 2 needs to know."""
    asked = fields.asked_with(forms.TeamForm, ticket.request_type.handover_fields, fields.HANDOVER_PREFIX)
    usual = ticket.request_type.level2_team_id
    return _team_choices(asked(**about, team=str(usual) if usual else None), Team.level > ticket.level)


def _move_form(ticket: Ticket, **about: Any) -> forms.TeamForm:
    return _team_choices(forms.TeamForm(**about), Team.level == ticket.level, Team.id != ticket.team_id)


def _reason_form(ticket: Ticket, **about: Any) -> forms.ReasonForm:
    return forms.ReasonForm(**about)


STAFF = _l("Only agents read this.")
ESCALATION = Act("escalation", _l("Escalate"), _l("Escalate"), _escalation_form,
                 _l("The other team gets the ticket together with what you write here. Your team keeps seeing it."),
                 STAFF)
RETURN = Act("return", _l("Hand back"), _l("Hand back"), _reason_form,
             _l("The ticket goes back to the team that handed it over; it is told why."), STAFF)
MOVE = Act("move", _l("Move to another team"), _l("Move"), _move_form,
           _l("For a ticket that came to the wrong team of the same level."), STAFF)
LEAD_NOTICE = Act("lead-notice", _l("Tell the lead"), _l("Tell the lead"), _reason_form,
                  _l("The lead of the team is told; the ticket stays where it is."), STAFF)


@bp.get("/tickets/<int:number>/escalation")
@asks("ticket.escalate", of=queries.for_page)
def escalation_new(ticket):
    return new(ESCALATION, ticket)


@bp.post("/tickets/<int:number>/escalation")
@asks("ticket.escalate", of=queries.by_number)
def escalation_create(ticket):
    def escalate(form: Any) -> None:
        given = fields.answers(form, ticket.request_type.handover_fields, fields.HANDOVER_PREFIX)
        ticket.escalate(_team(form), form.reason.data, current_user, clock.now(), given)

    return done(ESCALATION, ticket, escalate)


def _team(form: forms.TeamForm) -> Team:
    team = db.session.get(Team, int(form.team.data))
    if team is None or not team.is_active:
        raise Invalid(_("This team takes no tickets any more."))
    return team


@bp.get("/tickets/<int:number>/return")
@asks("ticket.hand_back", of=queries.for_page)
def return_new(ticket):
    return new(RETURN, ticket)


@bp.post("/tickets/<int:number>/return")
@asks("ticket.hand_back", of=queries.by_number)
def return_create(ticket):
    return done(RETURN, ticket, lambda form: ticket.hand_back(form.reason.data, current_user, clock.now()))


@bp.get("/tickets/<int:number>/move")
@asks("ticket.move", of=queries.for_page)
def move_new(ticket):
    return new(MOVE, ticket)


@bp.post("/tickets/<int:number>/move")
@asks("ticket.move", of=queries.by_number)
def move_create(ticket):
    return done(MOVE, ticket, lambda form: ticket.move(_team(form), form.reason.data, current_user, clock.now()))


@bp.get("/tickets/<int:number>/lead-notice")
@asks("ticket.tell_lead", of=queries.for_page)
def lead_notice_new(ticket):
    return new(LEAD_NOTICE, ticket)


@bp.post("/tickets/<int:number>/lead-notice")
@asks("ticket.tell_lead", of=queries.by_number)
def lead_notice_create(ticket):
    return done(LEAD_NOTICE, ticket, lambda form: ticket.tell_lead(form.reason.data, current_user, clock.now()))
