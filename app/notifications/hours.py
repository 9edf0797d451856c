"""When a person may be written to about what the desk did by itself: in the hours of the own teams, while not away."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.accounts import absences
from app.accounts.models import Membership, Team
from app.calendars.queries import hours_at
from app.calendars.working_hours import NoWorkingTime
from app.core.db import db

MOST_STEPS = 50
"""Of looking: hours, absence, hours again. Nobody has so many absences in a row; who has is told at once."""


def opening(user_id: int, at: datetime) -> datetime:
    """The first moment, `at` or later, at which this person works; with several teams the first to open counts.

    Whoever has a team without a calendar, or none at all, works round the clock.
    """
    calendars, moment = _calendars(user_id), at
    for _step in range(MOST_STEPS):
        moment = min((_open(each, moment) for each in calendars), default=moment)
        away = absences.away(user_id, moment)
        if away is None:
            return moment
        moment = away.ends_at
    return at


def _calendars(user_id: int) -> list[int]:
    statement = (sa.select(Team.calendar_id).distinct().join(Membership, Membership.team_id == Team.id)
                 .where(Membership.user_id == user_id, Team.is_active))
    found = list(db.session.scalars(statement))
    return [] if None in found else found


def _open(calendar_id: int, at: datetime) -> datetime:
    """The next open moment, by the version that holds then; at once by a calendar that never opens again."""
    moment, held = at, None
    try:
        while (hours := hours_at(calendar_id, moment)) is not held:
            moment, held = hours.deadline(moment, 0), hours
    except NoWorkingTime:
        return at
    return moment


def up_to_minute(moment: datetime) -> datetime:
    """The moment itself on a whole minute, else the next whole minute."""
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + timedelta(minutes=1)
