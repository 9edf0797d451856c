"""The timers of a ticket follow its events, in the transaction that records them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event as orm_event

from app.core.db import db
from app.core.events import Event, events_of
from app.tickets.models import Ticket

from . import engine, estimates, rebuild, slack
from .book import live_book
from .models import SlaClock, Span
from .timers import FACTS, Happening, Timers

FOLLOWED = (
    "ticket.filed", "ticket.taken", "ticket.assigned", "ticket.unassigned", "ticket.replied", "ticket.answered",
    "ticket.held", "ticket.resumed", "ticket.escalated", "ticket.handed_back", "ticket.moved", "ticket.resolved",
    "ticket.reopened", "ticket.closed", "ticket.cancelled", "ticket.changed", "ticket.merged", "ticket.unmerged",
    "ticket.restored", "ticket.revived", *engine.ANNOUNCEMENTS,
)
MATTERS = frozenset(FACTS)
"""Facts that some timer asks about."""


def follow(event: Event, ticket: Ticket) -> None:
    """Turn the ticket's timers by an event and keep its next deadline, and the last moment to start, true."""
    if not _matters(event):
        return
    with db.session.no_autoflush:
        timers = timers_of(ticket, event)
        engine.apply(timers, happening(event), live_book())
        keep(timers)
        place = slack.place(timers, live_book(), estimates.known())
    ticket.set_due(*place)


def _matters(event: Event) -> bool:
    """Most corrections of a ticket (its subject, say) and most assignments turn nothing."""
    speaks = event.kind in ("ticket.replied", "ticket.answered", *engine.ANNOUNCEMENTS)
    return speaks or not MATTERS.isdisjoint(event.data.get("changes", {}))


def happening(event: Event) -> Happening:
    return Happening(event.kind, event.occurred_at, event.actor_id, event.data)


def timers_of(ticket: Ticket, event: Event) -> Timers:
    """The timers as they stood before an event that was just recorded; read once per ticket and transaction."""
    known: dict[int, Timers] = db.session().info.setdefault("timers", {})
    if event.kind == "ticket.filed":
        known[ticket.id] = Timers(ticket.id)
        return known[ticket.id]
    if ticket.id not in known:
        known[ticket.id] = read(ticket) or _from_events(ticket, event)
    timers = known[ticket.id]
    timers.facts |= {fact: getattr(ticket, fact) for fact in FACTS}
    timers.facts |= {fact: pair[0] for fact, pair in event.data.get("changes", {}).items()}
    return timers


def read(ticket: Ticket) -> Timers | None:
    """Clocks and latest span as they are stored, in one query; None where nothing is."""
    latest = sa.select(sa.func.max(Span.id)).where(Span.ticket_id == ticket.id).scalar_subquery()
    rows = db.session.execute(
        sa.select(Span, SlaClock)
        .outerjoin(SlaClock, SlaClock.ticket_id == Span.ticket_id)
        .where(Span.id == latest)
        .order_by(SlaClock.cycle, SlaClock.target)
    ).all()
    if not rows:
        return None
    span, clocks = rows[0][0], [clock for _span, clock in rows if clock is not None]
    timers = Timers(ticket.id, clocks=clocks, span=span, read_spans=lambda: spans_of(ticket.id))
    timers.facts |= {fact: getattr(ticket, fact) for fact in FACTS} | {"reason": span.reason, "pauses": span.pauses}
    timers.is_silent = any(clock.is_silent for clock in clocks)
    return timers


def _from_events(ticket: Ticket, until: Event) -> Timers:
    """For a ticket whose past was written without timers: silent, since nobody was promised anything."""
    past = [happening(event) for event in events_of("ticket", ticket.id) if event is not until]
    return rebuild.fold(ticket.id, past, live_book(), is_silent=True)


def spans_of(ticket_id: int) -> list[Span]:
    """All spans of a ticket, oldest first."""
    return list(db.session.scalars(sa.select(Span).where(Span.ticket_id == ticket_id).order_by(Span.id)))


def keep(timers: Timers) -> None:
    """Store the rows that came into being."""
    db.session.add_all(timers.fresh)
    timers.fresh.clear()


@orm_event.listens_for(db.session, "after_commit")
@orm_event.listens_for(db.session, "after_soft_rollback")
def _forget(session: Any, *_about: Any) -> None:
    """What another process may change from here on is read again."""
    session.info.pop("timers", None)
