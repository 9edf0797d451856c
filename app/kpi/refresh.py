"""Brings facts and monthly numbers up to the newest event. Run twice, the answer is the same."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.calendars.models import CalendarVersion
from app.core.db import db
from app.core.events import Event
from app.core.i18n import desk
from app.sla import pause_findings
from app.sla.models import SlaClock
from app.sla.pause_audit import Measure
from app.sla.timers import Happening

from .facts import Ended, facts_of, nearest_rank
from .models import ALL_TEAMS, Cursor, Fact, Month

BATCH = 500
OVERLAP = 500
"""Events are read again this far back: on PostgreSQL a lower id may be committed after a higher one."""

Key = tuple[str, str, int]


def refresh(now: datetime, limit: int | None = None) -> int:
    """Take in the tickets of new events, at most `limit` of them, oldest event first; the caller commits.

    Returns how many tickets were computed anew.
    """
    cursor, measure = _cursor(), pause_findings.measure()
    _judge_by(pause_findings.yardstick(measure), cursor)
    newest = db.session.scalar(sa.select(sa.func.max(Event.id))) or 0
    if newest == cursor.event_id:
        return 0
    tickets, reached = _touched(max(0, cursor.event_id - OVERLAP), newest, limit)
    changed: set[Key] = set()
    for start in range(0, len(tickets), BATCH):
        changed |= _compute(tickets[start : start + BATCH], measure)
    _sum_up(changed)
    cursor.event_id, cursor.refreshed_at = reached, now
    return len(tickets)


def _judge_by(yardstick: str, cursor: Cursor) -> None:
    """Begin anew when pauses are audited by something else than the last time."""
    if cursor.yardstick != yardstick:
        cursor.yardstick, cursor.event_id = yardstick, 0


def rebuild(now: datetime) -> int:
    """Throw all facts away and compute them again; the caller commits."""
    for table in (Fact, Month):
        db.session.execute(sa.delete(table))
    _cursor().event_id = 0
    return refresh(now)


def is_behind() -> bool:
    """Whether an event is not in the figures yet; reads only."""
    reached = db.session.scalar(sa.select(Cursor.event_id)) or 0
    return (db.session.scalar(sa.select(sa.func.max(Event.id))) or 0) > reached


def _cursor() -> Cursor:
    """The one row, locked, so that of several who refresh one works and the others find it done."""
    cursor = db.session.get(Cursor, 1, with_for_update=True)
    if cursor is None:
        cursor = Cursor(id=1, event_id=0)
        db.session.add(cursor)
        db.session.flush()
    return cursor


def _touched(after: int, newest: int, limit: int | None) -> tuple[list[int], int]:
    """Tickets with events in (after, newest], and how far that reading went."""
    statement = sa.select(Event.id, Event.subject_id).where(
        Event.subject_type == "ticket", Event.id > after, Event.id <= newest).order_by(Event.id)
    rows = db.session.execute(statement.limit(limit) if limit else statement).all()
    tickets = list(dict.fromkeys(row.subject_id for row in rows))
    reached = rows[-1].id if limit and len(rows) == limit else newest
    return tickets, reached


def _compute(ticket_ids: list[int], measure: Measure) -> set[Key]:
    """Facts of these tickets, old ones replaced, and the audit of their pauses, which reads the same events; returns
    the numbers that may have changed."""
    clocks, zones, histories = _ended_clocks(ticket_ids), _zones(ticket_ids), _histories(ticket_ids)
    pause_findings.replace(ticket_ids, histories, measure)
    rows = []
    for ticket_id, history in histories.items():
        month_of = _month_in(zones.get(ticket_id) or desk.time_zone)
        rows += [{"ticket_id": ticket_id, **row} for row in facts_of(history, clocks[ticket_id], month_of)]
    changed = set(_keys(_old(ticket_ids))) | set(_keys(rows))
    db.session.execute(sa.delete(Fact).where(Fact.ticket_id.in_(ticket_ids)))
    if rows:
        db.session.execute(sa.insert(Fact), rows)
    return changed


def _histories(ticket_ids: list[int]) -> dict[int, list[Happening]]:
    statement = (
        sa.select(Event.subject_id, Event.kind, Event.occurred_at, Event.actor_id, Event.data)
        .where(Event.subject_type == "ticket", Event.subject_id.in_(ticket_ids))
        .order_by(Event.subject_id, Event.occurred_at, Event.id)
    )
    histories: dict[int, list[Happening]] = defaultdict(list)
    for subject_id, kind, at, by_id, data in db.session.execute(statement):
        histories[subject_id].append(Happening(kind, at, by_id, data or {}))
    return {ticket_id: history for ticket_id, history in histories.items() if history[0].kind == "ticket.filed"}


def _ended_clocks(ticket_ids: list[int]) -> dict[int, list[Ended]]:
    """The clocks that ended with a meaning; one that was cancelled or merged away says nothing."""
    statement = (
        sa.select(SlaClock.ticket_id, SlaClock.target, SlaClock.stopped_at, SlaClock.used_seconds, SlaClock.outcome)
        .where(SlaClock.ticket_id.in_(ticket_ids), SlaClock.target.in_(("first_response", "resolution")),
               SlaClock.outcome.is_not(None), SlaClock.stopped_at.is_not(None))
    )
    clocks: dict[int, list[Ended]] = defaultdict(list)
    for ticket_id, target, at, used, outcome in db.session.execute(statement):
        clocks[ticket_id].append(Ended(target, at, used, outcome == "met"))
    return clocks


def _zones(ticket_ids: list[int]) -> dict[int, str]:
    """The zone of each ticket's working calendar, where it has one."""
    statement = (
        sa.select(SlaClock.ticket_id, CalendarVersion.zone)
        .join(CalendarVersion, CalendarVersion.id == SlaClock.calendar_version_id)
        .where(SlaClock.ticket_id.in_(ticket_ids))
    )
    return dict(db.session.execute(statement).all())


