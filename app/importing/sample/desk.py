"""How the sample's desk works: calendars, policies and rules, request types, reasons to wait, its name."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from app.calendars.actions import Hours
from app.calendars.models import WorkCalendar
from app.catalogue.models import RequestType, RequestTypeAccess
from app.core.db import db
from app.core.i18n import desk as desk_settings
from app.core.settings import SettingRow
from app.importing import promises
from app.importing.sample import content_shapes as shapes
from app.importing.sample.content import SampleContent
from app.importing.sample.ledger import SETTINGS, remember
from app.importing.sample.people import People, free_slug
from app.importing.weeks import week_of
from app.sla.actions import Promised, RuleWanted, set_rules
from app.sla.models import SlaPolicy, SlaRule, SlaRuleList
from app.sla.vocabulary import OLA, PROMISES
from app.tickets.models import PendingReason

SINCE = datetime(2020, 1, 1, tzinfo=UTC)
"""What the sample promises held long before its first ticket."""
OLA_NAMES = {"pick_up": "pickup", "finish": "handover"}


@dataclass(frozen=True)
class Desk:
    """What was made, by the slugs of the data."""

    calendars: Mapping[str, WorkCalendar]
    types: Mapping[str, RequestType]
    reasons: Mapping[str, PendingReason]
    rules: SlaRuleList


def arrange(content: SampleContent, people: People, now: datetime, beside: bool) -> Desk:
    """Make it all; the caller commits and stands inside `history()`."""
    calendars = {wanted.slug: _calendar(wanted, now) for wanted in content.calendars}
    _place_teams(content, people, calendars)
    policies = {wanted.slug: _policy(wanted, calendars[wanted.calendar], now) for wanted in content.policies}
    types = {wanted.slug: _request_type(wanted, position, people)
             for position, wanted in enumerate(content.request_types)}
    rules = _rules(content.rules, policies, types, people, now)
    reasons = {wanted.slug: _pending_reason(wanted, position)
               for position, wanted in enumerate(content.shape.pending_reasons)}
    if not beside:
        _name_desk()
    return Desk(calendars, types, reasons, rules)


def _calendar(wanted: shapes.Calendar, now: datetime) -> WorkCalendar:
    hours = Hours(wanted.timezone, week_of(wanted.week), wanted.holidays, valid_from=SINCE)
    made = promises.calendar(free_slug(WorkCalendar, wanted.slug), vars(wanted.name), hours, now)
    remember(made)
    return made


def _place_teams(content: SampleContent, people: People, calendars: Mapping[str, WorkCalendar]) -> None:
    """Where each team belongs, when it works, and which team gets what it escalates: the one that gets most kinds."""
    for wanted in content.organisation.teams:
        team, above = people.teams[wanted.slug], _above(wanted.slug, content.request_types)
        team.department_id, team.calendar_id = people.departments[wanted.department].id, calendars[wanted.calendar].id
        team.escalates_to_id = people.teams[above].id if above else None


def _above(slug: str, types: Iterable[shapes.RequestType]) -> str | None:
    """What is confidential goes to nobody but those it names."""
    named = Counter(kind.level2_team for kind in types
                    if kind.level1_team == slug and kind.level2_team and not kind.confidential)
    return next((above for above, _count in named.most_common(1)), None)


def _policy(wanted: shapes.Policy, calendar: WorkCalendar, now: datetime) -> SlaPolicy:
    """Minutes of the data become seconds; what the levels promise each other is the same for every priority."""
    ola = {f"{OLA_NAMES[name]}:{level}": minutes * 60
           for level, promised in wanted.ola.items() for name, minutes in promised.items()}
    targets = {priority: {target: minutes * 60 for target, minutes in promised.items()} | ola
               for priority, promised in wanted.targets.items()}
    promised = Promised(calendar, targets, wanted.reopen_floor_share, _actions(wanted.warn_shares), SINCE)
    made = promises.policy(free_slug(SlaPolicy, wanted.slug), vars(wanted.name), promised, now)
    remember(made)
    return made


def _actions(shares: Iterable[int]) -> tuple[dict[str, Any], ...]:
    """Who works on it is told on the way, the lead at the end, and of what the levels promise each other at the end."""
    told = [(target, share) for target in PROMISES for share in shares] + [(target, 100) for target in OLA]
    return tuple({"target": target, "share": share, "action": "notify_lead" if share >= 100 else "notify_assignee"}
                 for target, share in told)


def _request_type(wanted: shapes.RequestType, position: int, people: People) -> RequestType:
    made = RequestType(
        slug=free_slug(RequestType, wanted.slug), names=vars(wanted.name), descriptions=vars(wanted.description),
        kind=wanted.kind, team_id=people.teams[wanted.level1_team].id,
        level2_team_id=people.teams[wanted.level2_team].id if wanted.level2_team else None,
        impact=wanted.impact, urgency=wanted.urgency, is_confidential=wanted.confidential,
        fields=[_field(each) for each in wanted.fields], authority=vars(wanted.authority), position=position,
        handover_fields=[{"key": f.key, "labels": vars(f.label), "required": f.required} for f in wanted.handover],
    )
    made.named = [RequestTypeAccess(team_id=people.teams[slug].id) for slug in wanted.visible_to]
    db.session.add(made)
    db.session.flush()
    remember(made)
    return made


def _field(wanted: shapes.Field) -> dict[str, Any]:
    return {"key": wanted.key, "labels": vars(wanted.label), "help": vars(wanted.help) if wanted.help else {},
            "type": wanted.type, "required": wanted.required,
            "choices": [{"value": value, "labels": vars(label)} for value, label in wanted.choices.items()]}


def _pending_reason(wanted: shapes.PendingReason, position: int) -> PendingReason:
    """A reason the desk has already is used as it is."""
    made = db.session.get(PendingReason, wanted.slug)
    if made is None:
        made = PendingReason(slug=wanted.slug, names=vars(wanted.name), pauses=wanted.pauses, position=position,
                             waits_for_requester=wanted.asks_requester, needs_date=wanted.slug == "date")
        db.session.add(made)
        db.session.flush()
        remember(made)
    return made


def _rules(rules: Iterable[shapes.Rule], policies: Mapping[str, SlaPolicy], types: Mapping[str, RequestType],
           people: People, now: datetime) -> SlaRuleList:
    """Where the desk has rules of its own, the sample's come first and are for its own request types alone."""
    standing = _standing_rules(now)
    every_type = [kind.id for kind in types.values()] if standing else []
    wanted = [RuleWanted(policies[rule.policy], vars(rule.name), _conditions(rule, types, people, every_type))
              for rule in rules]
    wanted += [RuleWanted(rule.policy, rule.names, rule.conditions) for rule in standing]
    made = set_rules(wanted, None, now, None if standing else SINCE)
    remember(*made.rules, made)
    return made


def _standing_rules(now: datetime) -> list[SlaRule]:
    in_force = sa.select(SlaRuleList).where(SlaRuleList.valid_from <= now)
    standing = db.session.scalar(in_force.order_by(SlaRuleList.valid_from.desc()).limit(1))
    return standing.rules if standing else []


def _conditions(rule: shapes.Rule, types: Mapping[str, RequestType], people: People,
                every_type: list[int]) -> dict[str, list[Any]]:
    conditions = {
        "request_type_id": [types[slug].id for slug in rule.request_types] or every_type,
        "priority": list(rule.priorities),
        "department_id": [people.departments[slug].id for slug in rule.departments],
        "team_id": [people.teams[slug].id for slug in rule.teams],
    }
    return {fact: values for fact, values in conditions.items() if values}


def _name_desk() -> None:
    values = {name.removeprefix("desk."): value for name, value in SETTINGS.items()}
    changed = desk_settings.change(**values)
    db.session.flush()
    remember(*(db.session.get(SettingRow, f"desk.{name}") for name in changed))
