"""What goes to whom, shown before an absence is saved: tickets, escalations, approvals, and what that means for the
deputy. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.accounts import absence_queries, absences
from app.accounts.absence_checks import Plan, answers_for
from app.accounts.absences import Away, Calendar
from app.accounts.models import Membership, Team, User
from app.core.db import db
from app.tickets import policy, queries
from app.tickets.models import Ticket

MOST_SHOWN = 50


@dataclass(frozen=True)
class Turn:
    """From when to when somebody stands in; None: nobody."""

    deputy: User | None
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Passing:
    """One active ticket and whether it goes to the deputy when the absence begins."""

    ticket: Ticket
    is_due: bool
    passes: bool


@dataclass(frozen=True)
class Load:
    """Active tickets of the deputy now and with what comes; the most the desk gives, where every team names a limit;
    how much of a full share the deputy carries, in percent."""

    now: int
    then: int
    capacity: int | None
    weight: int

    @property
    def is_over(self) -> bool:
        return self.capacity is not None and self.then > self.capacity


@dataclass(frozen=True)
class Answered:
    """A team whose escalations reach the person, and how many tickets it has under way."""

    team: Team
    active: int


@dataclass(frozen=True)
class Uncovered:
    """Somebody for whom the absent person would stand in, and nobody takes that over."""

    person: User
    kind: str
    turn: Turn


@dataclass(frozen=True)
class Preview:
    turns: dict[str, list[Turn]]
    tickets: list[Passing]
    total: int
    hidden: int
    due: int
    passing: int
    load: Load | None
    answered: list[Answered]
    uncovered: list[Uncovered]


def team_ids(person: User) -> frozenset[int]:
    """Teams where a person has active tickets."""
    statement = sa.select(Ticket.team_id).where(Ticket.assignee_id == person.id, queries.is_active()).distinct()
    return frozenset(db.session.scalars(statement))


def of(plan: Plan, viewer: User) -> Preview:
    """What this plan would mean, as far as the viewer may see the tickets; the sums count all."""
    calendar = _with(plan)
    turns = {kind: turns_of(calendar, plan.person.id, kind, plan.starts_at, plan.ends_at)
             for kind in ("tickets", "escalations", "approvals")}
    first = turns["tickets"][0].deputy if plan.passes_tickets else None
    everything = [_passing(ticket, plan, first) for ticket in active_of(plan.person)]
    seen = set(db.session.scalars(queries.visible_to(viewer).where(
        Ticket.id.in_([one.ticket.id for one in everything])).with_only_columns(Ticket.id)))
    shown = [one for one in everything if one.ticket.id in seen]
    passing = sum(one.passes for one in everything)
    return Preview(turns, shown[:MOST_SHOWN], len(everything), len(everything) - len(seen),
                   sum(one.is_due for one in everything), passing, _load(first, plan, passing),
                   _answered(plan.person), _uncovered(plan, calendar))


def active_of(person: User, locked: bool = False) -> list[Ticket]:
    """The active tickets of a person, what is due first; by number where they are to be changed."""
    statement = sa.select(Ticket).where(Ticket.assignee_id == person.id, queries.is_active())
    statement = statement.options(selectinload(Ticket.accesses))
    if locked:
        return list(db.session.scalars(statement.order_by(Ticket.id).with_for_update(of=Ticket)))
    return list(db.session.scalars(statement.order_by(Ticket.queue_at, Ticket.id)))


def can_get(deputy: User, ticket: Ticket) -> bool:
    """Whether the desk may give a deputy the ticket: who works in its team, who did not ask for it, and who sees it
    already where it is confidential."""
    if ticket.team_id not in deputy.team_ids or ticket.requester_id == deputy.id:
        return False
    return not ticket.is_confidential or policy.is_named(deputy, ticket)


def _passing(ticket: Ticket, plan: Plan, deputy: User | None) -> Passing:
    is_due = ticket.due_at is not None and ticket.due_at < plan.ends_at
    return Passing(ticket, is_due, deputy is not None and can_get(deputy, ticket))


def _with(plan: Plan) -> Calendar:
    """The absences of the desk as they would be."""
    held = absences.calendar()
    others = [one for listed in held.of_person.values() for one in listed if one.id != plan.absence_id]
    planned = Away(0, plan.person.id, plan.starts_at, plan.ends_at, dict(plan.deputies))
    return absences.arrange("", [*others, planned])


def turns_of(calendar: Calendar, user_id: int, kind: str, since: datetime, until: datetime) -> list[Turn]:
    """Who stands in from when to when within [since, until), neighbours joined."""
    within = {moment for listed in calendar.of_person.values() for one in listed
              for moment in (one.starts_at, one.ends_at) if since < moment < until}
    moments = [since, *sorted(within), until]
    deputies = [calendar.deputy_of(user_id, kind, moment) for moment in moments[:-1]]
    people = _people(deputies)
    turns: list[Turn] = []
    for deputy_id, start, end in zip(deputies, moments[:-1], moments[1:], strict=True):
        deputy = people.get(deputy_id)
        begun = turns.pop().starts_at if turns and turns[-1].deputy is deputy else start
        turns.append(Turn(deputy, begun, end))
    return turns


def _people(ids: Iterable[int | None]) -> dict[int | None, User]:
    wanted = set(ids) - {None}
    return {user.id: user for user in db.session.scalars(sa.select(User).where(User.id.in_(wanted)))} if wanted else {}


def _load(deputy: User | None, plan: Plan, passing: int) -> Load | None:
    if deputy is None:
        return None
    count = sa.select(sa.func.count(Ticket.id)).where(Ticket.assignee_id == deputy.id, queries.is_active())
    held = db.session.scalar(count) or 0
    working = db.session.execute(sa.select(Membership.capacity, Membership.weight).where(
        Membership.user_id == deputy.id, Membership.team_id.in_([*plan.person.team_ids, *plan.team_ids]))).all()
    limits = [capacity for capacity, _weight in working]
    return Load(held, held + passing, sum(limits) if limits and None not in limits else None,
                min((weight for _capacity, weight in working), default=100))


def _answered(person: User) -> list[Answered]:
    if not (person.is_lead or person.is_manager):
        return []
    active = sa.and_(Ticket.team_id == Team.id, queries.is_active())
    statement = (sa.select(Team, sa.func.count(Ticket.id)).outerjoin(Ticket, active)
                 .where(Team.is_active, answers_for(person)).group_by(Team.id).order_by(Team.level, Team.id))
    return [Answered(team, active) for team, active in db.session.execute(statement)]


def _uncovered(plan: Plan, calendar: Calendar) -> list[Uncovered]:
    """For whom nobody would be left, since the person stands in for them and names nobody who takes that over."""
    found = []
    for absence in absence_queries.counting_on(plan.person, plan.starts_at, plan.ends_at):
        since, until = max(absence.starts_at, plan.starts_at), min(absence.ends_at, plan.ends_at)
        for named in absence.deputies:
            if named.deputy_id == plan.person.id:
                found += [Uncovered(absence.user, named.kind, turn)
                          for turn in turns_of(calendar, absence.user_id, named.kind, since, until)
                          if turn.deputy is None]
    return found