@lru_cache(maxsize=64)
def _month_in(zone_name: str):
    zone = ZoneInfo(zone_name)
    return lambda at: at.astimezone(zone).strftime("%Y-%m")


def _old(ticket_ids: list[int]) -> list[dict]:
    columns = (Fact.measure, Fact.month, Fact.until_month, Fact.team_id)
    return [row._asdict() for row in db.session.execute(sa.select(*columns).where(Fact.ticket_id.in_(ticket_ids)))]


def _keys(rows: list[dict]) -> Iterator[Key]:
    """Each number a fact is part of: its team's and that of all teams; a stay also counts where it ends."""
    for row in rows:
        for team_id in (row["team_id"], ALL_TEAMS):
            yield row["measure"], row["month"], team_id
            if row["until_month"]:
                yield "left", row["until_month"], team_id


def _sum_up(keys: set[Key]) -> None:
    rows = [row for row in (_number(*key) for key in sorted(keys)) if row]
    for measure, month, team_id in keys:
        this = (Month.measure == measure, Month.month == month, Month.team_id == team_id)
        db.session.execute(sa.delete(Month).where(*this))
    if rows:
        db.session.execute(sa.insert(Month), rows)


def _number(measure: str, month: str, team_id: int) -> dict | None:
    """Count, sum, median and p90 (nearest rank) of one measure, month and team."""
    values = sorted(db.session.scalars(_values(measure, month, team_id)))
    if not values:
        return None
    return {"measure": measure, "month": month, "team_id": team_id, "n": len(values), "total": sum(values),
            "median": nearest_rank(values, 50), "p90": nearest_rank(values, 90)}


def _values(measure: str, month: str, team_id: int) -> sa.Select:
    if measure == "left":
        statement = sa.select(Fact.value).where(Fact.measure == "stay", Fact.until_month == month)
    else:
        statement = sa.select(Fact.value).where(Fact.measure == measure, Fact.month == month)
    return statement if team_id == ALL_TEAMS else statement.where(Fact.team_id == team_id)


def forget(ticket_ids: list[int]) -> None:
    """Take tickets that are about to be deleted out of the numbers, without reading the others; the caller commits."""
    changed: set[Key] = set()
    for start in range(0, len(ticket_ids), BATCH):
        ids = ticket_ids[start : start + BATCH]
        changed |= set(_keys(_old(ids)))
        db.session.execute(sa.delete(Fact).where(Fact.ticket_id.in_(ids)))
    _sum_up(changed)


def rewind() -> None:
    """After the newest events were deleted: SQLite gives their ids out again, so the cursor must not stand beyond."""
    cursor = _cursor()
    cursor.event_id = min(cursor.event_id, db.session.scalar(sa.select(sa.func.max(Event.id))) or 0)
