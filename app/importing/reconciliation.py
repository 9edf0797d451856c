"""What an import came to, counted twice: in the file and, independently, in the tickets and events that stand here."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

import sqlalchemy as sa

from app.core.db import db
from app.core.events import Event
from app.tickets.models import Handover, Ticket
from app.tickets.vocabulary import ENDED

from .event_log import Case, Log
from .mapping import UNKNOWN, Mapping
from .models import ImportedCase


@dataclass
class Side:
    """The same counts, of the file or of the desk."""

    cases: int = 0
    events: int = 0
    """Rows of the log."""
    completed: int = 0
    """Cases that stand completed at the end."""
    gone_on: int = 0
    """Cases with a non-completed row after a completed one; on the desk: reopened, or told of after an end."""
    handed_over: int = 0
    """Rows that send a case back to a queue after work began; on the desk: hops between teams."""
    ends: dict[str, int] = field(default_factory=dict)
    """Last activity -> cases."""


@dataclass
class Reconciliation:
    """Both sides, and what stands on one only."""

    source: Side
    desk: Side
    not_understood: dict[str, int]
    """Activity -> rows: kept in the history, but meaning nothing."""
    refused: dict[str, str]
    """Cases known from before that now have other rows -> what is different."""
    left_out: list[str]
    added: int = 0
    """Cases this run added; 0 when all were there."""

    @property
    def agrees(self) -> bool:
        return self.source == self.desk and not self.refused

    def as_json(self) -> dict[str, object]:
        return asdict(self) | {"agrees": self.agrees}


def of_file(log: Log, mapping: Mapping) -> Side:
    """Counted from the rows alone, without looking at what was made of them."""
    side = Side(cases=len(log.cases), events=log.rows)
    ends: Counter[str] = Counter()
    for case in log.cases:
        last = case.rows[-1].activity
        ends[last] += 1
        side.completed += mapping.completes(last)
        side.gone_on += _goes_on(case, mapping)
        side.handed_over += _hand_overs(case, mapping)
    side.ends = dict(ends.most_common())
    return side


def _goes_on(case: Case, mapping: Mapping) -> bool:
    done = False
    for row in case.rows:
        if mapping.completes(row.activity):
            done = True
        elif done:
            return True
    return False


def _hand_overs(case: Case, mapping: Mapping) -> int:
    began, count = False, 0
    for row in case.rows:
        meaning = mapping.meaning(row.activity).partition(":")[0]
        if meaning == "queue":
            count += began
        elif meaning not in ("keep", UNKNOWN):
            began = True
    return count


def of_desk(log: Log, mapping: Mapping) -> Side:
    """Counted from the tickets and events that stand in the database for the cases of this file."""
    refs = {case.ref for case in log.cases}
    tickets = {number for number, ref in _tickets(mapping.source) if ref in refs}
    statuses = dict(_per_ticket(mapping.source, sa.select(Ticket.id, Ticket.status)))
    rows: dict[int, list[str]] = {number: [] for number in tickets}
    for number, activity in _activities(mapping.source):
        if number in rows:
            rows[number].append(activity)
    return Side(
        cases=len(tickets), events=sum(len(told) for told in rows.values()),
        completed=sum(statuses[number] in ENDED for number in tickets),
        gone_on=len(tickets & _reopened(mapping.source)),
        handed_over=sum(hops for number, hops in _hops(mapping.source) if number in tickets),
        ends=dict(Counter(told[-1] for told in rows.values() if told).most_common()),
    )


def _tickets(source: str) -> Iterator[tuple[int, str]]:
    statement = sa.select(ImportedCase.ticket_id, ImportedCase.case_ref).where(ImportedCase.source == source)
    return iter(db.session.execute(statement))


def _per_ticket(source: str, statement: sa.Select) -> Iterator[tuple[int, str]]:
    return iter(db.session.execute(statement.where(Ticket.origin == source)))


def _activities(source: str) -> Iterator[tuple[int, str]]:
    """(ticket, activity) of each row of the log, in order: the first event of a row names its activity."""
    activity = Event.data["activity"].as_string()
    statement = _events(source).with_only_columns(Event.subject_id, activity).where(activity.is_not(None))
    return iter(db.session.execute(statement.order_by(Event.subject_id, Event.occurred_at, Event.id)))


def _reopened(source: str) -> set[int]:
    statement = _events(source).with_only_columns(Event.subject_id).where(Event.kind == "ticket.reopened")
    return set(db.session.scalars(statement.distinct()))


def _events(source: str) -> sa.Select:
    return (sa.select(Event).join(Ticket, Ticket.id == Event.subject_id)
            .where(Event.subject_type == Ticket.event_subject, Ticket.origin == source))


def _hops(source: str) -> Iterator[tuple[int, int]]:
    statement = (sa.select(Handover.ticket_id, sa.func.count()).join(Ticket, Ticket.id == Handover.ticket_id)
                 .where(Ticket.origin == source).group_by(Handover.ticket_id))
    return iter(db.session.execute(statement))


def not_understood(log: Log, mapping: Mapping) -> dict[str, int]:
    counted = Counter(row.activity for case in log.cases for row in case.rows
                      if mapping.meaning(row.activity) == UNKNOWN)
    return dict(counted.most_common())


def lines(found: Reconciliation) -> Iterator[str]:
    """The reconciliation for a terminal."""
    width = max(28, *(len(name) + 2 for name in (*found.source.ends, *found.not_understood)), 0)
    yield f"{'':<{width}} {'file':>9} {'desk':>9}"
    for name, part in (("cases", "cases"), ("events", "events"), ("completed at the end", "completed"),
                       ("gone on after completion", "gone_on"), ("handed over", "handed_over")):
        yield _line(name, getattr(found.source, part), getattr(found.desk, part), width)
    yield "last activity:"
    for name in found.source.ends | found.desk.ends:
        yield _line(f"  {name}", found.source.ends.get(name, 0), found.desk.ends.get(name, 0), width)
    yield from _remarks(found, width)


def _line(name: str, file: int, desk: int, width: int) -> str:
    return f"{name:<{width}} {file:>9,} {desk:>9,}{'' if file == desk else '   differs'}"


def _remarks(found: Reconciliation, width: int) -> Iterator[str]:
    yield "not understood (kept in the history as they came):" if found.not_understood else "not understood: nothing"
    for activity, count in found.not_understood.items():
        yield f"{'  ' + activity:<{width}} {count:>9,}"
    if found.refused:
        yield "not taken, because the case is here already with other rows:"
        yield from (f"  {ref}: {why}" for ref, why in found.refused.items())
    yield "left out:"
    yield from (f"  {line}" for line in found.left_out)
    yield f"{found.added:,} cases added by this run; file and desk {'agree' if found.agrees else 'do NOT agree'}."
