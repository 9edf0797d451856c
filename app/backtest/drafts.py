"""What would hold if a draft did: the desk's own book with one thing replaced, for all of its past.

A draft is a book like the live one, so that the engine looks things up in it as it always does.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from app.calendars.built import working_hours
from app.calendars.queries import Edition
from app.sla.book import Facts, FixedBook, LiveBook, Promise, Rule, Terms

ALWAYS = datetime(1, 1, 1, tzinfo=UTC)
DRAFT = -1
"""The id of what is stored nowhere yet."""

AnyBook = LiveBook | FixedBook


class Gone(Exception):
    """What a draft speaks of is no longer there; the message names it."""


def book_of(kind: str, subject_id: int | None, content: Any, live: LiveBook) -> LiveBook:
    """The live book under a draft. Raises Gone."""
    return {"policy": _with_policy, "calendar": _with_calendar, "rules": _with_rules}[kind](live, subject_id, content)


def _with_policy(live: LiveBook, policy_id: int, content: dict[str, Any]) -> LiveBook:
    """One version of the policy at all times."""
    if policy_id not in live.by_policy or content["calendar_id"] not in live.shelf.by_calendar:
        raise Gone("policy")
    wanted = Promise(DRAFT, policy_id, ALWAYS, content["calendar_id"], content["targets"],
                     content["reopen_floor_percent"], tuple(content["actions"]))
    kept = [version for version in live.by_policy[policy_id] if _says(version) == _says(wanted)]
    promise = replace(kept[-1], valid_from=ALWAYS) if kept else wanted
    return replace(live, by_policy=live.by_policy | {policy_id: [promise]}, by_id=live.by_id | {promise.id: promise})


def _with_calendar(live: LiveBook, calendar_id: int, content: dict[str, Any]) -> LiveBook:
    """One version of the calendar at all times."""
    if calendar_id not in live.shelf.by_calendar:
        raise Gone("calendar")
    hours = working_hours(content["zone"], content["week"], content["country"], content["overrides"])
    kept = [edition for edition in live.shelf.by_calendar[calendar_id] if edition.hours == hours]
    edition = replace(kept[-1], valid_from=ALWAYS) if kept else Edition(DRAFT, calendar_id, ALWAYS, hours)
    shelf = replace(live.shelf, by_calendar=live.shelf.by_calendar | {calendar_id: [edition]},
                    by_id=live.shelf.by_id | {edition.id: edition})
    return replace(live, shelf=shelf)


def _with_rules(live: LiveBook, _subject_id: None, content: list[dict[str, Any]]) -> LiveBook:
    """One list of rules at all times; a policy younger than the past is as it was at first."""
    if any(rule["policy_id"] not in live.by_policy for rule in content):
        raise Gone("policy")
    rules = [Rule(DRAFT - place, rule["policy_id"], rule["conditions"], rule.get("is_floor", False))
             for place, rule in enumerate(content)]
    by_policy = {policy_id: [replace(versions[0], valid_from=ALWAYS), *versions[1:]]
                 for policy_id, versions in live.by_policy.items()}
    return replace(live, lists=[(ALWAYS, rules)], by_policy=by_policy)


@dataclass
class Watched:
    """The book a ticket is replayed under; it notices where the terms depart from those that held."""

    live: AnyBook
    draft: AnyBook
    departed: bool = False

    def choose(self, facts: Facts, moment: datetime) -> Terms | None:
        terms = self.draft.choose(facts, moment)
        if self.draft is not self.live and not self.departed:
            self.departed = not same(terms, self.live.choose(facts, moment))
        return terms

    def promise(self, version_id: int) -> Promise:
        return self.draft.promise(version_id)

    def edition(self, version_id: int) -> Edition:
        return self.draft.edition(version_id)


def same(one: Terms | None, other: Terms | None) -> bool:
    """Whether two choices promise the same, whichever version or rule they come from."""
    if one is None or other is None:
        return one is other
    return (_says(one.promise) == _says(other.promise) and one.edition.hours == other.edition.hours
            and len(one.floors) == len(other.floors) and all(map(same, one.floors, other.floors)))


def _says(promise: Promise) -> tuple[Any, ...]:
    return (promise.policy_id, promise.calendar_id, promise.targets, promise.reopen_floor_percent, promise.actions)
