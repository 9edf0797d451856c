"""Policies on one page: what each promises, which rules choose it, and where the law is stricter."""

from dataclasses import dataclass
from datetime import datetime

from . import queries
from .forms import titles
from .models import SlaPolicy, SlaPolicyVersion, SlaRule
from .vocabulary import EVERY_PRIORITY, PROMISES


@dataclass(frozen=True)
class Stricter:
    """A floor set by law that gives less time than a policy."""

    floor: SlaRule
    priority: str
    target: str
    seconds: int


@dataclass(frozen=True)
class Row:
    """One policy with what is said about it."""

    policy: SlaPolicy
    version: SlaPolicyVersion
    """The one that holds."""
    planned: list[SlaPolicyVersion]
    rules: list[SlaRule]
    """Those that choose it, floors as well."""
    stricter: list[Stricter]
    elsewhere: list[SlaRule]
    """Floors in other working hours, where only each deadline shows which is stricter."""


def rows(policies: list[SlaPolicy], rules: list[SlaRule], now: datetime) -> list[Row]:
    """Every policy; `rules` are those that hold."""
    holding = {policy.id: queries.in_force(policy, now) for policy in policies}
    floors = [rule for rule in rules if rule.is_floor]
    return [_row(policy, holding, [rule for rule in rules if rule.policy_id == policy.id],
                 [floor for floor in floors if floor.policy_id != policy.id], now) for policy in policies]


def _row(policy: SlaPolicy, holding: dict[int, SlaPolicyVersion], rules: list[SlaRule], floors: list[SlaRule],
         now: datetime) -> Row:
    version = holding[policy.id]
    chosen = any(not rule.is_floor for rule in rules)
    beside = floors if chosen else []
    here = [floor for floor in beside if holding[floor.policy_id].calendar_id == version.calendar_id]
    return Row(policy, version, [one for one in policy.versions if one.valid_from > now], rules,
               [found for floor in here for found in _stricter(floor, holding[floor.policy_id], version)],
               [floor for floor in beside if floor not in here])


def _stricter(floor: SlaRule, law: SlaPolicyVersion, version: SlaPolicyVersion) -> list[Stricter]:
    told = [(priority, key, seconds) for priority in EVERY_PRIORITY for key, seconds in
            law.targets.get(priority, {}).items() if priority in floor.conditions.get("priority", EVERY_PRIORITY)]
    return [Stricter(floor, priority, titles([])[key], seconds) for priority, key, seconds in told
            if key in PROMISES and seconds < version.targets.get(priority, {}).get(key, float("inf"))]
