"""Signing in and out, and choosing a language."""

from datetime import datetime
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user
from flask_wtf.csrf import generate_csrf

from app.core import clock, kept
from app.core.access import asks
from app.core.addresses import onward
from app.core.db import db
from app.core.errors import Invalid
from app.core.events import record
from app.core.forms import show_again
from app.core.i18n import LANGUAGES

from .. import bp, queries, sign_in
from ..forms import SignInForm
from ..models import User


@bp.get("/session")
@asks("public")
def session_new():
    onwards = onward(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(onwards)
    return render_template("accounts/sign_in.html", form=SignInForm(formdata=None, next=onwards))


@bp.post("/session")
@asks("public")
def session_create():
    """The try is counted and committed first; the slow comparison then holds no transaction."""
    form, now = SignInForm(), clock.now()
    if not form.validate():
        return show_again("accounts/sign_in.html", form=form)
    account = sign_in.account_key(form.email.data)
    sign_in.spend_try({account: sign_in.TRIES_PER_ACCOUNT, _address_key(): sign_in.TRIES_PER_ADDRESS}, now)
    user_id, stored = _account(form.email.data)
    db.session.commit()
    if not sign_in.is_right(form.password.data, stored):
        return _refused(form)
    user = db.session.get(User, user_id)
    sign_in.forgive(account)
    sign_in.forgive_one(_address_key(), now)
    enter(user, now, form.remember.data)
    record("user.signed_in", user, by=user, at=now)
    db.session.commit()
    return _go_on(form, user_id)


def _go_on(form: SignInForm, user_id: int) -> Any:
    """To the page that was asked for, or to what this very person was writing when the session ended."""
    written = kept.unsealed(form.kept.data)
    if written is None:
        return redirect(onward(form.next.data))
    if written.owner != user_id:
        flash(_("What somebody else was writing here was not sent and is not shown to you."), "info")
        return redirect(onward(form.next.data))
    return kept.show(written, 200, _("You were signed out while you were writing, so nothing was sent yet."))


def ask_writer() -> tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Who sends a form after the session has ended: the sign-in page keeps what they wrote."""
    written = kept.of_request()
    if written is None:
        abort(401)
    form = SignInForm(formdata=None, kept=kept.sealed(written))
    return (*show_again("accounts/sign_in.html", 401, form=form, written=written), {kept.REFUSED: "signed-out"})


@bp.get("/session/form-token")
@asks("public")
def form_token_show():
    """For the script of a page that was drawn before: who is signed in now, and a token for their forms."""
    return {"person": current_user.id if current_user.is_authenticated else None, "token": generate_csrf()}


def _address_key() -> str:
    return f"sign_in@{request.remote_addr}"


def _account(email: str) -> tuple[int | None, str | None]:
    """Plain columns: loading a person asks for the teams too, which a clock could tell from loading nobody."""
    return queries.password_of(email) or (None, None)


def _refused(form: SignInForm) -> tuple[str, int]:
    """The same for a wrong password, an unknown address and an account without a password."""
    form.form_errors.append(_("The e-mail address or the password is not right."))
    return show_again("accounts/sign_in.html", 401, form=form)


def enter(user: User, now: datetime, remember: bool) -> None:
    """Sign a person in under a new token; of the session before only the language lives on and the mark of its
    searches, since who found nothing signs in to ask."""
    if current_user.is_authenticated:
        sign_in.end(current_user.sign_in_token, now)
    spoken, mark = session.get("language"), session.get("visitor")
    session.clear()
    session.permanent = remember
    if mark:
        session["visitor"] = mark
    if spoken and not user.language:
        session["language"] = spoken
    session["csrf_token"] = sign_in.form_token(user)
    g.pop("csrf_token", None)
    user.sign_in_token = sign_in.begin(user, now, request.remote_addr or "", request.user_agent.string)
    login_user(user)


@bp.post("/session/end")
@asks("public")
def session_end():
    """Harmless when nobody is signed in: the second click of two."""
    if current_user.is_authenticated:
        sign_in.end(current_user.sign_in_token, clock.now())
        db.session.commit()
    session.clear()
    return redirect(url_for("accounts.session_new"))


@bp.post("/language")
@asks("public")
def language_change():
    chosen = request.form.get("language")
    if chosen not in LANGUAGES:
        raise Invalid(_("The desk does not speak this language."))
    session["language"] = chosen
    if current_user.is_authenticated:
        current_user.language = chosen
        db.session.commit()
    return redirect(onward(request.form.get("next")))
