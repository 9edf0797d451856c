"""What the desk catches up on by itself: tickets that landed while nobody was there, and those that nobody begins.

Run by the scheduler, any number of times and in any number of processes. Found without a lock, then locked, looked at
again and claimed; what was done meanwhile is left alone.
"""

import logging
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from app.accounts.models import Team
from app.core.db import claim, db, reading
from app.core.events import Event, record
from app.tickets import queries
from app.tickets.housekeeping import OURS
from app.tickets.models import Hold, Ticket

from . import turns
from .assignment import MANUAL, crew, gives_now, hand, named
from .assignment_trust import to_be_begun_by, who_let_go
from .models import Trust
from .turns import Member

log = logging.getLogger(__name__)

BATCH = 50


class Waiting(NamedTuple):
    """A ticket that nobody has, as it was seen."""

    queue_at: datetime
    id: int


def give_out(now: datetime) -> int:
    """Give people what waits in the queues of the teams that work now, what is due first to begin with; commits after
    each batch. Returns how many got an owner."""
    return sum(_serve(team_id, mode, now) for team_id, mode in _teams_at_work(now))


def _teams_at_work(now: datetime) -> list[tuple[int, str]]:
    """Teams with a rule, in their hours, of whom somebody is free."""
    with reading():
        teams = db.session.scalars(sa.select(Team).where(Team.assignment != MANUAL, Team.is_active).order_by(Team.id))
        found = [(team.id, team.assignment) for team in teams if gives_now(team, now) and _is_free(crew(team.id, now))]
        db.session.rollback()
    return found


def _is_free(members: list[Member]) -> bool:
    return any(member.is_free for member in members)


def _serve(team_id: int, mode: str, now: datetime) -> int:
    """Batch after batch, until the queue is empty or all hands are full."""
    total, last, goes_on = 0, None, True
    while goes_on and (batch := _batch(team_id, last)):
        given, goes_on = _hand_out([waiting.id for waiting in batch], team_id, mode, now)
        total, last = total + given, batch[-1]
    return total


def _batch(team_id: int, after: Waiting | None) -> list[Waiting]:
    with reading():
        found = db.session.execute(waiting_statement(team_id, after).limit(BATCH)).all()
        db.session.rollback()
    return [Waiting(*row) for row in found]


def waiting_statement(team_id: int, after: Waiting | None = None) -> sa.Select:
    """What nobody has and nobody waits for, in the order of the queue: one range of its partial index."""
    statement = sa.select(Ticket.queue_at, Ticket.id).where(
        Ticket.team_id == team_id, queries.is_active(), Ticket.assignee_id.is_(None),
        Ticket.status != sa.literal_column("'pending'"), Ticket.origin.in_(OURS))
    if after is not None:
        later = sa.and_(Ticket.queue_at == after.queue_at, Ticket.id > after.id)
        statement = statement.where(Ticket.queue_at >= after.queue_at,
                                    sa.or_(Ticket.queue_at > after.queue_at, later))
    return statement.order_by(Ticket.queue_at, Ticket.id)


def _hand_out(numbers: list[int], team_id: int, mode: str, now: datetime) -> tuple[int, bool]:
    """One batch in one transaction. Returns how many got an owner, and whether anybody is still free."""
    tickets, members = _locked(numbers, team_id), crew(team_id, now)
    barred = who_let_go(numbers, team_id)
    secret = {ticket.id for ticket in tickets if ticket.is_confidential}
    hidden = secret - named(list(secret)) if secret else set()
    given = 0
    for ticket in (ticket for ticket in tickets if ticket.id not in hidden):
        after = _guarded(ticket, members, barred.get(ticket.id), mode, now)
        given, members = given + (after is not members), after
    db.session.commit()
    return given, _is_free(members)


def _locked(numbers: list[int], team_id: int) -> list[Ticket]:
    """Those that are still as they were seen; what another process holds is its own."""
    statement = sa.select(Ticket).where(Ticket.id.in_(numbers), Ticket.team_id == team_id,
                                        Ticket.assignee_id.is_(None), Ticket.status.in_(("new", "open")))
    return list(db.session.scalars(statement.order_by(Ticket.queue_at, Ticket.id)
                                   .with_for_update(of=Ticket, skip_locked=True)))


