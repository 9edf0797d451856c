"""A forgotten password, and the page behind an invitation or a reset."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock, outbox, relay
from app.core.access import asks
from app.core.db import db
from app.core.errors import NotFound
from app.core.events import record
from app.core.forms import show_again, stop_writing

from .. import bp, links, sign_in
from ..forms import ForgottenForm, NewPasswordForm
from ..models import User

RESETS_PER_ACCOUNT = 3
RESETS_PER_ADDRESS = 20


@bp.get("/password/forgotten")
@asks("public")
def password_forgotten():
    return render_template("accounts/forgotten.html", form=ForgottenForm(formdata=None), can_mail=relay.is_set())


@bp.post("/password/forgotten")
@asks("public")
def password_ask():
    """The same work and the same answer for every address; whether it is known is asked later."""
    form, now = ForgottenForm(), clock.now()
    if not form.validate():
        return show_again("accounts/forgotten.html", form=form, can_mail=relay.is_set())
    account = "reset:" + sign_in.digest(form.email.data)
    sign_in.spend_try({account: RESETS_PER_ACCOUNT, f"reset@{request.remote_addr}": RESETS_PER_ADDRESS}, now)
    outbox.enqueue("reset_wanted", email=form.email.data)
    db.session.commit()
    return show_again("accounts/forgotten_sent.html", 200, can_mail=relay.is_set())


@bp.get("/password/<token>")
@asks("public")
def password_new(token: str):
    found = links.find(token, clock.now())
    if found is None:
        return _private("accounts/link_void.html", 404)
    return _private("accounts/new_password.html", form=NewPasswordForm(formdata=None), link=found, token=token)


def _private(template: str, code: int = 200, **values):
    """A page whose address is a secret: the Referer names the host alone (none at all, and the form's own POST
    would fail the token check under https)."""
    stop_writing()
    response = make_response(render_template(template, **values), code)
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


@bp.post("/password/<token>")
@asks("public")
def password_set(token: str):
    """The link is used up only by a password that will do; hashing holds no transaction."""
    form, now = NewPasswordForm(), clock.now()
    found = links.find(token, now)
    if found is None:
        return _private("accounts/link_void.html", 404)
    if not form.validate():
        return _private("accounts/new_password.html", 400, form=form, link=found, token=token)
    db.session.rollback()
    hashed = sign_in.hashed(form.password.data)
    used = links.redeem(token, now)
    if used is None:
        raise NotFound(_("This link has been used already."))
    _set(used.user, hashed, now)
    db.session.commit()
    flash(_("Your password is set. Please sign in with it."), "success")
    return redirect(url_for("accounts.session_new"))


def _set(user: User, hashed: str, now) -> None:
    """Whoever was signed in with the old password is signed out, and no other link works any more."""
    user.password_hash = hashed
    sign_in.end_all(user, now)
    links.void_all(user)
    sign_in.forgive(sign_in.account_key(user.email))
    record("user.password_set", user, by=user, at=now)
