"""Queues: what waits for whom, what breaches next first."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.models import Team
from app.core import clock
from app.core.access import asks
from app.core.i18n import localized
from app.core.registries import row_lines

from .. import bp, queries, queues
from ..filter import TicketFilter
from ..show import dues, status_names


@bp.get("/queues")
@asks("queue.read")
def queue_list():
    return render_template("tickets/queues.html", desk=queues.desk_of(current_user), cap=queues.COUNT_CAP)


@bp.get("/queues/mine")
@asks("queue.read")
def queue_mine():
    return _queue(_("Assigned to me"), queues.mine(current_user), names=queues.team_names(),
                  live_topics=f"agent:{current_user.id}")


@bp.get("/queues/escalated")
@asks("queue.read")
def queue_escalated():
    return _queue(_("Escalated by us"), queries.sees_handed_over(current_user), names=queues.team_names())


@bp.get("/queues/<slug>")
@asks("queue.read", of=queues.team_of)
def queue_show(team: Team):
    return _queue(team.title, queries.sees_in_team(current_user, team.id), team=team, live_topics=f"queue:{team.id}")


def _queue(title: str, condition: Any, **about: Any) -> str:
    wanted = TicketFilter.from_args(request.args, current_user)
    now = clock.now()
    page = queues.page(condition, wanted, request.args.get("after"))
    types = {slug: localized(names) for slug, names in queues.request_types()}
    return render_template("tickets/queue.html", title=title, page=page, filter=wanted, types=types, here=_here(),
                           chips=wanted.chips(types), due=dues(now), statuses=status_names(),
                           lines=row_lines(page.rows, now), **about)


def _here() -> Any:
    """Makes the address of this very list with other arguments."""
    return lambda **args: url_for(request.endpoint, **(request.view_args or {}), **args)