def _guarded(ticket: Ticket, members: list[Member], barred: int | None, mode: str, now: datetime) -> list[Member]:
    """One ticket; one that fails must not hold up the others."""
    chosen = turns.choose(members, mode, (barred, ticket.requester_id))
    if chosen is None:
        return members
    try:
        with db.session.begin_nested():
            return hand(ticket, chosen, members, mode, now)
    except OperationalError:
        raise
    except Exception:  # noqa: BLE001 - it stays in the queue, and the next run tries again
        log.exception("giving out a ticket to %s", chosen.user_id)
        return members


class Due(NamedTuple):
    """A ticket that should have been begun by now, as it was seen."""

    unown_at: datetime
    ticket_id: int


def unown_idle(now: datetime) -> int:
    """Put back into the queue what nobody has begun in the team's time; in a team with a rule somebody else gets it.
    Commits after each. Returns how many went back."""
    back, last = 0, None
    while batch := _due(now, last):
        back += sum(_each(due, now) for due in batch)
        last = batch[-1]
    return back


def _due(now: datetime, after: Due | None) -> list[Due]:
    statement = sa.select(Trust.unown_at, Trust.ticket_id).where(Trust.unown_at <= now)
    if after is not None:
        later = sa.and_(Trust.unown_at == after.unown_at, Trust.ticket_id > after.ticket_id)
        statement = statement.where(sa.or_(Trust.unown_at > after.unown_at, later))
    with reading():
        found = db.session.execute(statement.order_by(Trust.unown_at, Trust.ticket_id).limit(BATCH)).all()
        db.session.rollback()
    return [Due(*row) for row in found]


def _each(due: Due, now: datetime) -> bool:
    """One ticket in a transaction of its own; one that fails must not hold up the others."""
    try:
        done = _unown(due, now)
        db.session.commit()
        return done
    except OperationalError:
        db.session.rollback()
        raise
    except Exception:  # noqa: BLE001 - it stays due, and the next run tries again
        db.session.rollback()
        log.exception("taking back ticket %s", due.ticket_id)
        return False


def _unown(due: Due, now: datetime) -> bool:
    """The ticket is locked first, as verbs do; the conditional UPDATE decides who of several processes acts."""
    ticket = db.session.get(Ticket, due.ticket_id, populate_existing=True, with_for_update={"skip_locked": True})
    if ticket is None or not claim(Trust, Trust.ticket_id == due.ticket_id, Trust.unown_at == due.unown_at,
                                   unown_at=None):
        return False
    trust = db.session.get_one(Trust, due.ticket_id, populate_existing=True)
    if not _holds(trust, ticket):
        db.session.delete(trust)
        return False
    later = _later(trust, ticket, now)
    if later is not None:
        trust.unown_at = later
        return False
    record("automation.unowned", ticket, None, now, was=ticket.assignee.name)
    ticket.assign(None, None, now, why="not_begun")
    return True


def _holds(trust: Trust, ticket: Ticket) -> bool:
    """Whether the ticket is still with this person in this team, who has done nothing to it."""
    is_theirs = (ticket.assignee_id, ticket.team_id) == (trust.user_id, trust.team_id)
    return ticket.is_active and is_theirs and bool(ticket.team.unown_after_seconds) and not _has_begun(trust)


def _has_begun(trust: Trust) -> bool:
    own = sa.or_(Event.actor_id == trust.user_id, Event.on_behalf_of_id == trust.user_id)
    return db.session.scalar(sa.select(sa.exists().where(
        Event.subject_type == Ticket.event_subject, Event.subject_id == trust.ticket_id,
        Event.occurred_at >= trust.since, own)))


def _later(trust: Trust, ticket: Ticket, now: datetime) -> datetime | None:
    """When to look again: what waits cannot be begun, and has the whole time when it goes on; the team's time may have
    become longer. None: it should have been begun by now."""
    if ticket.is_pending:
        return to_be_begun_by(ticket.team, now)
    went_on = db.session.scalar(sa.select(sa.func.max(Hold.ended_at)).where(Hold.ticket_id == ticket.id))
    moment = to_be_begun_by(ticket.team, max(trust.since, went_on or trust.since))
    return moment if moment > now else None
