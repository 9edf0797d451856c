"""Request types: the list, and the page on which one is made or changed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import queries as people
from app.accounts.models import User
from app.accounts.policy import behind
from app.core import clock, edits
from app.core.access import asks
from app.core.db import db
from app.core.forms import stop_writing

from .. import actions, bp, queries
from ..forms import RequestTypeForm, filled, request_type_form
from ..models import RequestType
from ..vocabulary import KINDS

a_request_type = behind("desk.administer", queries.request_type)


@bp.get("/admin/request-types")
@asks("desk.administer")
def request_type_list():
    return render_template("catalogue/request_types.html", request_types=queries.all_of_them(),
                           kind_names=KINDS)


@bp.get("/admin/request-types/new")
@asks("desk.administer")
def request_type_new():
    return _page(None, filled(actions.FRESH, [], people.teams()))


@bp.post("/admin/request-types/new")
@asks("desk.administer")
def request_type_create():
    return _save(RequestType(named=[]), actions.FRESH)


@bp.get("/admin/request-types/<slug>")
@asks("desk.administer", of=a_request_type)
def request_type_edit(kind: RequestType):
    facts = actions.request_type_facts(kind)
    return _page(kind, filled(facts, _addresses(facts["named_people"]), people.teams()))


@bp.post("/admin/request-types/<slug>")
@asks("desk.administer", of=a_request_type)
def request_type_save(kind: RequestType):
    return _save(kind, actions.request_type_facts(kind))


def _save(kind: RequestType, stored: edits.Facts) -> Any:
    form, now, is_new = request_type_form(people.teams()), clock.now(), kind.id is None
    code = edits.save(form, stored, lambda: _change(kind, form, now))
    if code:
        stop_writing()
        return _page(None if is_new else kind, form), code
    db.session.commit()
    flash(_("The request type was saved."), "success")
    return redirect(url_for("catalogue.request_type_edit", slug=kind.slug))


def _change(kind: RequestType, form: RequestTypeForm, now: datetime) -> None:
    actions.change_request_type(kind, form.facts(people.ids_of(form.named_people.addresses)), current_user, now)


def _addresses(ids: list[int]) -> list[str]:
    return list(db.session.scalars(sa.select(User.email).where(User.id.in_(ids)).order_by(User.email)))


def _page(kind: RequestType | None, form: RequestTypeForm) -> str:
    return render_template("catalogue/request_type.html", kind=kind, form=form)
