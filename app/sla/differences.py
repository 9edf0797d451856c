"""What a version changed, in sentences: of policies, and of lists of rules."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from app.core.i18n import localized

from .action_words import People, sentence
from .forms import hours_minutes, levels_in, titles
from .models import SlaPolicyVersion, SlaRule
from .rule_words import RuleWords
from .vocabulary import EVERY_PRIORITY


def of_policy(old: SlaPolicyVersion, new: SlaPolicyVersion, people: People) -> list[str]:
    """What the newer version says otherwise."""
    return [*_calendar(old, new), *_targets(old, new), *_floor(old, new), *_actions(old, new, people)]


def _calendar(old: SlaPolicyVersion, new: SlaPolicyVersion) -> Iterator[str]:
    if old.calendar_id != new.calendar_id:
        yield _("Working hours: %(old)s → %(new)s", old=old.calendar.title, new=new.calendar.title)


def _targets(old: SlaPolicyVersion, new: SlaPolicyVersion) -> Iterator[str]:
    named = titles(sorted(levels_in(old.targets) | levels_in(new.targets)))
    for priority in EVERY_PRIORITY:
        before, after = old.targets.get(priority, {}), new.targets.get(priority, {})
        for key, title in named.items():
            if before.get(key) != after.get(key):
                yield _("%(priority)s, %(target)s: %(old)s → %(new)s", priority=priority, target=title,
                        old=_length(before.get(key)), new=_length(after.get(key)))


def _length(seconds: int | None) -> str:
    return hours_minutes(seconds) if seconds else "–"


def _floor(old: SlaPolicyVersion, new: SlaPolicyVersion) -> Iterator[str]:
    if old.reopen_floor_percent != new.reopen_floor_percent:
        yield _("Least share after reopening: %(old)s %% → %(new)s %%", old=old.reopen_floor_percent,
                new=new.reopen_floor_percent)


def _actions(old: SlaPolicyVersion, new: SlaPolicyVersion, people: People) -> Iterator[str]:
    for action in old.actions:
        if action not in new.actions:
            yield _("No longer: %(what)s", what=sentence(action, people))
    for action in new.actions:
        if action not in old.actions:
            yield _("New: %(what)s", what=sentence(action, people))


def of_rules(old: list[SlaRule], new: list[SlaRule], words: RuleWords) -> list[str]:
    """What the newer list says otherwise. Rules are known by their names, which an edit may keep or change."""
    pairs = _paired(old, new)
    known = {id(before) for before, _after in pairs} | {id(after) for _before, after in pairs}
    told = [_("Removed: %(rule)s", rule=rule.title) for rule in old if id(rule) not in known]
    told += [_("New: %(rule)s", rule=rule.title) for rule in new if id(rule) not in known]
    told += [line for before, after in pairs for line in _of_rule(before, after, words)]
    return told + list(_order(pairs))


def _paired(old: list[SlaRule], new: list[SlaRule]) -> list[tuple[SlaRule, SlaRule]]:
    """Rules that are the same or have the same name, in the order of the newer list."""
    left, pairs = list(old), {}
    for is_same in (_says, lambda rule: rule.names):
        for after in new:
            found = next((rule for rule in left if is_same(rule) == is_same(after)), None)
            if id(after) not in pairs and found is not None:
                pairs[id(after)] = (found, after)
                left.remove(found)
    return [pairs[id(after)] for after in new if id(after) in pairs]


def _says(rule: SlaRule) -> tuple[Any, ...]:
    return rule.policy_id, rule.is_floor, rule.names, rule.conditions


def _of_rule(old: SlaRule, new: SlaRule, words: RuleWords) -> Iterator[str]:
    if old.policy_id != new.policy_id:
        yield _("%(rule)s: policy %(old)s → %(new)s", rule=new.title, old=old.policy.title, new=new.policy.title)
    if old.conditions != new.conditions:
        yield _("%(rule)s: %(old)s → %(new)s", rule=new.title, old="; ".join(words.lines(old.conditions)),
                new="; ".join(words.lines(new.conditions)))
    if old.is_floor != new.is_floor:
        yield _("%(rule)s: now set by law", rule=new.title) if new.is_floor else _(
            "%(rule)s: no longer set by law", rule=new.title)
    if old.names != new.names and localized(old.names) == new.title:
        yield _("%(rule)s: named otherwise in another language", rule=new.title)


def _order(pairs: list[tuple[SlaRule, SlaRule]]) -> Iterator[str]:
    places = [before.position for before, after in pairs if not after.is_floor]
    if places != sorted(places):
        yield _("Another order: %(rules)s", rules=", ".join(after.title for _before, after in pairs
                                                            if not after.is_floor))
