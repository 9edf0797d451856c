"""The versions of a policy as its page tells them: what each changed, and what may be done with it."""

from dataclasses import dataclass
from datetime import datetime

from app.core.versions import may_drop

from . import differences, queries
from .action_words import People, mentioned, sentence
from .forms import hours_minutes, levels_in, titles
from .models import SlaPolicy, SlaPolicyVersion


@dataclass(frozen=True)
class Line:
    """One version."""

    version: SlaPolicyVersion
    changed: list[str]
    """Since the version before it; of the first one, all that it promises."""
    does: list[str]
    """What happens on the way to its deadlines."""
    is_planned: bool
    may_drop: bool


def lines(policy: SlaPolicy, now: datetime) -> list[Line]:
    """All versions, the newest first."""
    versions = policy.versions
    ids = {user_id for version in versions for user_id in mentioned(version.actions)}
    people = {user.id: user for user in queries.people_by_id(ids)}
    told = [_line(version, versions[place - 1] if place else None, people, now, may_drop(version, versions[0], now))
            for place, version in enumerate(versions)]
    return told[::-1]


def _line(version: SlaPolicyVersion, before: SlaPolicyVersion | None, people: People, now: datetime,
          droppable: bool) -> Line:
    changed = differences.of_policy(before, version, people) if before else summary(version)
    does = [sentence(action, people) for action in version.actions]
    return Line(version, changed, does, version.valid_from > now, droppable)


def summary(version: SlaPolicyVersion) -> list[str]:
    """All that a version promises, a line per priority."""
    named = titles(sorted(levels_in(version.targets)))
    told = {priority: [f"{title} {hours_minutes(targets[key])}" for key, title in named.items() if key in targets]
            for priority, targets in sorted(version.targets.items())}
    return [version.calendar.title, *(f"{priority}: {', '.join(times)}" for priority, times in told.items())]
