"""What happened, as rows that are only ever added. Timeline, timers, figures, mail and audit all read them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from . import clock, outbox
from .db import Base, BigId, Json, UtcDateTime, db
from .registries import REACTIONS


@dataclass(frozen=True)
class Kind:
    """One kind of event: its sentence in the timeline, who is told, whether a webhook may carry it.

    `sentence` is a lazy translation with named placeholders: `%(actor)s` and keys of the event's data.
    `audience` names a function in notifications; '' tells nobody.
    """

    sentence: Any
    audience: str = ""
    webhook: bool = False
    public: bool = False
    """Whether the requester's page shows it."""


KINDS: dict[str, Kind] = {}


def catalogue(kinds: dict[str, Kind]) -> None:
    """Add a room's kinds; each is spelled once, here and in its verb. Raises ValueError for one that is there."""
    if twice := KINDS.keys() & kinds.keys():
        raise ValueError(f"kinds of events declared twice: {', '.join(sorted(twice))}")
    KINDS.update(kinds)


class Event(Base):
    """One thing that happened to one subject. Never changed, never deleted while its subject lives."""

    __tablename__ = "events"
    __table_args__ = (
        sa.Index("ix_events_subject", "subject_type", "subject_id", "occurred_at", "id"),
        sa.Index("ix_events_kind", "kind", "occurred_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(60))
    subject_type: Mapped[str] = mapped_column(sa.String(30))
    subject_id: Mapped[int] = mapped_column(BigId)
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default=sa.text("'{}'"))


_history: ContextVar[list[Event] | None] = ContextVar("history", default=None)


@contextmanager
def history() -> Iterator[list[Event]]:
    """Record the past in silence: no reaction, nothing sent. Yields the list that fills with the events."""
    kept: list[Event] = []
    token = _history.set(kept)
    try:
        yield kept
    finally:
        _history.reset(token)


_unmailed: ContextVar[bool] = ContextVar("unmailed", default=False)


@contextmanager
def unmailed(braked: bool = True) -> Iterator[None]:
    """What is recorded inside is told on the desk, but by mail to nobody: a brake on floods and loops."""
    token = _unmailed.set(braked or _unmailed.get())
    try:
        yield
    finally:
        _unmailed.reset(token)


_spared: ContextVar[int | None] = ContextVar("spared", default=None)


@contextmanager
def unmailed_to(person: Any) -> Iterator[None]:
    """What is recorded inside is told by mail to everybody but this person; None spares nobody."""
    token = _spared.set(person.id if person is not None else None)
    try:
        yield
    finally:
        _spared.reset(token)


def record(kind: str, subject: Any, by: Any = None, at: datetime | None = None, **data: Any) -> Event:
    """Write down what happened, in the transaction that changed it, and run the reactions to it.

    `by` is the person who did it, or None for the desk itself. Among the data `on_behalf_of_id` says for whom, if for
    another, and `recorded_at` when it is written, for work that goes by a moment it was given. Raises KeyError for a
    kind that is in no catalogue.
    """
    kind_of = KINDS[kind]
    if _unmailed.get():
        data["is_unmailed"] = True
    if _spared.get() is not None:
        data["unmailed_to"] = _spared.get()
    event = _event(kind, subject, by, at or clock.now(), data)
    db.session.add(event)
    past = _history.get()
    if past is not None:
        past.append(event)
        return event
    for reaction in REACTIONS[kind]:
        reaction(event, subject)
    if kind_of.audience:
        outbox.enqueue("notify", lane=f"{event.subject_type}:{event.subject_id}", event=event)
    return event


def _event(kind: str, subject: Any, by: Any, at: datetime, data: dict[str, Any]) -> Event:
    if subject.id is None:
        db.session.flush()
    return Event(
        kind=kind,
        subject_type=subject.event_subject,
        subject_id=subject.id,
        actor_id=by.id if by is not None else None,
        on_behalf_of_id=_on_behalf_of(subject, by, at, data),
        occurred_at=at,
        recorded_at=data.pop("recorded_at", None) or clock.now(),
        data=data,
    )


def _on_behalf_of(subject: Any, by: Any, at: datetime, data: dict[str, Any]) -> int | None:
    """What was said, else what the subject knows: a ticket knows for whom a deputy acts."""
    if by is None or "on_behalf_of_id" in data or not hasattr(subject, "stood_in_for"):
        return data.pop("on_behalf_of_id", None)
    return subject.stood_in_for(by, at)


def events_of(subject_type: str, subject_id: int) -> list[Event]:
    """The whole history of one subject, oldest first."""
    statement = (
        sa.select(Event)
        .where(Event.subject_type == subject_type, Event.subject_id == subject_id)
        .order_by(Event.occurred_at, Event.id)
    )
    return list(db.session.scalars(statement))
