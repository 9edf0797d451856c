"""What contradicts itself among teams, people and departments."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from app.core.db import db
from app.core.findings import DOUBTFUL, GRAVE, Finding

from .models import Membership, Team, User

TEAMS, PEOPLE = _l("Teams"), _l("People")


def found(now: datetime) -> list[Finding]:
    """Everything that is wrong with teams and people now; three queries."""
    members = selectinload(Team.memberships).joinedload(Membership.user)
    teams = list(db.session.scalars(sa.select(Team).order_by(Team.level, Team.id).options(members)))
    active = [team for team in teams if team.is_active]
    return [*_levels(active), *(one for team in active for one in _team(team)), *_administrators(), *_stranded(teams)]


def _levels(active: list[Team]) -> Iterator[Finding]:
    if not any(team.level == 1 for team in active):
        yield Finding(TEAMS, GRAVE, _("There is no team of level 1, so a request that no rule sends elsewhere cannot "
                                      "be filed."), url_for("admin.team_list"))


def _team(team: Team) -> Iterator[Finding]:
    """One active team: who is there, who leads it, to whom it passes work on."""
    page, there = url_for("admin.team_edit", slug=team.slug), _there(team)
    if not there:
        yield Finding(TEAMS, GRAVE, _("Nobody works in “%(team)s”: what lands there waits for ever.", team=team.title),
                      page)
    elif not any(held.is_lead for held in there):
        yield Finding(TEAMS, DOUBTFUL, _("“%(team)s” has no lead: nobody is told when its promises are broken.",
                                         team=team.title), page)
    if there and team.assignment != "manual" and all(held.weight == 0 for held in there):
        yield Finding(TEAMS, GRAVE, _("The desk gives the tickets of “%(team)s” to its people, but nobody there takes "
                                      "a share.", team=team.title), page)
    above = team.escalates_to
    if above is not None and not (above.is_active and _there(above)):
        yield Finding(TEAMS, GRAVE, _("“%(team)s” escalates to “%(above)s”, where nobody takes tickets.",
                                      team=team.title, above=above.title), page)


def _there(team: Team) -> list[Membership]:
    return [held for held in team.memberships if held.user.is_active]


def _administrators() -> Iterator[Finding]:
    count = db.session.scalar(
        sa.select(sa.func.count(User.id)).where(User.is_administrator, User.is_active)) or 0
    if count < 2:
        yield Finding(PEOPLE, DOUBTFUL, _("There is only one administrator. If they are away, nobody can let anybody "
                                          "in or mend the settings."), url_for("admin.person_list"))


def _stranded(teams: list[Team]) -> Iterator[Finding]:
    """People whose every team was switched off: they see no queue and wonder why."""
    switched_off = {held.user_id: held.user for team in teams if not team.is_active for held in _there(team)}
    working = {held.user_id for team in teams if team.is_active for held in team.memberships}
    for user in sorted((user for number, user in switched_off.items() if number not in working), key=lambda u: u.name):
        yield Finding(PEOPLE, DOUBTFUL, _("All teams of %(name)s are switched off, so they see no queue.",
                                          name=user.name), url_for("admin.person_edit", user_id=user.id))
