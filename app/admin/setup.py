"""The first visit: who keeps this desk, and what it is called."""

from datetime import datetime

import sqlalchemy as sa
from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext as _

from app.accounts import queries, sign_in
from app.accounts.forms import SetupForm
from app.accounts.models import User
from app.accounts.routes.session import enter
from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.errors import Conflict, NotFound
from app.core.events import record
from app.core.forms import show_again
from app.core.i18n import desk, language
from app.core.settings import SettingRow

from . import bp, installation


@bp.get("/setup")
@asks("public")
def setup_new():
    """There is no such page once there is a user."""
    _only_once()
    form = SetupForm(formdata=None, desk_name=desk.name, language=language(), time_zone=desk.time_zone)
    return render_template("admin/setup.html", form=form)


@bp.post("/setup")
@asks("public")
def setup_create():
    """Everything in one transaction: the administrator, the standard desk, the row that says it is done."""
    _only_once()
    form, now = SetupForm(), clock.now()
    if not form.validate():
        return show_again("admin/setup.html", form=form)
    db.session.rollback()
    hashed = sign_in.hashed(form.password.data)
    _claim(now)
    administrator = _administrator(form, hashed, now)
    desk.change(name=form.desk_name.data, language=form.language.data, time_zone=form.time_zone.data)
    installation.install(administrator, now)
    enter(administrator, now, remember=False)
    db.session.commit()
    session["language"] = form.language.data
    flash(_("Your desk is ready."), "success")
    return redirect(url_for("admin.overview"))


def _only_once() -> None:
    if queries.anybody():
        raise NotFound()


def _claim(now: datetime) -> None:
    """Of two who set up at once one inserts this row; the other waits for it and then fails."""
    _only_once()
    db.session.add(SettingRow(name="setup.done", value=now.isoformat()))
    try:
        db.session.flush()
    except sa.exc.IntegrityError as error:
        db.session.rollback()
        raise Conflict(_("Somebody else has just set up this desk.")) from error


def _administrator(form: SetupForm, hashed: str, now: datetime) -> User:
    user = User(name=form.name.data, email=form.email.data, password_hash=hashed, language=form.language.data,
                time_zone=form.time_zone.data, is_administrator=True, created_at=now)
    db.session.add(user)
    db.session.flush()
    record("user.created", user, by=user, at=now, name=user.name)
    return user
