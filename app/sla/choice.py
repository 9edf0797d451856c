"""Which rule chose what a clock promises, and why the earlier ones of the list did not.

The engine is run once more over the ticket's events with a book that remembers what it was asked: the facts and the
list of rules are those of that moment, not today's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from . import engine
from .book import Book, Facts, FixedBook, LiveBook, Promise, Rule, Terms
from .models import SlaClock
from .timers import Happening, Timers
from .vocabulary import CHOOSING

Key = tuple[str, int]
"""Target and cycle: which clock of its ticket it is."""


@dataclass(frozen=True)
class Asked:
    """The book was asked for terms: with these facts, at this moment."""

    facts: Facts
    moment: datetime
    terms: Terms | None


@dataclass(frozen=True)
class Verdict:
    """What one rule of the list had to say about a clock.

    `state`: chosen; unmet (a condition did not hold); idle (its policy did not hold yet); silent (its policy does not
    speak of this target); overruled (the law is stricter); law (set by law, and the strictest); milder (set by law, but
    what was chosen is stricter).
    """

    rule: Rule
    state: str
    seconds: int | None = None
    """What its policy promises here."""
    fact: str = ""
    """Of an unmet condition: the first fact that is another than asked for."""
    value: Any = None


@dataclass(frozen=True)
class Allowance:
    """How what a clock may use came about, in business seconds."""

    promised: int
    used_before: list[int]
    """By the earlier cycles of a ticket that was opened again."""
    floor: int
    allowed: int

    @property
    def is_floored(self) -> bool:
        """More than was left, because a ticket that is opened again gets at least the floor."""
        return self.allowed > self.promised - sum(self.used_before)


@dataclass(frozen=True)
class Choice:
    """How one clock came to its terms."""

    asked: Asked
    verdicts: list[Verdict]
    allowance: Allowance


def choices(ticket_id: int, clocks: list[SlaClock], past: Iterable[Happening], book: LiveBook) -> dict[Key, Choice]:
    """For each stored clock of a ticket, from its events as they were written down. A clock whose terms do not follow
    from them is left out."""
    named = next((clock for clock in clocks if clock.rule_id is None), None)
    of_this: Book = book if named is None else FixedBook(book.promise(named.policy_version_id).policy_id, book)
    asked = _asked(ticket_id, past, of_this)
    found = ((clock, asked.get(_key(clock))) for clock in clocks)
    return {_key(clock): _choice(clock, one, clocks, book) for clock, one in found
            if one is not None and _term_of(clock, one) is not None}


def _asked(ticket_id: int, past: Iterable[Happening], book: Book) -> dict[Key, Asked]:
    """For each clock the last time its terms were asked for: when it began, or when a fact that chooses changed."""
    timers, attentive, last = Timers(ticket_id, is_silent=True), _Attentive(book), {}
    for event in past:
        attentive.asked = None
        engine.apply(timers, event, attentive)
        if attentive.asked is not None:
            anew = not event.changes.keys().isdisjoint(CHOOSING)
            concerned = [clock for clock in timers.clocks if _key(clock) not in last or (anew and not clock.stopped_at)]
            last |= {_key(clock): attentive.asked for clock in concerned if _speaks(attentive.asked, clock)}
    return last


def _key(clock: SlaClock) -> Key:
    return clock.target, clock.cycle


def _speaks(asked: Asked, clock: SlaClock) -> bool:
    """What the new terms do not speak of stays as it was promised."""
    return asked.terms is not None and bool(_offered(asked, clock))


def _offered(asked: Asked, clock: SlaClock) -> list[tuple[Terms, int]]:
    return asked.terms.speaking_of(clock.target, asked.facts["priority"], clock.level)


class _Attentive:
    """A book that remembers what it was asked last."""

    def __init__(self, book: Book) -> None:
        self.book, self.asked = book, None
        self.promise, self.edition = book.promise, book.edition

    def choose(self, facts: Facts, moment: datetime) -> Terms | None:
        terms = self.book.choose(facts, moment)
        self.asked = Asked(dict(facts), moment, terms)
        return terms


def _term_of(clock: SlaClock, asked: Asked) -> tuple[Promise, int] | None:
    """Of the terms that were offered those that the clock is on, with the seconds they promise."""
    return next(((terms.promise, seconds) for terms, seconds in _offered(asked, clock)
                 if (terms.rule_id, terms.promise.id) == (clock.rule_id, clock.policy_version_id)), None)


def _choice(clock: SlaClock, asked: Asked, clocks: list[SlaClock], book: LiveBook) -> Choice:
    promise, promised = _term_of(clock, asked)
    before = [earlier.used_seconds or 0 for earlier in clocks
              if earlier.target == clock.target == "resolution" and earlier.cycle < clock.cycle]
    allowance = Allowance(promised, before, promise.floor(promised), clock.allowed_seconds)
    return Choice(asked, [] if clock.rule_id is None else list(_verdicts(clock, asked, book)), allowance)


def _verdicts(clock: SlaClock, asked: Asked, book: LiveBook) -> Iterator[Verdict]:
    """Of the rules up to the one that chose, in their order; of later ones only those that are law and match."""
    seconds = {terms.rule_id: terms.promise.seconds(clock.target, asked.facts["priority"], clock.level)
               for terms in (asked.terms, *asked.terms.floors)}
    is_chosen = False
    for rule in book.rules_at(asked.moment):
        if rule.id in seconds:
            is_chosen = is_chosen or not rule.is_floor
            yield Verdict(rule, _state(rule, clock, seconds[rule.id]), seconds[rule.id])
        elif not is_chosen:
            yield _why_not(rule, asked.facts)


def _state(rule: Rule, clock: SlaClock, seconds: int | None) -> str:
    if rule.id == clock.rule_id:
        return "law" if rule.is_floor else "chosen"
    if seconds is None:
        return "silent"
    return "milder" if rule.is_floor else "overruled"


def _why_not(rule: Rule, facts: Facts) -> Verdict:
    fact = next((fact for fact, wanted in rule.conditions.items() if facts.get(fact) not in wanted), None)
    return Verdict(rule, "unmet", fact=fact, value=facts.get(fact)) if fact else Verdict(rule, "idle")
