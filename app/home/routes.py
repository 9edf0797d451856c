"""The start page of each role, and the two files every browser or robot asks for."""

from flask import Response, redirect, render_template
from flask_login import current_user

from app.catalogue import queries as catalogue
from app.core import clock
from app.core.access import asks
from app.core.registries import panels
from app.core.web import asset
from app.tickets import queues
from app.tickets.show import plain_status_names

from . import bp

SHOWN = 8


@bp.get("/")
@asks("signed_in")
def start():
    """The same three parts for everybody; what a person has nothing of is left out."""
    person, now = current_user._get_current_object(), clock.now()
    return render_template(
        "home/start.html",
        request_types=catalogue.on_offer(),
        requests=queues.asked(person, ended=False, mark=None).rows[:SHOWN],
        desk=queues.desk_of(person) if person.is_agent else None,
        statuses=plain_status_names(),
        news=panels("home_news", person, person, now),
        panels=panels("home", person, person, now),
    )


@bp.get("/robots.txt")
@asks("public")
def robots():
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")


@bp.get("/favicon.ico")
@asks("public")
def favicon():
    return redirect(asset("favicon.svg"))
