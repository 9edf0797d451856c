"""Focus time: until a moment of one's own choice only what cannot wait gets through.

Nothing is written down of it beyond that moment: who concentrates how often is nobody's figure.
"""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.core.errors import Invalid

LENGTHS = (30, 60, 120)
"""Minutes that are offered."""
LONGEST = timedelta(hours=12)


def is_on(person: Any, now: datetime) -> bool:
    return person.focus_until is not None and person.focus_until > now


def begin(person: Any, until: datetime, now: datetime) -> None:
    """From now until a moment; who has begun already has another end. Raises Invalid for what is over or too long."""
    if not now < until <= now + LONGEST:
        raise Invalid(_("Focus time can last 12 hours at most."))
    person.focus_until = until


def end(person: Any) -> None:
    """Does nothing where there is none."""
    person.focus_until = None


def until_of(minutes: str, clock_time: str, zone: ZoneInfo, now: datetime) -> datetime:
    """What somebody chose: a number of minutes from now, or a time of the day, the next one. Raises Invalid for
    neither."""
    if minutes.isdecimal() and len(minutes) < 4:
        return now + timedelta(minutes=int(minutes))
    try:
        shown = time.fromisoformat(clock_time).replace(tzinfo=None)
    except ValueError as error:
        raise Invalid(_("Say until when, as 15:30.")) from error
    today = now.astimezone(zone).date()
    ends = (datetime.combine(today + timedelta(days=days), shown, zone) for days in (0, 1))
    return next(moment for moment in ends if moment > now)
