"""Changing lists of rules: which list a change is meant for, what it would say then, and the next list."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.core.errors import Conflict, Invalid
from app.core.versions import one_at_a_time

from . import actions, checks, queries, reach
from .actions import RuleWanted
from .models import SlaRule, SlaRuleList
from .settings import sla as settings


def to_edit(list_id: str, now: datetime) -> SlaRuleList | None:
    """The planned list of this number, else the one that holds; None on a desk without rules."""
    one_at_a_time(settings)
    named = (planned for planned in queries.planned_lists(now) if str(planned.id) == list_id)
    return next(named, None) or queries.rule_list(now)


def find(rule: SlaRule, now: datetime) -> tuple[SlaRuleList, int]:
    """Where a rule stands now: in its own list, or, if others changed something beside it, in the one that holds.

    Raises Conflict for a rule that was changed or removed meanwhile.
    """
    holding = to_edit(str(rule.list_id), now)
    for place, one in enumerate(holding.rules if holding else ()):
        if one.id == rule.id or _says(one) == _says(rule):
            return holding, place
    raise Conflict(_("Somebody else has changed or removed this rule meanwhile. Look at the rules as they stand now."))


def _says(rule: SlaRule) -> tuple[Any, ...]:
    return rule.names, rule.policy_id, rule.conditions, rule.is_floor


def wanted(holding: SlaRuleList | None) -> list[RuleWanted]:
    """The rules of a list, to be changed and saved as the next one."""
    return [RuleWanted(rule.policy, rule.names, rule.conditions, rule.is_floor)
            for rule in (holding.rules if holding else ())]


def refuse(rules: list[RuleWanted], new: RuleWanted | None, ways: reach.Ways) -> None:
    """Raises Invalid for a list with a rule that can never match; of conditions only the new rule's are judged, since
    the desk may have changed under the others."""
    if new is not None and (reason := reach.unmeetable(new.conditions, ways)):
        raise Invalid(_("This rule could never match. %(reason)s", reason=reason))
    checks.refuse_idle(rules)


def save(holding: SlaRuleList | None, rules: list[RuleWanted], by: Any, now: datetime) -> SlaRuleList:
    """The next list: at once, or in the place of a planned one. What the law sets stands behind what chooses."""
    since = holding.valid_from if holding is not None and holding.valid_from > now else None
    return actions.set_rules(sorted(rules, key=lambda rule: rule.is_floor), by, now, since)


def plan(rules: list[RuleWanted], by: Any, now: datetime, since: datetime) -> SlaRuleList:
    """The same rules once more, to be changed until they hold. Raises Conflict where that day has a list already."""
    one_at_a_time(settings)
    if any(planned.valid_from == since for planned in queries.planned_lists(now)):
        raise Conflict(_("Other rules are planned for that day already. Open them, or choose another day."))
    return actions.set_rules(rules, by, now, since)


def heirs(rules: list[RuleWanted], place: int) -> list[RuleWanted]:
    """Rules that may choose what this one chose, in their order, up to the first that takes all of it."""
    found = []
    for later in rules[place + 1:]:
        if later.is_floor or not checks.overlap(later, rules[place]):
            continue
        found.append(later)
        if checks.takes_all_of(later, rules[place]):
            break
    return found
