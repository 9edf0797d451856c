"""A person's own page: name, language, zone, password, and where they are signed in."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.events import record
from app.core.forms import stop_writing
from app.core.i18n import desk

from .. import bp, queries, sign_in
from ..browsers import named
from ..forms import PasswordChangeForm, ProfileForm
from ..models import SignIn, User
from .session import enter


@bp.get("/profile")
@asks("signed_in")
def profile():
    return render_template("accounts/profile.html", **_page())


def _page(**forms: Any) -> dict[str, Any]:
    person = current_user
    about = ProfileForm(formdata=None, name=person.name, language=person.language or desk.language,
                        time_zone=person.time_zone or desk.time_zone)
    return {"form": about, "password_form": PasswordChangeForm(formdata=None),
            "sign_ins": queries.sign_ins_of(person, clock.now()),
            "browser_name": named, "here": sign_in.digest(person.sign_in_token), **forms}


@bp.post("/profile")
@asks("signed_in")
def profile_change():
    form = ProfileForm()
    if not form.validate():
        stop_writing()
        return render_template("accounts/profile.html", **_page(form=form)), 400
    _change({"name": form.name.data, "language": form.language.data, "time_zone": form.time_zone.data})
    db.session.commit()
    flash(_("Your profile was saved."), "success")
    return redirect(url_for("accounts.profile"))


def _change(facts: dict[str, Any]) -> None:
    changes = {name: [getattr(current_user, name), new] for name, new in facts.items()
               if getattr(current_user, name) != new}
    for name, (_old, new) in changes.items():
        setattr(current_user, name, new)
    if changes:
        record("user.changed", current_user, by=current_user, changes=changes)


@bp.post("/profile/password")
@asks("signed_in")
def password_change():
    """The try is counted and committed first; the slow hashing then holds no transaction."""
    form, now = PasswordChangeForm(), clock.now()
    person = current_user._get_current_object()
    stored = person.password_hash
    sign_in.spend_try({f"password:{person.id}": sign_in.TRIES_PER_ACCOUNT}, now)
    db.session.commit()
    if not form.validate() or not _is_old(form, stored):
        stop_writing()
        return render_template("accounts/profile.html", **_page(password_form=form)), 400
    _set_password(person, sign_in.hashed(form.password.data), now)
    db.session.commit()
    flash(_("Your new password holds. You are signed out everywhere else."), "success")
    return redirect(url_for("accounts.profile"))


def _is_old(form: PasswordChangeForm, stored: str | None) -> bool:
    if sign_in.is_right(form.old.data, stored):
        return True
    form.old.errors = [_("This is not your present password.")]
    return False


def _set_password(person: User, hashed: str, now: datetime) -> None:
    """The new password ends every sign-in and begins this one anew."""
    person.password_hash = hashed
    sign_in.end_all(person, now)
    enter(person, now, session.permanent)
    record("user.password_set", person, by=person, at=now)


@bp.post("/profile/sign-ins/<int:sign_in_id>/end")
@asks("signed_in", of=queries.own_sign_in)
def sign_in_end(found: SignIn):
    found.ended_at = found.ended_at or clock.now()
    db.session.commit()
    return redirect(url_for("accounts.profile"))
