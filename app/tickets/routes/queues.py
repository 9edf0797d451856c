"""Queues: what waits for whom, what must be started next first. One list is open in the team's queue, in one's own,
in all of one's teams', or in a view saved under a name; all of it stands in the address."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from app.accounts.models import Team
from app.core import clock
from app.core.access import asks
from app.core.registries import row_lines

from .. import bp, queues
from ..show import dues, status_names
from ..views import queries, wording
from ..views.cells import cells
from ..views.listing import Listing, opened
from ..views.models import SavedView
from ..views.offers import offers

TABS = 6
"""So many teams have a place above the list; the others stand on the page of all lists."""


@bp.get("/queues")
@asks("queue.read")
def queue_list():
    """Where one's queues begin: with the view one chose, else with all of one's teams'."""
    return _shown(_opened("all", begins=True))


@bp.get("/queues/all")
@asks("queue.read")
def queue_all():
    return _shown(_opened("all"))


@bp.get("/queues/mine")
@asks("queue.read")
def queue_mine():
    return _shown(_opened("mine"))


@bp.get("/queues/escalated")
@asks("queue.read")
def queue_escalated():
    return _shown(_opened("escalated"))


@bp.get("/queues/<slug>")
@asks("queue.read", of=queues.team_of)
def queue_show(team: Team):
    return _shown(_opened("all", team=team))


@bp.get("/queues/views/<int:view_id>")
@asks("queue.read", of=queries.view_of)
def view_show(view: SavedView):
    return _shown(_opened("all", view=view))


def _opened(scope: str, team: Team | None = None, view: SavedView | None = None, begins: bool = False) -> Listing:
    person = current_user._get_current_object()
    return opened(person, offers(person), request.args, scope, team, view, begins)


def _shown(listing: Listing) -> Any:
    """The page; a form sends what was left empty too, and goes on to the address without it, which can be shown to
    somebody else."""
    if "" in request.args.values():
        return redirect(listing.url(**listing.wanted.args()))
    now = clock.now()
    page = listing.page(request.args.get("after"), now)
    return render_template(
        "tickets/queue.html", listing=listing, page=page, chips=wording.chips(listing.wanted, listing.offers),
        tabs=tabs(listing), cells=cells(page.rows, listing.columns, listing.offers, listing.person, now),
        due=dues(now), wait=wording.waits(now), statuses=status_names(), lines=row_lines(page.rows, now),
        words=wording, heads={column: str(wording.COLUMNS[column]) for column in listing.columns},
        options=wording.options(listing.wanted, listing.offers))


def tabs(listing: Listing) -> list[tuple[str, str, bool]]:
    """Lists one goes back and forth between: name, address, whether it is the open one."""
    scope = listing.scope if listing.view is None and listing.team is None else ""
    found = [(str(name), url_for(f"tickets.queue_{one}"), one == scope) for one, name in wording.SCOPES.items()]
    found += [(team.title, url_for("tickets.queue_show", slug=team.slug), team is listing.team)
              for team in _near(listing)]
    found += [(view.name, url_for("tickets.view_show", view_id=view.id), view is listing.view)
              for view in listing.views]
    return found


def _near(listing: Listing) -> list[Team]:
    """The teams that have a tab: few, and the open one; who works in one team has it already, as all of theirs."""
    teams = listing.offers.own_teams if len(listing.offers.own_teams) > 1 else []
    near = teams[:TABS]
    return near if listing.team is None or listing.team in near else [*near, listing.team]
