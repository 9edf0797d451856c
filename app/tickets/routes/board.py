"""The workload board: a column per person of a team, tickets given by a menu, by the keyboard or by dragging."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.absence_checks import last_day
from app.accounts.models import Team
from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotAllowed, NotFound
from app.core.forms import stop_writing
from app.core.policy import may

from .. import board, bp, queries, queues
from ..show import dues, status_names


@bp.get("/board")
@asks("queue.read")
def board_start():
    """The board of a team one leads, else of the first one works in."""
    teams = _boards()
    if not teams:
        raise NotFound()
    led = next((team for team in teams if team.id in current_user.led_team_ids), teams[0])
    return redirect(url_for("tickets.board_show", slug=led.slug))


@bp.get("/board/<slug>")
@asks("queue.read", of=queues.team_of)
def board_show(team: Team):
    return _page(team)


@bp.post("/board/<slug>/moves")
@asks("queue.read", of=queues.team_of)
def board_move(team: Team):
    """One ticket from one person to another. What was moved can be moved back: the answer says how."""
    number, to, was = (request.form.get(name, "") for name in ("ticket", "to", "was"))
    try:
        done = _moved(team, number, to, was)
        db.session.commit()
    except (Invalid, Conflict, NotAllowed) as refused:
        stop_writing()
        return _page(queues.team_of(current_user, team.slug), refused.code, refusal=refused.message)
    flash(done, "success")
    back = {"undo": number, "to": was, "was": to}
    return redirect(url_for("tickets.board_show", slug=team.slug, **back), 303)


def _moved(team: Team, number: str, to: str, was: str) -> str:
    ticket = queries.by_number(current_user, int(number) if number.isdecimal() and len(number) < 19 else 0)
    if ticket.team_id != team.id or not ticket.is_active:
        raise Conflict(_("Ticket %(number)s is no longer in this queue.", number=ticket.number))
    if not may(current_user, "ticket.assign", ticket):
        raise NotAllowed(_("You may not give this ticket to others."))
    person = board.member(team, to)
    board.move(ticket, person, was, current_user._get_current_object(), clock.now())
    if person is None:
        return _("Ticket %(number)s is nobody's again.", number=ticket.number)
    return _("Ticket %(number)s was given to %(name)s.", number=ticket.number, name=person.name)


def _boards() -> list[Team]:
    return queries.teams() if current_user.is_administrator else queries.teams(Team.id.in_(current_user.team_ids))


def _page(team: Team, code: int = 200, refusal: str = "") -> tuple[str, int]:
    now = clock.now()
    columns = board.columns(current_user._get_current_object(), team, now)
    return render_template(
        "tickets/board.html", team=team, teams=_boards(), columns=columns, due=dues(now), statuses=status_names(),
        refusal=refusal, undo=_undo(columns), last_day=_last_day, cap=board.CAP,
        live_topics=f"queue:{team.id}"), code


def _last_day(column: board.Column) -> str:
    """Until when somebody is away, in words; only asked where somebody is."""
    return format_date(last_day(column.away.ends_at, column.person)) if column.away and column.person else ""


def _undo(columns: list[board.Column]) -> dict[str, Any] | None:
    """The move that takes the last one back, while the ticket is still where it was put."""
    number, to, was = (request.args.get(name, "") for name in ("undo", "to", "was"))
    here = next((column for column in columns if column.key == was), None)
    if here is None or all(column.key != to for column in columns):
        return None
    return {"ticket": number, "to": to, "was": was} if any(str(card.id) == number for card in here.cards) else None
