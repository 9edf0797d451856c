"""What must not be announced: days that make no sense, deputies who lack the rights or are away, circles."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import format_date
from flask_babel import gettext as _

from app.core.db import db
from app.core.i18n import desk

from .absence_models import DEPUTY_KINDS
from .absences import Away, calendar
from .models import Team, User

FARTHEST = timedelta(days=5 * 366)


@dataclass(frozen=True)
class Plan:
    """An absence as it would be saved. `team_ids`: teams where the person has active tickets, which accounts cannot
    know; `absence_id` and `begun` say which absence it changes, and that its first day has come."""

    person: User
    starts_on: date
    ends_on: date
    reason: str = "leave"
    order_number: str = ""
    note: str = ""
    passes_tickets: bool = True
    deputies: Mapping[str, int] = field(default_factory=dict)
    team_ids: frozenset[int] = frozenset()
    absence_id: int | None = None
    begun: date | None = None

    @property
    def starts_at(self) -> datetime:
        return midnight(self.starts_on, self.person)

    @property
    def ends_at(self) -> datetime:
        """The midnight after the last day."""
        return midnight(self.ends_on + timedelta(days=1), self.person)


def zone_of(person: User) -> ZoneInfo:
    return ZoneInfo(person.time_zone or desk.time_zone)


def midnight(day: date, person: User) -> datetime:
    """When a day begins where the person lives, in UTC."""
    return datetime.combine(day, time(), zone_of(person)).astimezone(UTC)


def last_day(ends_at: datetime, person: User) -> date:
    """The last day of an absence, as the person counts days."""
    return (ends_at - timedelta(seconds=1)).astimezone(zone_of(person)).date()


@dataclass(frozen=True)
class Problem:
    """Which field must be filled in otherwise, and why: starts_on, ends_on, or a kind of work."""

    field: str
    message: str


def problems(plan: Plan, now: datetime) -> list[Problem]:
    """All that speaks against a plan; days that make no sense are told before anything is said of deputies."""
    return list(_days(plan, now)) or list(_deputies(plan))


def _days(plan: Plan, now: datetime) -> Iterator[Problem]:
    today = now.astimezone(zone_of(plan.person)).date()
    if plan.begun is not None and plan.starts_on != plan.begun:
        yield Problem("starts_on", _("The absence has begun, so its first day stays %(day)s.",
                                     day=format_date(plan.begun)))
    elif abs(plan.starts_on - today) > FARTHEST or abs(plan.ends_on - today) > FARTHEST:
        yield Problem("ends_on", _("This is more than five years away; please choose nearer days."))
    elif plan.ends_on < plan.starts_on:
        yield Problem("ends_on", _("The last day lies before the first; choose a later one."))
    elif plan.ends_at <= now:
        yield Problem("ends_on", _("This is over already; the last day can be today at the earliest."))
    elif other := _overlapping(plan):
        yield Problem("starts_on", _("%(name)s is already announced as absent from %(first)s to %(last)s; change that "
                                     "absence, or choose other days.", name=plan.person.name, **span_of(other, plan)))


def _overlapping(plan: Plan) -> Away | None:
    held = calendar().of_person.get(plan.person.id, ())
    return next((one for one in within(held, plan.starts_at, plan.ends_at) if one.id != plan.absence_id), None)


def within(held: Sequence[Away], since: datetime, until: datetime) -> list[Away]:
    """Those absences that share a moment with [since, until)."""
    return [one for one in held if one.starts_at < until and since < one.ends_at]


def span_of(one: Away, plan: Plan) -> dict[str, str]:
    """First and last day, as the person whose plan it is counts days."""
    first = one.starts_at.astimezone(zone_of(plan.person)).date()
    return {"first": format_date(first), "last": format_date(last_day(one.ends_at, plan.person))}


def _deputies(plan: Plan) -> Iterator[Problem]:
    people = {user.id: user for user in db.session.scalars(
        sa.select(User).where(User.id.in_([*plan.deputies.values()])))}
    for kind, deputy_id in plan.deputies.items():
        message = _refusal(plan, kind, people.get(deputy_id))
        if message:
            yield Problem(kind, message)


def _refusal(plan: Plan, kind: str, deputy: User | None) -> str:
    if deputy is None or deputy.is_customer or not deputy.is_active:
        return _("Only somebody with an active account who is no customer can stand in; choose another deputy.")
    if deputy.id == plan.person.id:
        return _("People cannot stand in for themselves; choose another deputy.")
    return _missing_rights(plan, kind, deputy) or _broken_chain(plan, kind, deputy)


def _missing_rights(plan: Plan, kind: str, deputy: User) -> str:
    if deputy.is_administrator:
        return ""
    if kind == "tickets":
        strange = _titles(sa.and_(Team.id.in_([*plan.person.team_ids, *plan.team_ids]),
                                  Team.id.not_in(deputy.team_ids)))
        return strange and _("%(deputy)s does not work in %(teams)s, where %(person)s has tickets; choose somebody who "
                             "does, or add %(deputy)s there first.", deputy=deputy.name, teams=strange,
                             person=plan.person.name)
    if kind == "escalations":
        strange = _titles(sa.and_(answers_for(plan.person), ~_knows_of(deputy)))
        return strange and _("%(deputy)s would not see the escalations of %(teams)s; choose somebody who works there "
                             "or heads a department above, or add %(deputy)s there first.", deputy=deputy.name,
                             teams=strange)
    return ""


def answers_for(person: User) -> sa.ColumnElement[bool]:
    """The teams whose escalations reach a person: those led, and those of the departments headed and below."""
    return sa.or_(Team.id.in_(person.led_team_ids), Team.department_id.in_(person.headed_department_ids))


def _knows_of(deputy: User) -> sa.ColumnElement[bool]:
    headed = sa.func.coalesce(Team.department_id, 0).in_(deputy.headed_department_ids)
    return sa.or_(Team.id.in_(deputy.team_ids), headed)


def _titles(which: sa.ColumnElement[bool]) -> str:
    teams = db.session.scalars(sa.select(Team).where(Team.is_active, which).order_by(Team.level, Team.id))
    return ", ".join(_("“%(team)s”", team=team.title) for team in teams)


def _broken_chain(plan: Plan, kind: str, deputy: User) -> str:
    broken = break_of(calendar().of_person, kind, (plan.person.id, deputy.id), plan.starts_at, plan.ends_at)
    if broken is None:
        return ""
    away, circle = broken
    if circle:
        return _("This makes a circle (%(way)s): at the same time each would stand in for the other; choose another "
                 "deputy.", way=_way(circle))
    if away.user_id == deputy.id:
        return _("%(deputy)s is absent from %(first)s to %(last)s and names nobody for %(kind)s then; choose another "
                 "deputy, or let %(deputy)s name one first.", deputy=deputy.name, kind=_of_kind(kind),
                 **span_of(away, plan))
    return _("From %(first)s to %(last)s everybody who would stand in for %(deputy)s is absent too; choose another "
             "deputy.", deputy=deputy.name, **span_of(away, plan))


def _of_kind(kind: str) -> str:
    return str(DEPUTY_KINDS[kind]).lower()


def break_of(of_person: Mapping[int, Sequence[Away]], kind: str, path: tuple[int, ...], since: datetime,
             until: datetime) -> tuple[Away, tuple[int, ...]] | None:
    """Where a chain of deputies ends in nothing within [since, until): the absence that names nobody, or whose deputy
    is on the way already, and then the circle. `path` begins with who is absent and ends with the last deputy."""
    for away in within(of_person.get(path[-1], ()), since, until):
        following = away.deputies.get(kind)
        if following is None:
            return away, ()
        if following in path:
            return away, (*path[path.index(following):], following)
        found = break_of(of_person, kind, (*path, following), max(since, away.starts_at), min(until, away.ends_at))
        if found is not None:
            return found
    return None


def _way(circle: tuple[int, ...]) -> str:
    named = dict(db.session.execute(sa.select(User.id, User.name).where(User.id.in_(circle))).all())
    return " → ".join(named[user_id] for user_id in circle)
