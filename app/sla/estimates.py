"""What the desk has learnt from its own spans: how much work such tickets take until they are solved."""

import secrets
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.calendars.queries import hours_of
from app.core.db import Base, UtcDateTime, db
from app.tickets.models import Ticket

from .models import SlaClock, Span
from .settings import sla as settings

LOOKS_BACK = timedelta(days=180)
ENOUGH = 20
"""Of fewer solved tickets no median is taken."""
MOST = 20_000
"""The newest so many solved tickets are learnt from; older ones would only cost time."""
BATCH = 1000

Group = tuple[str, Any]
EVERYTHING: Group = ("all", None)


class WorkEstimate(Base):
    """The median work of a request type, of a kind of tickets, or (both none) of all; in seconds of business time."""

    __tablename__ = "work_estimates"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_type_id: Mapped[int | None] = mapped_column(sa.ForeignKey("request_types.id", ondelete="CASCADE"))
    kind: Mapped[str | None] = mapped_column(sa.String(20))
    seconds: Mapped[int] = mapped_column()
    n: Mapped[int] = mapped_column()
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class Estimates:
    """What has been learnt, by group; a group with too few tickets is not in it."""

    word: str
    seconds: dict[Group, int]

    def of(self, request_type_id: int | None, kind: str | None) -> int | None:
        """The work of such tickets: by request type, else by kind, else of all; None where nothing is known."""
        groups: tuple[Group, ...] = (("type", request_type_id), ("kind", kind), EVERYTHING)
        return next((self.seconds[group] for group in groups if group in self.seconds), None)


NOTHING_KNOWN = Estimates("", {})
_known = NOTHING_KNOWN


def known() -> Estimates:
    """The copy of this process, read anew when something else was learnt anywhere."""
    global _known
    with db.session.no_autoflush:
        word = settings.work_edition
        if _known.word != word:
            rows = db.session.scalars(sa.select(WorkEstimate))
            _known = Estimates(word, {_group_of(row): row.seconds for row in rows})
    return _known


def _group_of(row: WorkEstimate) -> Group:
    if row.request_type_id is not None:
        return "type", row.request_type_id
    return ("kind", row.kind) if row.kind is not None else EVERYTHING


def learn(now: datetime) -> int:
    """Take the medians anew; returns how many tickets they rest on. The caller commits."""
    works: dict[Group, list[int]] = defaultdict(list)
    solved = _solved(now)
    for start in range(0, len(solved), BATCH):
        part = {row.id: row for row in solved[start:start + BATCH]}
        for ticket_id, seconds in _worked(list(part)):
            for group in (("type", part[ticket_id].request_type_id), ("kind", part[ticket_id].kind), EVERYTHING):
                works[group].append(seconds)
    db.session.execute(sa.delete(WorkEstimate))
    db.session.add_all(_row(group, sorted(each), now) for group, each in works.items() if len(each) >= ENOUGH)
    settings.change(work_edition=secrets.token_hex(8))
    db.session.flush()
    return len(works[EVERYTHING])


def _solved(now: datetime) -> list[Any]:
    """Solved tickets, the newest first: a range of the index of status and last change."""
    columns = (Ticket.id, Ticket.request_type_id, Ticket.kind)
    statement = sa.select(*columns).where(Ticket.status.in_(("resolved", "closed")), Ticket.merged_into_id.is_(None),
                                          Ticket.updated_at >= now - LOOKS_BACK)
    return list(db.session.execute(statement.order_by(Ticket.updated_at.desc(), Ticket.id.desc()).limit(MOST)))


def _worked(ticket_ids: list[int]) -> Iterator[tuple[int, int]]:
    """(ticket, business seconds somebody had it and it did not wait, over all cycles that a clock measured)."""
    statement = (
        sa.select(Span.ticket_id, SlaClock.calendar_version_id, Span.started_at, Span.ended_at)
        .join(SlaClock, sa.and_(SlaClock.ticket_id == Span.ticket_id, SlaClock.cycle == Span.cycle,
                                SlaClock.target == "resolution", SlaClock.outcome.is_not(None)))
        .where(Span.ticket_id.in_(ticket_ids), Span.assignee_id.is_not(None), Span.status != "pending",
               Span.ended_at.is_not(None))
    )
    totals: dict[int, int] = defaultdict(int)
    for ticket_id, version_id, since, until in db.session.execute(statement):
        totals[ticket_id] += hours_of(version_id).elapsed(since, until)
    yield from totals.items()


def _row(group: Group, ordered: list[int], now: datetime) -> WorkEstimate:
    """The median by nearest rank."""
    kind, value = group
    return WorkEstimate(request_type_id=value if kind == "type" else None, kind=value if kind == "kind" else None,
                        seconds=ordered[(len(ordered) + 1) // 2 - 1], n=len(ordered), computed_at=now)
