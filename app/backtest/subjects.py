"""What can be drafted: what must not have changed meanwhile, and how the draft comes into force."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts import actions as account_actions
from app.accounts.models import Team
from app.calendars import actions as calendar_actions
from app.calendars.forms import guarded as guarded_calendar
from app.calendars.models import WorkCalendar
from app.calendars.working_hours import InvalidCalendar
from app.core.db import Base, db
from app.core.edits import Facts
from app.core.errors import Conflict
from app.core.i18n import desk
from app.core.versions import one_at_a_time
from app.sla import actions as sla_actions
from app.sla import lists
from app.sla import queries as sla_queries
from app.sla.forms import guarded
from app.sla.models import SlaPolicy, SlaRule
from app.sla.routes.desk import offer, ways
from app.sla.settings import sla as sla_settings

from .models import Backtest

Rules = list[dict[str, Any]]


@dataclass(frozen=True)
class Subject:
    """How one kind of draft meets what it is a draft of."""

    stored: Callable[[int | None, datetime], Facts]
    """What must not have changed since the draft was made; raises Conflict when the thing is gone."""
    activate: Callable[[Backtest, datetime | None, Any, datetime], None]
    """Make the draft hold, from a moment on (None: at once)."""
    zone: Callable[[Backtest], str]
    """Whose days the date of activation means."""
    is_dated: bool = True
    """Whether it can be planned: it has versions."""


def stored(backtest: Backtest, now: datetime) -> Facts:
    """Raises Conflict when what it is a draft of is gone."""
    return SUBJECTS[backtest.kind].stored(backtest.subject_id, now)


def found(model: type[Base], subject_id: int | None) -> Any:
    """Raises Conflict."""
    one = db.session.get(model, subject_id)
    if one is None:
        raise Conflict(_("What this is a draft of is no longer there."))
    return one


def _activate_policy(backtest: Backtest, since: datetime | None, by: Any, at: datetime) -> None:
    content = backtest.content
    promised = sla_actions.Promised(
        found(WorkCalendar, content["calendar_id"]), content["targets"], content["reopen_floor_percent"],
        tuple(content["actions"]), since)
    sla_actions.change_policy(found(SlaPolicy, backtest.subject_id), promised, by, at)


def _policy_zone(backtest: Backtest) -> str:
    return found(WorkCalendar, backtest.content["calendar_id"]).versions[-1].zone


def _activate_calendar(backtest: Backtest, since: datetime | None, by: Any, at: datetime) -> None:
    hours = calendar_actions.Hours(**backtest.content, valid_from=since)
    try:
        calendar_actions.change(found(WorkCalendar, backtest.subject_id), hours, by, at)
    except InvalidCalendar as error:
        raise Conflict(_("These working hours have no working time ahead any more. Make a new draft.")) from error


def _stored_rules(_subject_id: int | None, now: datetime) -> Facts:
    """Which list holds, and which are planned."""
    holding = sla_queries.rule_list(now)
    return {"holding": holding.id if holding else None, "planned": [one.id for one in sla_queries.planned_lists(now)]}


def as_content(rules: list[sla_actions.RuleWanted]) -> Rules:
    return [{"policy_id": rule.policy.id, "names": rule.names, "conditions": rule.conditions,
             "is_floor": rule.is_floor} for rule in rules]


def rules_wanted(content: Rules) -> list[sla_actions.RuleWanted]:
    """Raises Conflict when a policy is gone."""
    policies = {policy.id: policy for policy in db.session.scalars(sa.select(SlaPolicy))}
    if any(rule["policy_id"] not in policies for rule in content):
        raise Conflict(_("What this is a draft of is no longer there."))
    return [sla_actions.RuleWanted(policies[rule["policy_id"]], rule["names"], rule["conditions"], rule["is_floor"])
            for rule in content]


def rules_of(content: Rules) -> list[SlaRule]:
    """The rules of a draft as rows that are stored nowhere."""
    return [SlaRule(position=place, policy_id=rule.policy.id, policy=rule.policy, names=rule.names,
                    conditions=rule.conditions, is_floor=rule.is_floor)
            for place, rule in enumerate(rules_wanted(content))]


def _activate_rules(backtest: Backtest, since: datetime | None, by: Any, at: datetime) -> None:
    one_at_a_time(sla_settings)
    wanted = sorted(rules_wanted(backtest.content), key=lambda rule: rule.is_floor)
    lists.refuse(wanted, None, ways(offer()))
    sla_actions.set_rules(wanted, by, at, since)


def _activate_team(backtest: Backtest, since: datetime | None, by: Any, at: datetime) -> None:
    """At once: teams have no versions."""
    account_actions.change_team(found(Team, backtest.subject_id), backtest.content, by, at)


SUBJECTS = {
    "policy": Subject(lambda subject_id, now: guarded(found(SlaPolicy, subject_id)), _activate_policy, _policy_zone),
    "calendar": Subject(lambda subject_id, now: guarded_calendar(found(WorkCalendar, subject_id)), _activate_calendar,
                        lambda backtest: backtest.content["zone"]),
    "rules": Subject(_stored_rules, _activate_rules, lambda backtest: desk.time_zone),
    "team": Subject(lambda subject_id, now: account_actions.team_facts(found(Team, subject_id)), _activate_team,
                    lambda backtest: desk.time_zone, is_dated=False),
}
