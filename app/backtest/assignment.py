"""A draft of how a team's tickets are given to people, tried on what came to the team: who would have got what.

It says no more than that: how soon somebody else would have answered nobody knows.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.accounts import absences
from app.accounts.models import Team, User
from app.automation.turns import Landing, Member, simulate
from app.calendars.queries import hours_at
from app.calendars.working_hours import WorkingHours
from app.core.db import db, reading
from app.sla.timers import Happening
from app.tickets.vocabulary import ENDED

from . import past
from .drafts import Gone
from .past import Past, Period

TARGET = "assignment"
FACTS = ("team_id", "assignee_id", "requester_id", "status")


class Arrival(NamedTuple):
    """A ticket that came to the team un-owned, and who took or was given it while it stayed."""

    landing: Landing
    taken_by_id: int | None


class Crew(NamedTuple):
    """The team as the draft wants it. A mode of "manual" gives nothing to anybody."""

    mode: str
    members: list[Member]
    hours: WorkingHours | None
    away: dict[int, list[tuple[datetime, datetime]]]


def tried(team_id: int, content: dict[str, Any], period: Period, now: datetime,
          beat: Callable[[int, int, list[dict[str, Any]]], None]) -> dict[str, Any]:
    """Who got and who would have got what came to the team. Raises Gone."""
    crew = _crew(team_id, content, now)
    total, done = past.count(period), 0
    arrivals: list[Arrival] = []
    for batch in past.batches(period):
        arrivals += [arrival for each in batch for arrival in arrivals_of(each, team_id)]
        done += len(batch)
        beat(done, total, [])
    would_have = _given(crew, arrivals, lambda: beat(done, total, []))
    differing = [(arrival, owner) for arrival, owner in zip(arrivals, would_have, strict=True)
                 if arrival.taken_by_id != owner]
    beat(done, total, [_row(arrival, owner) for arrival, owner in differing])
    return {"tickets": total, "landings": len(arrivals), "differing": len(differing),
            **_sums(arrivals, would_have)}


def _crew(team_id: int, content: dict[str, Any], now: datetime) -> Crew:
    """Its people as the draft names them, their absences and the team's hours as the desk knows them."""
    with reading():
        wanted = {int(user_id): content["shares"][user_id] for user_id in content["members"]}
        known = set(db.session.scalars(sa.select(User.id).where(User.id.in_(wanted), User.is_active)))
        if db.session.get(Team, team_id) is None:
            raise Gone("team")
        hours = hours_at(content["calendar_id"], now) if content.get("calendar_id") else None
        away = {user_id: [(one.starts_at, one.ends_at) for one in listed]
                for user_id, listed in absences.calendar().of_person.items()}
        db.session.rollback()
    members = [Member(user_id, *share) for user_id, share in wanted.items() if user_id in known]
    return Crew(content["assignment"], members, hours, away)


def _given(crew: Crew, arrivals: list[Arrival], pulse: Callable[[], None]) -> list[int | None]:
    if crew.mode == "manual" or not crew.members:
        return [None] * len(arrivals)
    landings = (arrival.landing for arrival in arrivals)
    given = simulate(landings, crew.members, crew.mode, crew.hours, crew.away, pulse)
    return [owner for _ticket_id, owner in given]


def arrivals_of(ticket: Past, team_id: int) -> Iterator[Arrival]:
    """Each time the ticket came to the team in nobody's hands."""
    facts: dict[str, Any] = dict.fromkeys(FACTS)
    since, taken_by_id, until = None, None, None
    for event in ticket.events:
        was_here = facts["team_id"] == team_id
        facts |= {fact: pair[1] for fact, pair in event.changes.items() if fact in FACTS}
        is_here = facts["team_id"] == team_id
        if since is not None and not is_here:
            yield _arrival(ticket, since, until or event.at, taken_by_id, facts)
            since = None
        if is_here and not was_here and facts["assignee_id"] is None:
            since, taken_by_id, until = event.at, None, None
        if since is not None:
            taken_by_id = taken_by_id or _taker(event)
            until = until or (event.at if _rests(facts) else None)
    if since is not None:
        yield _arrival(ticket, since, until, taken_by_id, facts)


def _taker(event: Happening) -> int | None:
    return event.changes.get("assignee_id", (None, None))[1]


def _rests(facts: dict[str, Any]) -> bool:
    return facts["status"] == "pending" or facts["status"] in ENDED


def _arrival(ticket: Past, since: datetime, until: datetime | None, taken_by_id: int | None,
             facts: dict[str, Any]) -> Arrival:
    return Arrival(Landing(ticket.ticket_id, since, until, requester_id=facts["requester_id"]), taken_by_id)


def _row(arrival: Arrival, owner: int | None) -> dict[str, Any]:
    return {"ticket_id": arrival.landing.ticket_id, "target": TARGET, "cycle": 1, "is_worse": False, "before": "",
            "after": "", "before_id": arrival.taken_by_id, "after_id": owner, "at": arrival.landing.at}


def _sums(arrivals: list[Arrival], would_have: list[int | None]) -> dict[str, Any]:
    """Per person what was and what would have been; those left in the queue apart."""
    counts: dict[int | None, list[int]] = defaultdict(lambda: [0, 0])
    for arrival, owner in zip(arrivals, would_have, strict=True):
        counts[arrival.taken_by_id][0] += 1
        counts[owner][1] += 1
    nobody = counts.pop(None, [0, 0])
    people = sorted(counts.items(), key=lambda each: (-each[1][1], -each[1][0], each[0]))
    return {"nobody": nobody, "people": [[user_id, both] for user_id, both in people]}
