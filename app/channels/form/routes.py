"""The pages of the web form: it is filled in, confirmed by the link in a mail, and shows the number of the ticket.

The form may stand in a frame of the sites an administrator names; the page behind the link may not.
"""

from datetime import datetime
from typing import Any

from flask import g, make_response, render_template, request
from flask_babel import refresh
from sqlalchemy.exc import IntegrityError

from app.core import clock, i18n, relay
from app.core.access import asks
from app.core.db import db
from app.core.errors import NotAllowed, NotFound, TooMany
from app.core.forms import stop_writing
from app.core.pace import Pace
from app.core.web import csrf

from .. import bp
from ..ways import is_on
from . import actions, limits
from .forms import PublicForm, public_form
from .models import FormRequest
from .settings import form as settings

SENDINGS = Pace(10)
"""A minute, from one address of the network."""


def _begin(framed: bool) -> None:
    """The language of the address, who may frame the page. Raises NotFound where the form is switched off."""
    if request.args.get("lang") in i18n.LANGUAGES:
        g.language = request.args["lang"]
        refresh()
    if not is_on("form"):
        raise NotFound()
    if framed and settings.sites:
        g.frame_ancestors = " ".join(settings.sites)


@bp.get("/form")
@asks("public")
def form_new():
    _begin(framed=True)
    return _page(public_form(formdata=None))


@bp.post("/form")
@csrf.exempt
@asks("public")
def form_create():
    """The same answer whether or not the address is known, and to a program that has filled in what people do not
    see. What was typed survives each refusal."""
    _begin(framed=True)
    form, now, host = public_form(), clock.now(), request.remote_addr or ""
    try:
        SENDINGS.spend(host)
        if not form.validate():
            return _again(form, 400)
        if not form.website.data:
            limits.refuse_too_many(form.address.data, host, now)
            actions.keep(form, i18n.language(), now)
            db.session.commit()
    except TooMany as refused:
        form.form_errors.append(refused.message)
        return _again(form, 429)
    stop_writing()
    return render_template("form/sent.html", address=form.address.data)


def _again(form: PublicForm, code: int) -> tuple[str, int]:
    stop_writing()
    return _page(form, code)


def _page(form: PublicForm, code: int = 200) -> tuple[str, int]:
    """Without a relay no address can be confirmed, so nothing is taken."""
    can_mail = relay.is_set()
    return render_template("form/new.html", form=form, can_mail=can_mail, intro=i18n.localized(settings.intro)), (
        code if can_mail else 503)


@bp.get("/form/<token>")
@asks("public")
def form_confirmation_new(token: str):
    """Looking files nothing: mail scanners look too."""
    _begin(framed=False)
    return _shown(_found(token), token, clock.now())


@bp.post("/form/<token>")
@asks("public")
def form_confirmation_create(token: str):
    _begin(framed=False)
    found, now = _found(token), clock.now()
    if found.confirmed_at is None and found.expires_at > now:
        try:
            found = _confirmed(token, now)
        except NotAllowed as refused:
            return _private("form/void.html", 403, said=refused.message)
    return _shown(found, token, now)


def _confirmed(token: str, now: datetime, again: bool = True) -> FormRequest:
    """Two requests of one new address, confirmed at the same moment, make the same customer: the later one finds it."""
    found = _found(token)
    try:
        actions.confirm(found, now)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        if not again:
            raise
        return _confirmed(token, now, again=False)
    return found


def _found(token: str) -> FormRequest:
    """Raises NotFound for a link that is none, or is forgotten."""
    found = actions.find(token)
    if found is None:
        raise NotFound()
    return found


def _shown(found: FormRequest, token: str, now: datetime) -> Any:
    """What the link means now: filed, too late, or still to be confirmed."""
    if found.confirmed_at is not None:
        return _private("form/filed.html", number=found.ticket_id)
    if found.expires_at <= now:
        return _private("form/void.html", 410)
    return _private("form/confirm.html", asked=found, token=token)


def _private(template: str, code: int = 200, **values: Any) -> Any:
    """A page whose address is a secret: the Referer names the host alone."""
    stop_writing()
    response = make_response(render_template(template, **values), code)
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
