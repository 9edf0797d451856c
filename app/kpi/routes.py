"""The page of figures, and the tickets behind each of its numbers."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import render_template, request
from flask_login import current_user
from sqlalchemy.exc import DBAPIError

from app.core import clock, paging
from app.core.access import asks
from app.core.db import db, set_reading
from app.core.errors import NotFound
from app.tickets import queues
from app.tickets.models import Ticket

from . import bp, figures, refresh
from .measures import MEASURES
from .models import Cursor, Fact

CATCH_UP_TICKETS = 2000


@bp.get("/kpi")
@asks("kpi.read")
def figures_show():
    now = clock.now()
    catch_up(now)
    scope = figures.Scope.from_args(request.args, now)
    return render_template(
        "kpi/figures.html", scope=scope, numbers=figures.numbers(scope), backlog=figures.backlog_by_month(scope),
        total=figures.period(scope), teams=figures.teams(), by_team=figures.by_team(scope.last),
        team_backlog=figures.backlog_by_team(scope.last), measures=MEASURES, shift=figures.shift,
        heads=[(measure.title, "number") for measure in MEASURES.values()],
        this_month=figures.this_month(now), as_of=db.session.scalar(sa.select(Cursor.refreshed_at)))


def catch_up(now: datetime) -> None:
    """Take in the newest events before showing; if the desk cannot write now, show what is there, with its time."""
    if not refresh.is_behind():
        return
    db.session.rollback()
    set_reading(False)
    try:
        refresh.refresh(now, CATCH_UP_TICKETS)
        db.session.commit()
    except DBAPIError:
        db.session.rollback()
    finally:
        set_reading(True)


@bp.get("/kpi/<measure>/tickets")
@asks("kpi.read")
def figure_tickets(measure: str):
    if measure not in MEASURES:
        raise NotFound()
    scope = figures.Scope.from_args(request.args, clock.now())
    key = (measure, scope.last, scope.team_id)
    page = paging.page(figures.tickets_behind(key, current_user), [(Fact.at, "asc"), (Fact.id, "asc")],
                       request.args.get("after"))
    rows = _tickets([fact.ticket_id for fact in page.rows])
    all_count = figures.count(figures.facts_behind(key))
    hidden = all_count - figures.count(figures.tickets_behind(key, current_user))
    return render_template("kpi/tickets.html", measure=MEASURES[measure], scope=scope, page=page, tickets=rows,
                           count=all_count, hidden=hidden, names=queues.team_names())


def _tickets(ids: list[int]) -> dict[int, Any]:
    """What the list shows of each ticket, in one query."""
    return {row.id: row for row in db.session.scalars(queues.rows(Ticket.id.in_(ids)))}
