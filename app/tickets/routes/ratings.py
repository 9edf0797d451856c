"""Rating a closure, by the link of a mail or on the own page; the ratings of the teams one answers for."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.errors import Conflict
from app.core.forms import stop_writing
from app.core.i18n import desk

from .. import bp, queries
from ..models import Rating, Ticket
from ..queues import team_names
from ..ratings import actions, links
from ..ratings import queries as ratings
from ..ratings.forms import FollowUpForm, RatingForm
from ..ratings.settings import ratings as settings
from ..ratings.vocabulary import SCORES
from .page import back_to


@bp.get("/rate/<token>")
@asks("public", of=links.find)
def rating_show(rating):
    """Looking rates nothing, whoever looks: mail scanners open every link."""
    clicked = request.args.get("score", "")
    form = RatingForm(formdata=None)
    if clicked in {str(score) for score in SCORES}:
        form.score.data = int(clicked)
    return _question(rating, form)


@bp.post("/rate/<token>")
@asks("public", of=links.find)
def rating_create(rating):
    form = RatingForm()
    if not form.validate():
        stop_writing()
        return _question(rating, form, 400)
    try:
        actions.give(rating, form.score.data, form.comment.data or "", "mail", clock.now())
    except Conflict:
        return _question(rating, form, 410)
    language = _language(rating)
    db.session.commit()
    with force_locale(language):
        return render_template("tickets/rating_thanks.html", score=SCORES[form.score.data])


def _question(rating: Rating, form: RatingForm, code: int = 200) -> tuple[str, int]:
    """By a link the number of the ticket is told, and nothing of what was said on it."""
    is_open = clock.now() < rating.expires_at
    with force_locale(_language(rating)):
        page = render_template("tickets/rating.html", rating=rating, form=form, is_open=is_open)
    return page, code if is_open else 410


def _language(rating: Rating) -> str:
    """That of the mail: whoever follows its link need not be signed in."""
    return db.session.get_one(Ticket, rating.ticket_id).requester.language or desk.language


@bp.post("/tickets/<int:number>/rating")
@asks("ticket.rate", of=queries.by_number)
def rating_create_on_page(ticket: Ticket):
    form, rating = RatingForm(), ratings.of_ticket(ticket)
    if rating is None:
        raise Conflict(_("Nobody asked about this ticket."))
    if not form.validate():
        stop_writing()
        return render_template("tickets/rating.html", rating=rating, form=form, is_open=True, ticket=ticket), 400
    number = ticket.number
    actions.give(rating, form.score.data, form.comment.data or "", "portal", clock.now())
    db.session.commit()
    flash(_("Thank you. This helps us."), "success")
    return back_to(number)


@bp.get("/ratings")
@asks("rating.read")
def rating_list():
    return _list(FollowUpForm(formdata=None))


@bp.post("/ratings/<int:rating_id>/follow-up")
@asks("rating.read", of=ratings.to_follow_up)
def rating_follow_up(rating: Rating):
    form = FollowUpForm()
    if not form.validate():
        stop_writing()
        return _list(form, rating.id, 400)
    actions.follow_up(rating, form.words.data, current_user._get_current_object(), clock.now())
    db.session.commit()
    return redirect(url_for("tickets.rating_list"), 303)


def _list(form: FollowUpForm, answered: int | None = None, code: int = 200) -> tuple[Any, int]:
    days = request.args.get("days", "")
    chosen = int(days) if days in {str(period) for period in ratings.PERIODS} else ratings.PERIODS[1]
    now, person = clock.now(), current_user._get_current_object()
    of_teams = ratings.sums(person, chosen, now)
    return render_template(
        "tickets/ratings.html", form=form, answered=answered, days=chosen, periods=ratings.PERIODS, scores=SCORES,
        of_teams=of_teams, total=ratings.total(of_teams), teams=team_names(), low=ratings.low_ones(person),
        page=ratings.given(person, chosen, now, request.args.get("after")), enough=ratings.ENOUGH,
        settings=settings), code
