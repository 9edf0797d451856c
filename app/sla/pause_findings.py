"""What the auditor found, stored: replaced ticket by ticket as events come in, so that its page reads only this."""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.calendars.queries import hours_of
from app.core.db import Base, BigId, UtcDateTime, db
from app.tickets.housekeeping import OURS
from app.tickets.models import PendingReason, Ticket

from . import pause_history, rebuild
from .book import live_book
from .models import SlaClock
from .pause_audit import Clock, Finding, Measure, Terms, findings
from .pause_history import Act, History
from .settings import sla as settings
from .timers import Happening

RULES = 1
"""Raised whenever the auditor judges otherwise than before, so that every history is read again."""
MESSAGES = frozenset({"ticket.replied", "ticket.answered", "ticket.noted"})
_NOT_STORED = ("terms",)


class PauseFinding(Base):
    """One pause, hop or change of priority that deserves a look; what its columns mean stands in `Finding`."""

    __tablename__ = "pause_findings"
    __table_args__ = (
        sa.Index("ix_pause_findings_since", "since", "id"),
        sa.Index("ix_pause_findings_team", "team_id", "since", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    clock_id: Mapped[int] = mapped_column(sa.ForeignKey("sla_clocks.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    act: Mapped[str] = mapped_column(sa.String(20))
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id"))
    reason: Mapped[str | None] = mapped_column(sa.String(40))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seconds: Mapped[int | None] = mapped_column()
    added_seconds: Mapped[int] = mapped_column()
    known_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved: Mapped[bool] = mapped_column()
    saved_together: Mapped[bool] = mapped_column()


def measure() -> Measure:
    """By the settings and the reasons of the desk, as they are now."""
    asking = db.session.scalars(sa.select(PendingReason.slug).where(PendingReason.waits_for_requester))
    return Measure(timedelta(minutes=settings.audit_grace_minutes), settings.audit_minutes * 60,
                   settings.audit_percent, frozenset(asking))


def yardstick(by: Measure) -> str:
    """A word that is another when anything is measured otherwise: then all histories must be read again."""
    said = (RULES, by.grace.total_seconds(), by.near_seconds, by.near_percent, sorted(by.asking))
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def replace(ticket_ids: list[int], histories: dict[int, list[Happening]], by: Measure) -> None:
    """Audit these tickets anew; `histories` has the events of each, oldest first. The caller commits."""
    read = {number: pause_history.read(events) for number, events in histories.items()}
    read = {number: history for number, history in read.items() if history.pauses or history.hops or history.lowerings}
    rows = [row for number, clocks in _clocks(list(read)).items()
            for row in _audited(number, histories[number], read[number], clocks, by)]
    db.session.execute(sa.delete(PauseFinding).where(PauseFinding.ticket_id.in_(ticket_ids)))
    if rows:
        db.session.execute(sa.insert(PauseFinding), rows)


def _clocks(ticket_ids: list[int]) -> dict[int, list[tuple[Clock, bool]]]:
    """The resolution clocks of each ticket, and whether it was always ours."""
    columns = (SlaClock.id, SlaClock.started_at, SlaClock.stopped_at, SlaClock.due_at, SlaClock.allowed_seconds,
               SlaClock.outcome)
    statement = (
        sa.select(SlaClock.ticket_id, Ticket.origin.in_(OURS), SlaClock.calendar_version_id, *columns)
        .join(Ticket, Ticket.id == SlaClock.ticket_id)
        .where(SlaClock.ticket_id.in_(ticket_ids), SlaClock.target == "resolution").order_by(SlaClock.id)
    )
    clocks: dict[int, list[tuple[Clock, bool]]] = defaultdict(list)
    for ticket_id, is_ours, version_id, *values in db.session.execute(statement):
        clocks[ticket_id].append((Clock(*values, hours=hours_of(version_id)), bool(is_ours)))
    return clocks


def _audited(ticket_id: int, events: list[Happening], history: History, clocks: list[tuple[Clock, bool]],
             by: Measure) -> list[dict[str, Any]]:
    is_ours = clocks[0][1]
    has_messages = is_ours or any(event.kind in MESSAGES for event in events)
    terms_before = _terms_from(events) if is_ours else lambda act: None
    found = findings(history, [clock for clock, _ours in clocks], by, has_messages, terms_before)
    return [{"ticket_id": ticket_id, **_columns(each)} for each in found]


def _columns(found: Finding) -> dict[str, Any]:
    return {field.name: getattr(found, field.name) for field in fields(found) if field.name not in _NOT_STORED}


def _terms_from(events: list[Happening]) -> Callable[[Act], Terms | None]:
    """Finds the terms of the resolution before an act, by folding the events up to it."""

    def before(act: Act) -> Terms | None:
        timers = rebuild.fold(0, events[:act.place], live_book(), is_silent=True)
        clock = next((clock for clock in timers.running if clock.target == "resolution"), None)
        return Terms(clock.allowed_seconds, hours_of(clock.calendar_version_id)) if clock is not None else None

    return before
