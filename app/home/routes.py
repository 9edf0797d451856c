"""The start page of each role, and the two files every browser or robot asks for."""

from flask import Response, current_app, redirect, render_template, url_for
from flask_login import current_user

from app.core import clock
from app.core.access import ask_to_sign_in, asks
from app.core.policy import may
from app.core.registries import panels
from app.core.web import asset
from app.kb.settings import settings as kb_settings
from app.tickets import queues
from app.tickets.asking import box, own
from app.tickets.forms import new_submission
from app.tickets.show import dues, plain_status_names, status_names

from . import bp, first

SHOWN = 8


@bp.get("/")
@asks("public")
def start():
    """A stranger searches first; who is signed in finds what is theirs."""
    if current_user.is_authenticated:
        return _own_page(current_user._get_current_object(), clock.now())
    return redirect(url_for("kb.portal")) if kb_settings.is_public else ask_to_sign_in()


def _own_page(person, now):
    """The same parts for everybody, what one comes for first; what a person has nothing of is left out."""
    requests = queues.asked(person, ended=False, mark=None).rows
    waits = own.waiting_among(person, requests)
    return render_template(
        "home/start.html",
        requests=sorted(requests, key=lambda row: row.id not in waits)[:SHOWN], waits=waits,
        desk=queues.desk_of(person) if person.is_agent else None,
        next_up=first.next_up(person) if person.is_agent else [],
        statuses=plain_status_names(), all_statuses=status_names(), due=dues(now),
        news=panels("home_news", person, person, now),
        panels=panels("home", person, person, now),
        **_asking(person, now),
    )


def _asking(person, now):
    """The box in which people ask, where the desk takes requests on the web, and what they ask for most. Who works
    here asks seldom: one line that leads to the box."""
    if person.is_agent or not may(person, "ticket.file"):
        return {"groups": [], "kinds": [], "one_line": may(person, "ticket.file")}
    form = box.form_for(None, person, formdata=None, submission=new_submission())
    shown = box.values(form, box.Taken(), person, now)
    on_offer = sorted((kind for _name, kinds in shown["groups"] for kind in kinds), key=lambda kind: kind.position)
    return shown | {"kinds": first.kinds_of(person, on_offer), "one_line": False}


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
