"""What is odd about the times of a policy, though it may be saved."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _

from .forms import hours_minutes, title_of
from .vocabulary import EVERY_PRIORITY, TARGETS

Targets = dict[str, dict[str, int]]


def doubts(targets: Targets, actions: list[dict[str, Any]]) -> list[str]:
    """Sentences for the administrator; empty where nothing is odd."""
    return [*_longer_than_the_resolution(targets), *_urgent_but_slower(targets), *_without_a_time(targets, actions)]


def _longer_than_the_resolution(targets: Targets) -> Iterator[str]:
    for priority, told in sorted(targets.items()):
        whole = told.get("resolution")
        for key, seconds in told.items():
            if whole is not None and seconds > whole:
                yield _("%(priority)s: “%(target)s” (%(length)s) is longer than the resolution time (%(whole)s).",
                        priority=priority, target=title_of(key), length=hours_minutes(seconds),
                        whole=hours_minutes(whole))


def _urgent_but_slower(targets: Targets) -> Iterator[str]:
    for urgent, other in pairwise(EVERY_PRIORITY):
        for key, seconds in targets.get(urgent, {}).items():
            usual = targets.get(other, {}).get(key)
            if usual is not None and seconds > usual:
                yield _("%(urgent)s has more time than %(other)s for “%(target)s”.", urgent=urgent, other=other,
                        target=title_of(key))


def _without_a_time(targets: Targets, actions: list[dict[str, Any]]) -> Iterator[str]:
    promised = {key.partition(":")[0] for told in targets.values() for key in told}
    for target in dict.fromkeys(action["target"] for action in actions):
        if target not in promised:
            yield _("Something is to happen on the way to “%(target)s”, but no time is given for it.",
                    target=TARGETS[target])
