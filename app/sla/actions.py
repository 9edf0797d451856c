"""Making policies, their next versions, and the next list of rules. The caller commits."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.calendars.models import WorkCalendar
from app.core import versions
from app.core.db import db
from app.core.errors import Conflict
from app.core.events import record

from .models import SlaPolicy, SlaPolicyVersion, SlaRule, SlaRuleList
from .settings import sla as settings
from .vocabulary import in_order

Targets = dict[str, dict[str, int]]

STANDARD_ACTIONS: tuple[dict[str, Any], ...] = (
    {"target": "first_response", "share": 75, "action": "notify_assignee"},
    {"target": "first_response", "share": 100, "action": "notify_assignee"},
    {"target": "first_response", "share": 100, "action": "notify_lead"},
    {"target": "resolution", "share": 50, "action": "notify_assignee"},
    {"target": "resolution", "share": 75, "action": "notify_assignee"},
    {"target": "resolution", "share": 100, "action": "notify_assignee"},
    {"target": "resolution", "share": 100, "action": "notify_lead"},
    {"target": "resolution", "share": 100, "action": "escalate_level"},
    {"target": "next_response", "share": 100, "action": "notify_assignee"},
    {"target": "pickup", "share": 100, "action": "notify_lead"},
)


@dataclass(frozen=True)
class Promised:
    """What a version of a policy says."""

    calendar: WorkCalendar
    targets: Targets
    reopen_floor_percent: int = 25
    actions: tuple[dict[str, Any], ...] = STANDARD_ACTIONS
    valid_from: datetime | None = None
    """At once if not given."""

    def as_facts(self) -> dict[str, Any]:
        return {"calendar_id": self.calendar.id, "targets": self.targets, "actions": in_order(self.actions),
                "reopen_floor_percent": self.reopen_floor_percent}


@dataclass(frozen=True)
class RuleWanted:
    """One rule: the policy it chooses, and {fact: [values]} of which each must be met."""

    policy: SlaPolicy
    names: dict[str, str]
    conditions: dict[str, list[Any]] = field(default_factory=dict)
    is_floor: bool = False
    """Set by law: holds beside whatever else is chosen, wherever it is stricter."""


def create_policy(slug: str, names: dict[str, str], promised: Promised, by: Any, at: datetime) -> SlaPolicy:
    """A policy with its first version; it is used when a rule chooses it."""
    if db.session.scalar(sa.select(SlaPolicy.id).where(SlaPolicy.slug == slug)):
        raise Conflict(_("There is a policy with this short name already."))
    policy = SlaPolicy(slug=slug, names=names)
    db.session.add(policy)
    db.session.flush()
    change_policy(policy, promised, by, at)
    return policy


def revise_policy(policy: SlaPolicy, names: dict[str, str], promised: Promised, by: Any, at: datetime) -> None:
    """What its page saves: a name is corrected in place, another promise makes the next version."""
    if policy.names != names:
        record("sla_policy.changed", policy, by, at, changes={"names": [policy.names, names]})
        policy.names = names
    standing = versions.in_force(policy.versions, promised.valid_from or at)
    if not versions.says(standing, promised.as_facts()):
        change_policy(policy, promised, by, at)


def change_policy(policy: SlaPolicy, promised: Promised, by: Any, at: datetime) -> None:
    """The next version. Clocks that run keep the terms they have.

    A version that was to hold from the very same future moment is replaced.
    """
    moment = promised.valid_from or at
    versions.add(SlaPolicyVersion(policy_id=policy.id, valid_from=moment, made_at=at, by_id=by.id if by else None,
                                  **promised.as_facts()), at, SlaPolicyVersion.policy_id == policy.id)
    _changed(policy)
    record("sla_policy.changed", policy, by, at, valid_from=moment.isoformat(), **promised.as_facts())


def drop_version(policy: SlaPolicy, version: SlaPolicyVersion, by: Any, at: datetime) -> None:
    """Throw a planned version away. Raises Conflict for one that holds or has held."""
    moment = version.valid_from
    versions.drop(version, policy.versions[0], at)
    _changed(policy)
    record("sla_policy.dropped", policy, by, at, valid_from=moment.isoformat())


def _changed(policy: SlaPolicy) -> None:
    db.session.expire(policy, ["versions"])
    versions.new_edition(settings)


def set_rules(rules: list[RuleWanted], by: Any, at: datetime, valid_from: datetime | None = None) -> SlaRuleList:
    """The next list of rules, in order of precedence, from `valid_from` on (at once if not given)."""
    moment = valid_from or at
    made = SlaRuleList(valid_from=moment, made_at=at, by_id=by.id if by else None, rules=[
        SlaRule(position=position, policy_id=wanted.policy.id, names=wanted.names, conditions=wanted.conditions,
                is_floor=wanted.is_floor)
        for position, wanted in enumerate(rules)])
    versions.add(made, at)
    versions.new_edition(settings)
    record("sla_rules.changed", made, by, at, valid_from=moment.isoformat(),
           rules=[[wanted.policy.slug, wanted.conditions, *(["floor"] if wanted.is_floor else [])] for wanted in rules])
    return made


def drop_list(planned: SlaRuleList, by: Any, at: datetime) -> None:
    """Throw a planned list of rules away. Raises Conflict for one that holds or has held."""
    moment = planned.valid_from
    record("sla_rules.dropped", planned, by, at, valid_from=moment.isoformat())
    versions.drop(planned, None, at)
    versions.new_edition(settings)
