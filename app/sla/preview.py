"""Old and new deadline before anything is saved: the engine itself, on a copy of the timers, with an event that has not
happened. Nothing here is in a session, so nothing can be written."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.core.db import db
from app.core.i18n import localized
from app.tickets.models import Ticket

from . import engine, reactions, rebuild
from .book import live_book
from .models import SlaClock, SlaPolicy, SlaPolicyVersion, Span
from .standing import Standing, standing_of
from .story import past_of
from .timers import Happening, Timers
from .vocabulary import TARGETS


@dataclass(frozen=True)
class Outlook:
    """One clock that runs, before and after. `old` is None where the promise is new."""

    old: Standing | None
    new: Standing

    @property
    def is_moved(self) -> bool:
        return self.old is None or _facts(self.old.clock) != _facts(self.new.clock)

    @property
    def is_late_at_once(self) -> bool:
        """The new deadline has passed already."""
        return self.new.state == "overdue" and (self.old is None or self.old.state != "overdue")


def preview(ticket: Ticket, changes: dict[str, list[Any]], now: datetime) -> list[Outlook]:
    """What a correction at this moment would do to the clocks that run; `changes` as in its event."""
    with db.session.no_autoflush:
        stored = reactions.read(ticket) or rebuild.fold(ticket.id, past_of(ticket), live_book(), is_silent=True)
        timers = copied(stored)
        if not reactions.MATTERS.isdisjoint(changes):
            engine.apply(timers, Happening("ticket.changed", now, None, {"changes": changes}), live_book())
        return _outlooks(stored.clocks, timers, now)


def policy_names(outlooks: list[Outlook]) -> dict[int, str]:
    """Of the versions of policies before and after, in the reader's language."""
    clocks = [standing.clock for each in outlooks for standing in (each.old, each.new) if standing is not None]
    versions = {clock.policy_version_id for clock in clocks}
    statement = sa.select(SlaPolicyVersion.id, SlaPolicy.names).join(SlaPolicyVersion.policy)
    return {key: localized(names) for key, names in db.session.execute(
        statement.where(SlaPolicyVersion.id.in_(versions)))}


def copied(timers: Timers) -> Timers:
    """The same timers in rows of their own, in no session."""
    return replace(timers, facts=dict(timers.facts), clocks=[_copy(clock) for clock in timers.clocks],
                   span=_copy(timers.span), fresh=[], _earlier=[_copy(span) for span in timers.spans[:-1]])


def _copy(row: SlaClock | Span) -> Any:
    columns = [column.key for column in sa.inspect(type(row)).columns]
    return type(row)(**{name: getattr(row, name) for name in columns})


def _outlooks(clocks: list[SlaClock], after: Timers, now: datetime) -> list[Outlook]:
    before = {(clock.target, clock.cycle): clock for clock in clocks}
    pairs = [(before.get((clock.target, clock.cycle)), clock) for clock in after.running]
    outlooks = [Outlook(standing_of(old, now) if old else None, standing_of(new, now)) for old, new in pairs]
    return sorted(outlooks, key=lambda each: list(TARGETS).index(each.new.clock.target))


def _facts(clock: SlaClock) -> tuple[Any, ...]:
    return clock.due_at, clock.allowed_seconds, clock.policy_version_id
