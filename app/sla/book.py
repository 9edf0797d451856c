"""What is promised to whom: policies and rules as plain data, in a copy each process keeps until something changes."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.calendars import queries as calendars
from app.calendars.queries import Edition, Shelf
from app.core.db import db

from .models import SlaPolicyVersion, SlaRuleList
from .settings import sla as settings
from .vocabulary import TELLING

Facts = dict[str, Any]


@dataclass(frozen=True)
class Promise:
    """One version of a policy."""

    id: int
    policy_id: int
    valid_from: datetime
    calendar_id: int
    targets: dict[str, dict[str, int]]
    reopen_floor_percent: int
    actions: tuple[dict[str, Any], ...]

    def seconds(self, target: str, priority: str, level: int | None = None) -> int | None:
        """Business time allowed; None where nothing is promised. Pick-up and hand-over are asked for with a level."""
        return self.targets.get(priority, {}).get(target if level is None else f"{target}:{level}")

    def shares(self, target: str) -> list[int]:
        """The percentages at which something is announced; the deadline itself always is."""
        return sorted({100, *(action["share"] for action in self.actions if action["target"] == target)})

    def actions_at(self, target: str, share: int) -> list[dict[str, Any]]:
        """What is to be done there, each as its name and what it needs to know."""
        return [{name: value for name, value in action.items() if name not in ("target", "share")}
                for action in self.actions if (action["target"], action["share"]) == (target, share)]

    def actions_of(self, target: str, shares: list[int]) -> list[dict[str, Any]]:
        """Of shares that are announced together: all that the last asks for, and what the earlier ones do beside
        telling people, for that is not overtaken by anything."""
        *earlier, last = shares
        asked = [action for share in earlier for action in self.actions_at(target, share)
                 if action["action"] not in TELLING] + self.actions_at(target, last)
        return [action for place, action in enumerate(asked) if action not in asked[:place]]

    def floor(self, seconds: int) -> int:
        """The least that a reopened ticket gets, of a target of so many seconds."""
        return part_of(seconds, self.reopen_floor_percent)


def part_of(seconds: int, percent: int) -> int:
    """So many percent, rounded up to whole seconds."""
    return -(-seconds * percent // 100)


@dataclass(frozen=True)
class Rule:
    """Chooses a policy where every condition is met; a floor set by law holds beside what is chosen."""

    id: int
    policy_id: int
    conditions: dict[str, list[Any]]
    is_floor: bool = False

    def matches(self, facts: Facts) -> bool:
        return all(facts.get(fact) in wanted for fact, wanted in self.conditions.items())


@dataclass(frozen=True)
class Terms:
    """What was chosen for a ticket at a moment, and the floors that hold beside it."""

    promise: Promise
    edition: Edition
    rule_id: int | None
    floors: tuple["Terms", ...] = ()

    def speaking_of(self, target: str, priority: str, level: int | None) -> list[tuple["Terms", int]]:
        """All that promise something here, with the business seconds they allow."""
        told = ((terms, terms.promise.seconds(target, priority, level)) for terms in (self, *self.floors))
        return [(terms, seconds) for terms, seconds in told if seconds is not None]


class Book(Protocol):
    """Where the engine looks terms up."""

    def choose(self, facts: Facts, moment: datetime) -> Terms | None: ...

    def promise(self, version_id: int) -> Promise: ...

    def edition(self, version_id: int) -> Edition: ...


@dataclass(frozen=True)
class LiveBook:
    """All policies and rules of the desk with all their versions, oldest first."""

    word: str
    shelf: Shelf
    by_policy: dict[int, list[Promise]]
    by_id: dict[int, Promise]
    lists: list[tuple[datetime, list[Rule]]]

    def choose(self, facts: Facts, moment: datetime) -> Terms | None:
        """By the first rule that matches, in the administrator's order, with all floors that do; None for none."""
        matching = [rule for rule in self.rules_at(moment) if rule.matches(facts)]
        chosen = next(filter(None, (self._terms(rule, moment) for rule in matching if not rule.is_floor)), None)
        floors = [*filter(None, (self._terms(rule, moment) for rule in matching if rule.is_floor))]
        if chosen is None and floors:
            chosen = floors.pop(0)
        return replace(chosen, floors=tuple(floors)) if chosen is not None and floors else chosen

    def _terms(self, rule: Rule, moment: datetime) -> Terms | None:
        promise = _at(self.by_policy.get(rule.policy_id, []), moment)
        return Terms(promise, self.shelf.at(promise.calendar_id, moment), rule.id) if promise is not None else None

    def promise(self, version_id: int) -> Promise:
        """One version; asked of the database if it is younger than this copy."""
        return self.by_id.get(version_id) or _promise(db.session.get_one(SlaPolicyVersion, version_id))

    def edition(self, version_id: int) -> Edition:
        return self.shelf.version(version_id)

    def rules_at(self, moment: datetime) -> list[Rule]:
        """The list that holds at a moment, in its order."""
        later = bisect_right(self.lists, moment, key=lambda dated: dated[0])
        return self.lists[later - 1][1] if later else []


@dataclass(frozen=True)
class FixedBook:
    """One policy for every ticket, whatever the rules say: of an imported past, say."""

    policy_id: int
    live: LiveBook

    def choose(self, facts: Facts, moment: datetime) -> Terms | None:
        """The version of the moment; before the first one, the first one."""
        versions = self.live.by_policy[self.policy_id]
        promise = _at(versions, moment) or versions[0]
        return Terms(promise, self.live.shelf.at(promise.calendar_id, moment), None)

    def promise(self, version_id: int) -> Promise:
        return self.live.promise(version_id)

    def edition(self, version_id: int) -> Edition:
        return self.live.edition(version_id)


_book = LiveBook("", Shelf("", {}, {}), {}, {}, [])


def live_book() -> LiveBook:
    """The copy of this process, read anew when an administrator has changed a policy, rule or calendar anywhere."""
    global _book
    with db.session.no_autoflush:
        word, shelf = settings.edition, calendars.shelf()
        if _book.word != word:
            _book = _read(word, shelf)
        elif _book.shelf is not shelf:
            _book = replace(_book, shelf=shelf)
    return _book


def _read(word: str, shelf: Shelf) -> LiveBook:
    versions = db.session.scalars(
        sa.select(SlaPolicyVersion).order_by(SlaPolicyVersion.valid_from, SlaPolicyVersion.id))
    promises = [_promise(version) for version in versions]
    by_policy: dict[int, list[Promise]] = defaultdict(list)
    for promise in promises:
        by_policy[promise.policy_id].append(promise)
    return LiveBook(word, shelf, dict(by_policy), {p.id: p for p in promises}, _read_lists())


def _promise(version: SlaPolicyVersion) -> Promise:
    return Promise(version.id, version.policy_id, version.valid_from, version.calendar_id, version.targets,
                   version.reopen_floor_percent, tuple(version.actions))


def _read_lists() -> list[tuple[datetime, list[Rule]]]:
    statement = sa.select(SlaRuleList).order_by(SlaRuleList.valid_from).options(selectinload(SlaRuleList.rules))
    return [(made.valid_from, [Rule(r.id, r.policy_id, r.conditions, r.is_floor) for r in made.rules])
            for made in db.session.scalars(statement)]


def _at(versions: Iterable[Promise], moment: datetime) -> Promise | None:
    """The last version that holds at a moment."""
    holding = [version for version in versions if version.valid_from <= moment]
    return holding[-1] if holding else None
