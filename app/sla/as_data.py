"""The account of a ticket's clocks as plain data: keys that stay, ISO moments in UTC, lengths in seconds."""

from typing import Any

from app.core.i18n import localized

from .choice import Choice, Verdict
from .explain import Segment
from .names import Names
from .story import Account, Story
from .vocabulary import CONDITIONS


def as_data(account: Account) -> dict[str, Any]:
    """Everything the page shows. Names are in the reader's language."""
    return {"ticket": account.ticket.number, "at": account.at.isoformat(),
            "clocks": [_clock(story, account.names) for story in account.stories]}


def _clock(story: Story, names: Names) -> dict[str, Any]:
    clock, told = story.standing.clock, story.explanation
    return {
        "target": clock.target, "cycle": clock.cycle, "level": clock.level, "state": story.standing.state,
        **{f"{name}_at": _iso(getattr(clock, f"{name}_at")) for name in
           ("started", "due", "paused", "stopped", "breached")},
        "until": _iso(told.until), "allowed_seconds": clock.allowed_seconds, "used_seconds": told.used_seconds,
        "left_seconds": told.left_seconds, "paused_seconds": told.paused_seconds,
        "policy": {"version": clock.policy_version_id, "valid_from": _iso(story.valid_from),
                   "name": localized(story.standing.policy)},
        "calendar": {"version": clock.calendar_version_id, "name": localized(story.standing.calendar)},
        "rule": None if clock.rule_id is None else {"id": clock.rule_id, "name": localized(story.standing.rule)},
        "choice": _choice(story.choice, names) if story.choice else None,
        "segments": [_segment(segment) for segment in told.segments],
        "ahead": [_segment(segment) for segment in told.ahead],
    }


def _choice(choice: Choice, names: Names) -> dict[str, Any]:
    allowance = choice.allowance
    return {
        "at": _iso(choice.asked.moment), "facts": {fact: choice.asked.facts.get(fact) for fact in CONDITIONS},
        "rules": [_verdict(verdict, names) for verdict in choice.verdicts],
        "target_seconds": allowance.promised, "used_before_seconds": sum(allowance.used_before),
        "floor_seconds": allowance.floor,
    }


def _verdict(verdict: Verdict, names: Names) -> dict[str, Any]:
    unmet = {"fact": verdict.fact, "value": verdict.value, "wanted": verdict.rule.conditions.get(verdict.fact)}
    return {"id": verdict.rule.id, "name": names.rules.get(verdict.rule.id, ""), "is_floor": verdict.rule.is_floor,
            "state": verdict.state, "seconds": verdict.seconds, **(unmet if verdict.fact else {})}


def _segment(segment: Segment) -> dict[str, Any]:
    place = segment.place
    return {
        "start": _iso(segment.start), "end": _iso(segment.end), "seconds": segment.seconds, "why": segment.why,
        "counted": segment.is_counted, "counted_seconds": segment.counted_seconds,
        "business_seconds": segment.business_seconds, "is_late": segment.is_late, "reason": segment.reason,
        "holiday": segment.holiday.day.isoformat() if segment.holiday else None,
        "status": place and place.status, "level": place and place.level, "team": place and place.team_id,
        "assignee": place and place.assignee_id,
    }


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None
