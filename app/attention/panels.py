"""What a person's start page says of absences: the own one, whose deputy one is, what waits to be taken back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import render_template
from flask_babel import format_date

from app.accounts import absences
from app.accounts.absence_checks import last_day, zone_of
from app.accounts.absence_models import DEPUTY_KINDS
from app.accounts.absences import Away, Calendar
from app.accounts.models import User
from app.core.db import db

from . import summary

BACK_SINCE = timedelta(days=14)
AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class StandIn:
    """For whom one stands in or soon will, and for which kinds of work."""

    person: User
    first_on: date
    last_on: date
    is_running: bool
    kinds: list[Any]


def on_home(person: User, viewer: User, now: datetime) -> str:
    """'' where there is nothing to say. Asks the database only where there is."""
    calendar = absences.calendar()
    own, stands_in = calendar.away(person.id, now), _stands_in(calendar, person, now)
    back = None if own else _back(calendar, person, now)
    if own is None and back is None and not stands_in:
        return ""
    return render_template("attention/_home.html", own=own, stands_in=stands_in, back=back, day_name=format_date,
                           last_on=last_day(own.ends_at, person) if own else None)


def _stands_in(calendar: Calendar, person: User, now: datetime) -> list[StandIn]:
    """What runs, by way of other deputies too, and what the coming days bring; one query, or none."""
    kinds: dict[int, tuple[Away, list[Any]]] = {}
    for kind, label in DEPUTY_KINDS.items():
        running = (calendar.away(user_id, now) for user_id in absences.stands_in_for(person.id, kind, now))
        coming = (one for one in calendar.by_deputy.get((person.id, kind), ()) if now < one.starts_at <= now + AHEAD)
        for one in (*running, *coming):
            kinds.setdefault(one.id, (one, []))[1].append(label)
    if not kinds:
        return []
    listed = sorted(kinds.values(), key=lambda pair: pair[0].starts_at)
    people = {user.id: user for user in db.session.scalars(
        sa.select(User).where(User.id.in_([one.user_id for one, _labels in listed])))}
    return [_stand_in(people[one.user_id], one, labels, now) for one, labels in listed]


def _stand_in(person: User, one: Away, labels: list[Any], now: datetime) -> StandIn:
    first = one.starts_at.astimezone(zone_of(person)).date()
    return StandIn(person, first, last_day(one.ends_at, person), one.holds(now), labels)


def _back(calendar: Calendar, person: User, now: datetime) -> tuple[int, int] | None:
    """The absence that ended last, if it was lately and tickets of it wait to be taken back: its id and how many."""
    ended = [one for one in calendar.of_person.get(person.id, ()) if now - BACK_SINCE < one.ends_at <= now]
    if not ended:
        return None
    count = summary.waiting(person, ended[-1].id)
    return (ended[-1].id, count) if count else None
