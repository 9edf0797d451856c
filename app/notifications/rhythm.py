"""When a person reads digests and when nothing but the urgent may come: in focus time, and in the quiet hours.

Times of the day are the person's own, by the clock on the wall: they stay where they are when clocks are changed.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.accounts import absences
from app.accounts.models import User
from app.core.db import db
from app.core.i18n import desk

from .models import Rhythm

DIGEST_AT, DAYS = ["09:00"], [0, 1, 2, 3, 4]
"""Where nobody chose: in the morning, from Monday to Friday."""
MOST_STEPS = 10


def rhythm_of(person: User) -> Rhythm:
    """The person's own, else the one for everybody (which is in no session)."""
    return db.session.get(Rhythm, person.id) or usual(person)


def usual(person: User) -> Rhythm:
    return Rhythm(user_id=person.id, digest_at=DIGEST_AT, days=DAYS)


def zone_of(person: User) -> ZoneInfo:
    return ZoneInfo(person.time_zone or desk.time_zone)


def next_digest(person: User, rhythm: Rhythm, now: datetime) -> datetime:
    """The next chosen moment at which the person is not away."""
    zone, moment = zone_of(person), now
    for _step in range(MOST_STEPS):
        found = next_of(moment, zone, rhythm.digest_at or DIGEST_AT, rhythm.days or DAYS)
        away = absences.away(person.id, found)
        if away is None:
            return found
        moment = away.ends_at
    return found


def next_of(after: datetime, zone: ZoneInfo, times: list[str], days: list[int]) -> datetime:
    """The first moment after this one at which a clock in this zone shows one of the times, on one of the days."""
    first = after.astimezone(zone).date()
    for day in (first + timedelta(days=number) for number in range(9)):
        moments = [at_wall(day, time.fromisoformat(text), zone) for text in times] if day.weekday() in days else []
        later = [moment for moment in moments if moment > after]
        if later:
            return min(later)
    raise ValueError("no time of any day was chosen")


def at_wall(day: date, shown: time, zone: ZoneInfo) -> datetime:
    """When a clock on the wall shows this. What is shown twice counts the first time; what is skipped, as much later
    as the clock was put forward."""
    return datetime.combine(day, shown, zone).astimezone(UTC)


def calm(person: User, rhythm: Rhythm, now: datetime) -> datetime:
    """The first moment, `now` or later, at which the person neither concentrates nor has quiet hours."""
    zone, moment = zone_of(person), now
    for _step in range(MOST_STEPS):
        end = _end_of_focus(person, moment) or end_of_night(moment, zone, rhythm.quiet_from, rhythm.quiet_to)
        if end is None:
            break
        moment = end
    return moment


def _end_of_focus(person: User, at: datetime) -> datetime | None:
    return person.focus_until if person.focus_until is not None and person.focus_until > at else None


def end_of_night(at: datetime, zone: ZoneInfo, start: time | None, end: time | None) -> datetime | None:
    """When the quiet hours end in which this moment lies; None if it lies in none."""
    if start is None or end is None or start == end:
        return None
    here = at.astimezone(zone)
    shown = here.time()
    if not (start <= shown < end if start < end else shown >= start or shown < end):
        return None
    day = here.date() + timedelta(days=1) if start > end and shown >= start else here.date()
    # A clock that is put back shows the end twice: the first time that is still to come.
    ends = (datetime.combine(day, end.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1))
    return min((moment for moment in ends if moment > at), default=None)
