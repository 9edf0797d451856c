"""The lists of writers: what is begun, waits for a review, is due for a look, is behind its original."""

from flask import render_template, request
from flask_babel import gettext as _

from app.core import clock
from app.core.access import asks

from .. import bp, manuscripts, words
from ._writers import me

COUNTED = ("review", "stale")


def titles() -> dict[str, str]:
    return {"all": _("All"), "mine": _("Mine"), "drafts": _("Drafts"), "review": _("Waiting for review"),
            "stale": _("Due for a look"), "outdated": _("Behind the original"), "archived": _("Archived")}


@bp.get("/kb/manage")
@asks("article.list")
def article_manage():
    person, day = me(), manuscripts.today(clock.now())
    show = request.args.get("show") if request.args.get("show") in manuscripts.SHOWN else "all"
    page = manuscripts.listed(person, show, day, request.args.get("after"))
    counts = {name: manuscripts.waiting(person, name, day) for name in COUNTED}
    return render_template("kb/manage.html", show=show, page=page, titles=titles(), counts=counts, day=day,
                           outdated=manuscripts.outdated_among(page.rows), **words.in_templates())
