"""Changing the catalogue: what must hold, and the event with old and new."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.core.db import db
from app.core.edits import Facts, changes
from app.core.errors import Conflict
from app.core.events import record

from .models import IntakeRule, RequestType, RequestTypeAccess

COLUMNS = ("slug", "kind", "names", "descriptions", "authority", "position", "is_active", "team_id", "level2_team_id",
           "impact", "urgency", "is_confidential", "fields", "handover_fields")
FRESH: Facts = {
    "slug": "", "kind": "service_request", "names": {}, "descriptions": {}, "authority": {}, "position": 100,
    "is_active": True, "team_id": None, "level2_team_id": None, "impact": "low", "urgency": "medium",
    "is_confidential": False, "fields": [], "handover_fields": [], "named_teams": [], "named_people": [],
}
"""What a new request type begins with."""


def request_type_facts(kind: RequestType) -> Facts:
    """All that an administrator may change about it."""
    return {name: getattr(kind, name) for name in COLUMNS} | {
        "named_teams": sorted(access.team_id for access in kind.named if access.team_id),
        "named_people": sorted(access.user_id for access in kind.named if access.user_id)}


def change_request_type(kind: RequestType, facts: Facts, by: User, now: datetime) -> None:
    """For a new one too. Raises Conflict when another has the short name. The caller commits."""
    changed = changes(request_type_facts(kind) if kind.id else {}, facts)
    if not changed:
        return
    _refuse_double(kind, facts["slug"])
    for name in COLUMNS:
        setattr(kind, name, facts[name])
    if "named_teams" in changed or "named_people" in changed:
        kind.named = [RequestTypeAccess(team_id=team_id) for team_id in facts["named_teams"]]
        kind.named += [RequestTypeAccess(user_id=user_id) for user_id in facts["named_people"]]
    db.session.add(kind)
    db.session.flush()
    record("request_type.changed", kind, by=by, at=now, changes=changed)


def _refuse_double(kind: RequestType, slug: str) -> None:
    found = db.session.scalar(sa.select(RequestType.id).where(RequestType.slug == slug))
    if found is not None and found != kind.id:
        raise Conflict(_("There is a request type with this short name already."))


def add_rule(rule: IntakeRule, by: User, now: datetime) -> None:
    """At the end of the list."""
    last = db.session.scalar(sa.select(sa.func.max(IntakeRule.position)))
    rule.position = (last or 0) + 1
    db.session.add(rule)
    db.session.flush()
    record("intake_rule.changed", rule, by=by, at=now, changes={"rule": [None, _said(rule)]})


def move_rule(rule: IntakeRule, up: bool, by: User, now: datetime) -> None:
    """Change places with the neighbour; at the end of the list nothing happens."""
    rules = list(db.session.scalars(
        sa.select(IntakeRule).order_by(IntakeRule.position, IntakeRule.id).with_for_update(of=IntakeRule)))
    old = rules.index(rule)
    new = old - 1 if up else old + 1
    if not 0 <= new < len(rules):
        return
    rules[old], rules[new] = rules[new], rules[old]
    for place, one in enumerate(rules, 1):
        one.position = place
    record("intake_rule.changed", rule, by=by, at=now, changes={"position": [old + 1, new + 1]})


def remove_rule(rule: IntakeRule, by: User, now: datetime) -> None:
    record("intake_rule.changed", rule, by=by, at=now, changes={"rule": [_said(rule), None]})
    db.session.delete(rule)


def _said(rule: IntakeRule) -> Facts:
    return {name: getattr(rule, name) for name in ("request_type_id", "department_id", "channel", "team_id")}
