"""Why a ticket stands where it stands in a queue, in one line."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _

from app.calendars.queries import hours_of
from app.core.db import db
from app.core.durations import duration
from app.core.i18n import choose_zone, local_time

from . import estimates
from .models import SlaClock
from .vocabulary import PROMISES

MINUTE = 60


def lines(rows: Iterable[Any], now: datetime) -> dict[int, str]:
    """Ticket id -> the line, for rows of a list (id, status, due_at, start_by_at, request_type_id, kind): one query."""
    shown = list(rows)
    due = _next_due([row.id for row in shown if row.due_at is not None])
    return {row.id: _line(row, due.get(row.id), now) for row in shown}


def _next_due(ticket_ids: list[int]) -> dict[int, Any]:
    """Of each ticket the promise that falls due next."""
    if not ticket_ids:
        return {}
    ticking = (SlaClock.stopped_at.is_(None), SlaClock.paused_at.is_(None), SlaClock.due_at.is_not(None),
               SlaClock.target.in_(list(PROMISES)))
    statement = sa.select(SlaClock.ticket_id, SlaClock.target, SlaClock.due_at, SlaClock.calendar_version_id).where(
        SlaClock.ticket_id.in_(ticket_ids), *ticking)
    found = db.session.execute(statement.order_by(SlaClock.due_at.desc()))
    return {row.ticket_id: row for row in found}


def _line(row: Any, clock: Any, now: datetime) -> str:
    if clock is None:
        waits = row.status == "pending"
        return _("It waits, and the clock stands still") if waits else _("No promise is left to keep")
    is_answer, due = clock.target != "resolution", _moment(clock.due_at, now)
    if clock.due_at < now:
        return _("Overdue: the answer was due %(due)s", due=due) if is_answer else _(
            "Overdue: the solution was due %(due)s", due=due)
    if is_answer:
        return _("Answer by %(due)s", due=due)
    if row.start_by_at is None:
        return _("Solve by %(due)s", due=due)
    return _by_work(row, hours_of(clock.calendar_version_id).elapsed(row.start_by_at, clock.due_at), now)


def _by_work(row: Any, left: int, now: datetime) -> str:
    """What the work that is left makes of the deadline."""
    told = {"moment": _moment(row.start_by_at, now), "length": duration(-(-left // MINUTE) * MINUTE)}
    usual = estimates.known().of(row.request_type_id, row.kind)
    if row.start_by_at < now:
        return _("Late to start (%(moment)s): %(length)s of work is left", **told)
    if usual is not None and left < usual:
        return _("Go on by %(moment)s: %(length)s of work is left", **told)
    return _("Start by %(moment)s: such tickets take %(length)s", **told)


def _moment(moment: datetime, now: datetime) -> str:
    """The time, and the day unless it is today's."""
    zone = ZoneInfo(choose_zone())
    is_today = moment.astimezone(zone).date() == now.astimezone(zone).date()
    return local_time(moment, "HH:mm" if is_today else "d MMM, HH:mm")
