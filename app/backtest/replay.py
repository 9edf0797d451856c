"""One ticket lived through again under a draft, by the engine that turns the clocks of living tickets.

What people and the desk did stays as it was. What the timers announce is made anew from the moment at which the draft
departs from the terms that held; up to then, and for a ticket it does not touch, what was said is taken as it was said.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.core.clock import whole_second
from app.sla import engine
from app.sla.book import FixedBook, LiveBook
from app.sla.models import SlaClock
from app.sla.sweep import kind_of, said_of
from app.sla.timers import Happening, Timers

from .drafts import Watched
from .past import Imports, Past, is_imported
from .recipients import Said


@dataclass
class Replayed:
    """What became of a ticket: its timers, and what was and would have been said."""

    timers: Timers
    is_confidential: bool = False
    departed: bool = False
    said_before: list[Said] = field(default_factory=list)
    said_after: list[Said] = field(default_factory=list)
    priorities: list[tuple[datetime, str]] = field(default_factory=list)
    """Since when it had which."""


class Books:
    """The live book and the draft's, and for an imported ticket those of its import's policy."""

    def __init__(self, live: LiveBook, draft: LiveBook) -> None:
        self.live = live
        self.draft = draft
        self._imports = Imports()

    def of(self, past: Past) -> tuple[Watched, Watched]:
        """For what was imported, and for what happened here."""
        here = Watched(self.live, self.draft)
        if not any(map(is_imported, past.events)):
            return here, here
        policy_id = self._imports.policy_of(past, self.live)
        if policy_id is None:
            nothing = replace(self.live, lists=[])
            return Watched(nothing, nothing), here
        fixed = FixedBook(policy_id, self.live)
        return Watched(fixed, fixed if self.draft is self.live else FixedBook(policy_id, self.draft)), here


def replay(past: Past, books: Books, now: datetime) -> Replayed:
    """Fold the ticket's events under the draft, up to now."""
    imported, here = books.of(past)
    run = Replayed(Timers(past.ticket_id, is_silent=past.is_silent), past.is_confidential)
    # Events of older releases do not say it; the column does.
    run.timers.facts["is_from_customer"] = past.is_from_customer
    for event in past.events:
        book = imported if is_imported(event) else here
        if event.kind in engine.ANNOUNCEMENTS:
            _hear(run, event, book)
            continue
        if run.departed:
            _announce(run, book, event.at)
        engine.apply(run.timers, event, book)
        run.departed = run.departed or book.departed
        if "priority" in event.changes:
            run.priorities.append((whole_second(event.at), event.changes["priority"][1]))
    if run.departed:
        _announce(run, here, now)
    return run


def _hear(run: Replayed, event: Happening, book: Watched) -> None:
    """What was announced in fact."""
    said = _said(run, event.at, event.data["actions"])
    run.said_before.append(said)
    if not run.departed:
        engine.apply(run.timers, event, book)
        run.said_after.append(said)


def _announce(run: Replayed, book: Watched, until: datetime) -> None:
    """What a sweep that is never late would have said before a moment, in order."""
    while (clock := _next(run.timers, whole_second(until))) is not None:
        promise = book.promise(clock.policy_version_id)
        share = next(share for share in promise.shares(clock.target) if share > clock.announced_share)
        about = {**said_of(clock, promise, [share]), "is_late": False}
        event = Happening(kind_of(clock, share), clock.next_at, None, about)
        run.said_after.append(_said(run, event.at, about["actions"]))
        engine.apply(run.timers, event, book)


def _next(timers: Timers, until: datetime) -> SlaClock | None:
    due = [clock for clock in timers.running if clock.next_at is not None and clock.next_at < until]
    return min(due, key=lambda clock: clock.next_at, default=None)


def _said(run: Replayed, at: datetime, actions: list[Any]) -> Said:
    whose = (run.timers.facts.get(fact) for fact in ("team_id", "assignee_id", "requester_id", "department_id"))
    return Said(at, actions, *whose, run.is_confidential)
