"""The pages of clients: the list, an organisation, a person; with what other rooms gather of them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock, edits, paging
from app.core.access import asks
from app.core.db import db
from app.core.errors import NotFound
from app.core.forms import stop_writing
from app.core.markup import clean_line, render
from app.core.policy import may
from app.core.registries import panels

from .. import bp, clients
from ..client_forms import BelongingForm, OrganisationForm
from ..clients import Client
from ..models import Organisation, User
from ..policy import behind

FRESH = {"name": "", "domains": [], "notes": "", "is_active": True}
an_organisation = behind("client.read", clients.organisation)
a_client = behind("client.read", clients.of_organisation)
a_person = behind("client.read", clients.of_person)


@bp.get("/clients")
@asks("client.read")
def client_list():
    """Organisations by name; with words typed also people."""
    text = clean_line(request.args.get("q", ""))[:100]
    found = paging.page(clients.organisations(text), [(Organisation.name, "asc"), (Organisation.id, "asc")],
                        request.args.get("after"))
    people = paging.page(clients.people(text), [(User.name, "asc"), (User.id, "asc")], None).rows if text else []
    return render_template("accounts/clients.html", may_change=_may_change(), q=text, page=found, people=people)


@bp.get("/clients/new")
@asks("client.change")
def client_new():
    return _form_page(None, OrganisationForm(formdata=None, seen=edits.fingerprint(FRESH)))


@bp.post("/clients/new")
@asks("client.change")
def client_create():
    form, made = OrganisationForm(), []
    code = edits.save(form, FRESH, lambda: made.append(clients.create(form.facts(), _me(), clock.now())))
    if code:
        stop_writing()
        return _form_page(None, form), code
    return _saved(made[0].slug)


@bp.get("/clients/<slug>")
@asks("client.read", of=a_client)
def client_show(client: Client):
    people = paging.page(clients.people_of(client.organisation.id), [(User.name, "asc"), (User.id, "asc")],
                         request.args.get("people"))
    return render_template("accounts/client.html", may_change=_may_change(), client=client, people=people, notes=render,
                           panels=panels("client", client, _me(), clock.now()))


@bp.get("/clients/<slug>/edit")
@asks("client.change", of=an_organisation)
def client_edit(organisation: Organisation):
    stored = clients.facts(organisation)
    form = OrganisationForm(formdata=None, seen=edits.fingerprint(stored),
                            **stored | {"domains": "\n".join(stored["domains"])})
    return _form_page(organisation, form)


@bp.post("/clients/<slug>/edit")
@asks("client.change", of=an_organisation)
def client_save(organisation: Organisation):
    form, slug = OrganisationForm(), organisation.slug
    code = edits.save(form, clients.facts(organisation),
                      lambda: clients.change(organisation, form.facts(), _me(), clock.now()))
    if code:
        stop_writing()
        return _form_page(clients.organisation(slug), form), code
    return _saved(slug)


def _saved(slug: str) -> Any:
    db.session.commit()
    flash(_("The client was saved."), "success")
    return redirect(url_for("accounts.client_show", slug=slug), 303)


def _form_page(organisation: Organisation | None, form: OrganisationForm) -> str:
    return render_template("accounts/client_form.html", organisation=organisation, form=form)


@bp.get("/clients/people/<int:user_id>")
@asks("client.read", of=a_person)
def client_person(client: Client):
    form = BelongingForm(formdata=None, organisation=client.person.organisation.slug if client.person.organisation
                         else "")
    form.organisation.choices = [("", _("None")), *clients.named(client.person.organisation)]
    return render_template("accounts/client_person.html", client=client, person=client.person, form=form,
                           may_change=_may_change(),
                           panels=panels("client", client, _me(), clock.now()))


@bp.post("/clients/people/<int:user_id>/organisation")
@asks("client.change", of=a_person)
def client_belong(client: Client):
    form, user_id = BelongingForm(), client.person.id
    slug = form.organisation.data or ""
    if slug and slug not in dict(clients.named(client.person.organisation)):
        raise NotFound()
    clients.belong(client.person, slug, _me(), clock.now())
    db.session.commit()
    return redirect(url_for("accounts.client_person", user_id=user_id), 303)


@bp.post("/clients/people/<int:user_id>/reachable")
@asks("client.read", of=a_person)
def client_reachable(client: Client):
    """Somebody has seen to the address: mail may go there again."""
    user_id = client.person.id
    clients.arrives_again(client.person, _me(), clock.now())
    db.session.commit()
    return redirect(url_for("accounts.client_person", user_id=user_id), 303)


def _me() -> User:
    return current_user._get_current_object()


def _may_change() -> bool:
    return may(current_user, "client.change")
