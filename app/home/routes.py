"""The start page of each role, and the two files every browser or robot asks for."""

from flask import Response, current_app, redirect, render_template, url_for
from flask_login import current_user

from app.catalogue import queries as catalogue
from app.core import clock
from app.core.access import ask_to_sign_in, asks
from app.core.registries import panels
from app.core.web import asset
from app.kb.settings import settings as kb_settings
from app.tickets import queues
from app.tickets.show import plain_status_names

from . import bp

SHOWN = 8


@bp.get("/")
@asks("public")
def start():
    """A stranger searches first; who is signed in finds what is theirs."""
    if current_user.is_authenticated:
        return _own_page(current_user._get_current_object(), clock.now())
    return redirect(url_for("kb.portal")) if kb_settings.is_public else ask_to_sign_in()


def _own_page(person, now):
    """The same three parts for everybody; what a person has nothing of is left out."""
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
    """Other search engines read what strangers may read, and nothing else."""
    lines = ["User-agent: *", "Disallow: /"]
    if kb_settings.is_public:
        lines += ["Allow: /kb", "Allow: /static/", "Disallow: /kb/search", "Disallow: /kb/suggestions",
                  f"Sitemap: {current_app.config['BASE_URL']}{url_for('kb.sitemap_show')}"]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@bp.get("/favicon.ico")
@asks("public")
def favicon():
    return redirect(asset("favicon.svg"))
