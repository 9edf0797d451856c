"""What is wrong with a list of rules before it is saved: rules that others leave nothing.

A rule is a box: for each fact the set of values it takes. What the rules before it take is cut away, and if nothing is
left the rule can never match. Floors set by law choose nothing, so they take nothing from others and lose nothing.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import gettext as _

from app.core.errors import Invalid
from app.core.i18n import localized
from app.tickets.vocabulary import KINDS

from .actions import RuleWanted
from .vocabulary import EVERY_PRIORITY

Box = dict[str, frozenset[Any]]
CLOSED = {"priority": frozenset(EVERY_PRIORITY), "kind": frozenset(KINDS),
          "is_from_customer": frozenset((True, False, None))}
"""Facts all of whose values are known. Of the others there may be more one day, which no rule names."""
ANY_OTHER = object()
MOST_PIECES = 5000


def takes_all_of(earlier: RuleWanted, later: RuleWanted) -> bool:
    """Whether everything the later rule matches is matched by the earlier one too."""
    return not _left(later, [earlier])


def is_idle(rule: RuleWanted, earlier: list[RuleWanted]) -> bool:
    """Whether the rules before it leave nothing to a rule."""
    return not rule.is_floor and not _left(rule, [one for one in earlier if not one.is_floor])


def place_for(rule: RuleWanted, rules: list[RuleWanted]) -> int:
    """Where a new rule can do something: before the first that would leave it nothing, else at the end."""
    places = (place for place in range(len(rules)) if is_idle(rule, rules[:place + 1]))
    return next(places, len(rules))


def refuse_idle(rules: list[RuleWanted]) -> None:
    """Raises Invalid naming a rule that can never match, and those that take everything from it."""
    for place, later in enumerate(rules):
        if is_idle(later, rules[:place]):
            raise Invalid(_sentence(later, [one for one in rules[:place] if not one.is_floor]))


def _sentence(later: RuleWanted, earlier: list[RuleWanted]) -> str:
    alone = next((one for one in earlier if not _left(later, [one])), None)
    if alone is not None:
        return _("The rule “%(later)s” could never match: “%(earlier)s” stands before it and takes everything. Change "
                 "the order or the conditions.", later=localized(later.names), earlier=localized(alone.names))
    return _("The rule “%(later)s” could never match: the rules before it take everything between them (%(earlier)s). "
             "Change the order or the conditions.", later=localized(later.names),
             earlier=", ".join(f"“{localized(one.names)}”" for one in earlier))


def _left(rule: RuleWanted, earlier: list[RuleWanted]) -> list[Box]:
    """What the earlier rules do not take of a rule. Cut into too many pieces, it is certainly something."""
    known = _known([rule, *earlier])
    pieces = [_box(rule, known)]
    for one in earlier:
        taken = _box(one, known)
        pieces = [left for piece in pieces for left in _without(piece, taken)]
        if not pieces or len(pieces) > MOST_PIECES:
            break
    return pieces


def _known(rules: Iterable[RuleWanted]) -> Box:
    """Every value that matters of every fact that is asked about."""
    named: dict[str, set[Any]] = {}
    for rule in rules:
        for fact, values in rule.conditions.items():
            named.setdefault(fact, set()).update(values)
    return {fact: CLOSED.get(fact) or frozenset((*values, ANY_OTHER)) for fact, values in named.items()}


def _box(rule: RuleWanted, known: Box) -> Box:
    return {fact: frozenset(rule.conditions[fact]) if fact in rule.conditions else values
            for fact, values in known.items()}


def _without(piece: Box, taken: Box) -> Iterator[Box]:
    """The rest of a box, in boxes that do not overlap."""
    if not all(piece[fact] & taken[fact] for fact in piece):
        yield piece
        return
    inside = dict(piece)
    for fact in piece:
        if outside := inside[fact] - taken[fact]:
            yield {**inside, fact: outside}
        inside[fact] &= taken[fact]


def overlap(one: RuleWanted, other: RuleWanted) -> bool:
    """Whether there may be tickets that both rules match."""
    return all(set(values) & set(other.conditions.get(fact, values)) for fact, values in one.conditions.items())
