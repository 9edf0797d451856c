"""The page on which people say how they want to be told."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.forms import show_again

from . import bp, bundles, choices, forms
from .models import Rhythm
from .rhythm import DAYS, DIGEST_AT
from .topics import CHANNELS, Topic, shown_to

PAGE = "notifications/settings.html"


@bp.get("/notifications/settings")
@asks("signed_in")
def wish_show():
    topics = shown_to(current_user)
    form = forms.filled(current_user, topics, choices.wishes_of([current_user]))
    return render_template(PAGE, form=form, topics=topics)


@bp.post("/notifications/settings")
@asks("signed_in")
def wish_change():
    topics = shown_to(current_user)
    form = forms.wish_form(topics)
    if not form.validate():
        return show_again(PAGE, form=form, topics=topics)
    _keep(form, topics)
    return _saved(_("You are told as you chose."))


@bp.post("/notifications/settings/removal")
@asks("signed_in")
def wish_remove():
    choices.forget(current_user)
    return _saved(_("You are told as it is usual here."))


def _keep(form: forms.WishForm, topics: list[Topic]) -> None:
    for topic in topics:
        for channel in CHANNELS:
            if len(topic.ways(channel)) > 1:
                choices.choose(current_user, topic, channel, form.way(topic, channel))
    db.session.merge(Rhythm(
        user_id=current_user.id, digest_at=form.digests or DIGEST_AT,
        days=sorted(int(day) for day in form.days.data) or DAYS,
        quiet_from=form.quiet_from.time, quiet_to=form.quiet_to.time))


def _saved(words: str) -> Any:
    """What waits for the moments of before waits for those of now."""
    db.session.flush()
    db.session.expire_all()
    bundles.reckon_anew(current_user._get_current_object(), clock.now())
    db.session.commit()
    flash(words, "success")
    return redirect(url_for("notifications.wish_show"), 303)
