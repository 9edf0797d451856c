"""What contradicts itself among promises, the rules that choose them, and the working hours they count in."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.models import Team, User
from app.calendars.queries import shelf
from app.catalogue import queries as catalogue
from app.core.db import db
from app.core.findings import DOUBTFUL, GRAVE, Finding

from . import checks, lists, queries, reach
from .actions import RuleWanted
from .models import SlaPolicy, SlaPolicyVersion, SlaRule
from .vocabulary import EVERY_PRIORITY

PROMISES = _l("Promises")
AHEAD = timedelta(days=14)


def found(now: datetime) -> list[Finding]:
    """Everything that is wrong with the promises that hold now."""
    teams = list(db.session.scalars(sa.select(Team).order_by(Team.level, Team.id)))
    ways = reach.Ways(catalogue.all_of_them(), teams, catalogue.rules())
    rules = queries.rules(now)
    policies = [(policy, version) for policy in queries.policies() if (version := _holding(policy, now)) is not None]
    used = {rule.policy_id for rule in rules}
    return [*_rules(rules, lists.wanted(queries.rule_list(now)), ways), *_no_promise(rules),
            *(one for policy, version in policies for one in _policy(policy, version, policy.id in used, now)),
            *_actions([pair for pair in policies if pair[0].id in used], teams)]


def _holding(policy: SlaPolicy, now: datetime) -> SlaPolicyVersion | None:
    begun = [version for version in policy.versions if version.valid_from <= now]
    return begun[-1] if begun else None


def _rules(rules: list[SlaRule], wanted: list[RuleWanted], ways: reach.Ways) -> Iterator[Finding]:
    for place, rule in enumerate(rules):
        page = url_for("sla.rule_edit", rule_id=rule.id)
        if reason := reach.unmeetable(rule.conditions, ways):
            yield Finding(PROMISES, GRAVE, _("The rule “%(rule)s” can never match. %(reason)s", rule=rule.title,
                                             reason=reason), page)
        elif checks.is_idle(wanted[place], wanted[:place]):
            yield Finding(PROMISES, GRAVE, _("The rule “%(rule)s” never gets its turn: the rules before it take "
                                             "everything it would.", rule=rule.title), page)
        for doubt in reach.doubts(rule.conditions, ways):
            yield Finding(PROMISES, DOUBTFUL, _("The rule “%(rule)s”: %(doubt)s", rule=rule.title, doubt=doubt), page)


def _no_promise(rules: list[SlaRule]) -> Iterator[Finding]:
    choosing = [rule for rule in rules if not rule.is_floor]
    if not choosing:
        yield Finding(PROMISES, GRAVE, _("No rule chooses a promise: no ticket has a deadline."),
                      url_for("sla.policy_list"))
    elif all(rule.conditions for rule in choosing):
        yield Finding(PROMISES, DOUBTFUL, _("No rule takes what all others leave: some tickets may have no deadline."),
                      url_for("sla.policy_list"))


def _policy(policy: SlaPolicy, version: SlaPolicyVersion, is_used: bool, now: datetime) -> Iterator[Finding]:
    page = url_for("sla.policy_edit", slug=policy.slug)
    if not is_used:
        yield Finding(PROMISES, DOUBTFUL, _("No rule chooses the policy “%(policy)s”.", policy=policy.title), page)
        return
    silent = [priority for priority in EVERY_PRIORITY if not version.targets.get(priority)]
    if silent:
        yield Finding(PROMISES, DOUBTFUL, _("The policy “%(policy)s” promises nothing for %(priorities)s.",
                                            policy=policy.title, priorities=", ".join(silent)), page)
    if shelf().at(version.calendar_id, now).hours.elapsed(now, now + AHEAD) == 0:
        yield Finding(PROMISES, GRAVE, _("The policy “%(policy)s” counts in “%(calendar)s”, which has no working time "
                                         "in the next two weeks: its deadlines move out of sight.", policy=policy.title,
                                         calendar=version.calendar.title),
                      url_for("calendars.calendar_edit", slug=version.calendar.slug))


def _actions(policies: list[tuple[SlaPolicy, SlaPolicyVersion]], teams: list[Team]) -> Iterator[Finding]:
    """What a share of a target sets off, and nobody is there for; an action names a person by `user_id`."""
    people = _gone({action["user_id"] for _policy, version in policies for action in version.actions
                    if isinstance(action, dict) and action.get("user_id")})
    top = max((team.level for team in teams if team.is_active), default=1)
    for policy, version in policies:
        page = url_for("sla.policy_edit", slug=policy.slug)
        named = {action.get("user_id") for action in version.actions if isinstance(action, dict)}
        for name in sorted(people[number] for number in named & people.keys()):
            yield Finding(PROMISES, GRAVE, _("The policy “%(policy)s” tells %(name)s or gives them tickets, and their "
                                             "account is switched off.", policy=policy.title, name=name), page)
        if top == 1 and any(_name(action) == "escalate_level" for action in version.actions):
            yield Finding(PROMISES, GRAVE, _("The policy “%(policy)s” escalates to the next level, but there is no "
                                             "team above level 1.", policy=policy.title), page)


def _gone(ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    return {user.id: user.name for user in db.session.scalars(
        sa.select(User).where(User.id.in_(ids), ~User.is_active))}


def _name(action: Any) -> str:
    return action["action"] if isinstance(action, dict) else action
