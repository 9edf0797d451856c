"""What the page of pauses reads: stored findings of a period, as far as the reader may see and answers for them."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Bundle

from app.accounts.models import Team, User, below
from app.calendars.queries import hours_of
from app.core import paging
from app.core.db import db
from app.core.i18n import choose_zone, localized
from app.tickets import queries as tickets
from app.tickets.models import PendingReason, Ticket

from .models import SlaClock
from .pause_findings import PauseFinding

NEWEST_FIRST = ((PauseFinding.since, "desc"), (PauseFinding.id, "desc"))
MOST_PEOPLE = 20
MOST_ROWS = 50_000
"""So many rows leave as a file; a shorter period says the rest."""
_ROW = Bundle(
    "row", PauseFinding.id, PauseFinding.ticket_id, PauseFinding.kind, PauseFinding.act, PauseFinding.reason,
    PauseFinding.since, PauseFinding.until, PauseFinding.seconds, PauseFinding.saved, PauseFinding.team_id,
    PauseFinding.by_id, Ticket.subject, User.name.label("by"), SlaClock.calendar_version_id.label("calendar"),
    single_entity=True,
)


@dataclass(frozen=True)
class Scope:
    """What the reader looks at: from a day to a day, both whole; a team, a kind or a person if given."""

    first: date
    last: date
    team: int = 0
    kind: str = ""
    by: int = 0

    def args(self, **other: Any) -> dict[str, Any]:
        """What of it stands in an address, perhaps with other values."""
        return {name: value for name, value in (asdict(self) | other).items() if value}

    def conditions(self, person: Any, now: datetime) -> list[Any]:
        """Findings of the period that are known by now, on tickets the person sees and answers for."""
        since, until = _start_of(self.first), _start_of(self.last + timedelta(days=1))
        narrowed = [column == wanted for column, wanted in (
            (PauseFinding.team_id, self.team), (PauseFinding.kind, self.kind), (PauseFinding.by_id, self.by)) if wanted]
        return [PauseFinding.since >= since, PauseFinding.since < until, PauseFinding.known_at <= now, *narrowed,
                tickets.sees(person), Ticket.requester_id != person.id, _answers_for(person)]


def _start_of(day: date) -> datetime:
    """Midnight by the reader's clock."""
    return datetime.combine(day, time(0), ZoneInfo(choose_zone()))


def _answers_for(person: Any) -> Any:
    """A lead for the teams led, a manager for the departments headed, an administrator for all."""
    if person.is_administrator:
        return sa.true()
    return sa.or_(PauseFinding.team_id.in_(person.led_team_ids), Ticket.department_id.in_(below(person.id)))


def teams_of(person: Any) -> list[Team]:
    """The teams that the filter offers."""
    every = person.is_administrator or person.is_manager
    return tickets.teams() if every else tickets.teams(Team.id.in_(person.led_team_ids))


@dataclass(frozen=True)
class Sum:
    """Findings put together. `seconds` counts no pause twice; `saved` counts deadlines met only thanks to them."""

    key: Any
    title: str
    n: int
    seconds: int
    saved: int
    lasting: int


def total(scope: Scope, person: Any, now: datetime) -> Sum:
    """All of them; here a deadline counts that was saved by several together."""
    return _sums(scope, person, now, sa.literal(0), PauseFinding.saved_together)[0]


def by_kind(scope: Scope, person: Any, now: datetime) -> dict[str, Sum]:
    return {each.key: each for each in _sums(scope, person, now, PauseFinding.kind)}


def by_team(scope: Scope, person: Any, now: datetime) -> dict[int, Sum]:
    return {each.key: each for each in _sums(scope, person, now, PauseFinding.team_id)}


def by_person(scope: Scope, person: Any, now: datetime) -> list[Sum]:
    """Who did it, the most time first."""
    found = _sums(scope, person, now, PauseFinding.by_id, title=User.name)
    return sorted(found, key=lambda each: (-each.seconds, -each.n, each.title))[:MOST_PEOPLE]


def _sums(scope: Scope, person: Any, now: datetime, key: Any, saved: Any = PauseFinding.saved,
          title: Any = None) -> list[Sum]:
    shown = title if title is not None else sa.literal("")
    clocks = sa.func.count(sa.distinct(sa.case((saved, PauseFinding.clock_id))))
    lasting = sa.func.count(sa.case((PauseFinding.until.is_(None), 1)))
    numbers = sa.func.count(), sa.func.coalesce(sa.func.sum(PauseFinding.added_seconds), 0), clocks, lasting
    statement = sa.select(key, shown, *numbers).select_from(PauseFinding).join(
        Ticket, Ticket.id == PauseFinding.ticket_id).where(*scope.conditions(person, now))
    if title is not None:
        statement = statement.join(User, User.id == PauseFinding.by_id)
    groups = [each for each in (key, title) if each is not None and not isinstance(each, sa.BindParameter)]
    return [Sum(value, name, n, int(seconds), saved, lasting)
            for value, name, n, seconds, saved, lasting in db.session.execute(statement.group_by(*groups))]


def page(scope: Scope, person: Any, now: datetime, mark: str | None) -> paging.Page:
    """One page of the findings, newest first."""
    return paging.page(_rows(scope, person, now), NEWEST_FIRST, mark)


def every(scope: Scope, person: Any, now: datetime) -> list[Any]:
    """All of them, newest first, up to `MOST_ROWS`."""
    ordered = _rows(scope, person, now).order_by(PauseFinding.since.desc(), PauseFinding.id.desc())
    return list(db.session.scalars(ordered.limit(MOST_ROWS)))


def _rows(scope: Scope, person: Any, now: datetime) -> sa.Select:
    return (sa.select(_ROW).select_from(PauseFinding).join(Ticket, Ticket.id == PauseFinding.ticket_id)
            .join(SlaClock, SlaClock.id == PauseFinding.clock_id).outerjoin(User, User.id == PauseFinding.by_id)
            .where(*scope.conditions(person, now)))


def length(row: Any, now: datetime) -> int:
    """What it took from the clock, until now while it lasts."""
    return row.seconds if row.seconds is not None else hours_of(row.calendar).elapsed(min(row.since, now), now)


def reasons() -> dict[str, str]:
    """Why a ticket may wait, in the reader's language, by slug."""
    found = db.session.execute(sa.select(PendingReason.slug, PendingReason.names))
    return {slug: localized(names) for slug, names in found}


def wall_time(moment: datetime | None) -> str:
    """As a spreadsheet reads it, by the reader's clock; '' for none."""
    return f"{moment.astimezone(ZoneInfo(choose_zone())):%Y-%m-%d %H:%M:%S}" if moment is not None else ""
