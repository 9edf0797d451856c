"""What contradicts itself among request types and intake rules."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Team
from app.core.db import db
from app.core.findings import DOUBTFUL, GRAVE, Finding

from .models import IntakeRule, RequestType, RequestTypeAccess

TYPES, RULES = _l("Request types"), _l("Intake rules")


def found(now: datetime) -> list[Finding]:
    """Everything that is wrong with what can be asked for, and with where it lands; four queries."""
    named = selectinload(RequestType.named).options(
        joinedload(RequestTypeAccess.team), joinedload(RequestTypeAccess.user))
    statement = sa.select(RequestType).where(RequestType.is_active).order_by(RequestType.position, RequestType.id)
    types = list(db.session.scalars(statement.options(
        named, joinedload(RequestType.team), joinedload(RequestType.level2_team))))
    rules = list(db.session.scalars(sa.select(IntakeRule).order_by(IntakeRule.position, IntakeRule.id).options(
        joinedload(IntakeRule.team), joinedload(IntakeRule.request_type))))
    return [*_nothing_offered(types), *(one for kind in types for one in _type(kind)), *_rules(rules)]


def _nothing_offered(types: list[RequestType]) -> Iterator[Finding]:
    if not types:
        yield Finding(TYPES, GRAVE, _("No request type is offered, so nobody can file anything."),
                      url_for("catalogue.request_type_list"))


def _type(kind: RequestType) -> Iterator[Finding]:
    page = url_for("catalogue.request_type_edit", slug=kind.slug)
    if kind.team is not None and not kind.team.is_active:
        yield Finding(TYPES, GRAVE, _("“%(kind)s” should land with “%(team)s”, which is switched off; it lands with "
                                      "the first team of level 1.", kind=kind.title, team=kind.team.title), page)
    above = kind.level2_team
    if above is not None and not above.is_active:
        yield Finding(TYPES, GRAVE, _("“%(kind)s” is escalated to “%(team)s”, which is switched off.", kind=kind.title,
                                      team=above.title), page)
    elif above is not None and above.level < 2:
        yield Finding(TYPES, DOUBTFUL, _("“%(kind)s” is escalated to “%(team)s”, which is a team of level 1.",
                                         kind=kind.title, team=above.title), page)
    if kind.is_confidential and not any(_takes_part(access) for access in kind.named):
        yield Finding(TYPES, DOUBTFUL, _("“%(kind)s” is confidential and names nobody: only the team where it lands "
                                         "can read it.", kind=kind.title), page)


def _takes_part(access: RequestTypeAccess) -> bool:
    who: Team | None = access.team or access.user
    return who is not None and who.is_active


def _rules(rules: list[IntakeRule]) -> Iterator[Finding]:
    page = url_for("catalogue.intake_rule_list")
    for place, rule in enumerate(rules):
        where = {"place": place + 1, "team": rule.team.title}
        if not rule.team.is_active:
            yield Finding(RULES, GRAVE, _("Rule %(place)s sends requests to “%(team)s”, which is switched off, so the "
                                          "rule does nothing.", **where), page)
        elif rule.request_type is not None and not rule.request_type.is_active:
            yield Finding(RULES, DOUBTFUL, _("Rule %(place)s is about “%(kind)s”, which is not offered any more.",
                                             place=place + 1, kind=rule.request_type.title), page)
        elif (before := _shadow(rule, rules[:place])) is not None:
            yield Finding(RULES, GRAVE, _("Rule %(place)s (to “%(team)s”) never gets its turn: rule %(before)s stands "
                                          "before it and takes everything it would.", before=before + 1, **where), page)


def _shadow(rule: IntakeRule, earlier: list[IntakeRule]) -> int | None:
    """The place of an earlier rule that matches all this one does."""
    wider = (place for place, one in enumerate(earlier) if one.team.is_active and all(
        getattr(one, fact) in (None, getattr(rule, fact)) for fact in ("request_type_id", "department_id", "channel")))
    return next(wider, None)
