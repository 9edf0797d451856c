"""Saved views, how lists are laid out, and lists as files."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock
from app.core.access import asks
from app.core.addresses import onward
from app.core.db import db
from app.core.errors import Invalid
from app.core.forms import maybe_id, stop_writing
from app.core.spreadsheet import to_csv
from app.core.workbook import MIMETYPE, to_xlsx

from .. import bp, queues
from ..views import actions, overview, queries
from ..views.export import Table
from ..views.forms import LayoutForm, ViewForm
from ..views.listing import Listing, opened
from ..views.models import SCOPES, SavedView
from ..views.offers import offers


@bp.get("/queues/views")
@asks("queue.read")
def view_list():
    """Every list there is for somebody, each with what waits in it."""
    person = current_user._get_current_object()
    return render_template("tickets/views.html", overview=overview.overview(person, offers(person), clock.now()),
                           cap=queues.COUNT_CAP)


@bp.get("/queues/views/new")
@asks("queue.read")
def view_new():
    listing = _described()
    form = _form(formdata=None, name=listing.view.name if listing.view is not None else "")
    return render_template("tickets/view_form.html", form=form, listing=listing, view=None)


@bp.post("/queues/views")
@asks("queue.read")
def view_create():
    listing = _described()
    form = _form()
    if not form.validate():
        return _refused(form, listing=listing, view=None)
    view = actions.save(listing, form.name.data, maybe_id(form.team.data), clock.now())
    _begin(form, view)
    db.session.commit()
    flash(_("The view “%(name)s” is saved.", name=view.name), "success")
    return redirect(url_for("tickets.view_show", view_id=view.id), 303)


@bp.get("/queues/views/<int:view_id>/edit")
@asks("view.change", of=queries.view_of)
def view_edit(view: SavedView):
    form = _form(formdata=None, name=view.name, team=str(view.team_id or ""), is_start=_is_start(view))
    return render_template("tickets/view_form.html", form=form, view=view, listing=None)


@bp.post("/queues/views/<int:view_id>")
@asks("view.change", of=queries.view_of)
def view_save(view: SavedView):
    form = _form()
    if not form.validate():
        return _refused(form, listing=None, view=view)
    actions.rename(view, form.name.data, maybe_id(form.team.data))
    _begin(form, view)
    db.session.commit()
    return redirect(url_for("tickets.view_list"), 303)


@bp.post("/queues/views/<int:view_id>/filter")
@asks("view.change", of=queries.view_of)
def view_refilter(view: SavedView):
    """It shows what is looked at from now on."""
    actions.refilter(view, _described())
    db.session.commit()
    flash(_("The view “%(name)s” is saved.", name=view.name), "success")
    return redirect(url_for("tickets.view_show", view_id=view.id), 303)


@bp.post("/queues/views/<int:view_id>/removal")
@asks("view.change", of=queries.view_of)
def view_remove(view: SavedView):
    name = view.name
    actions.remove(view)
    db.session.commit()
    flash(_("The view “%(name)s” is deleted.", name=name), "success")
    return redirect(url_for("tickets.view_list"), 303)


@bp.post("/queues/views/<int:view_id>/start")
@asks("queue.read", of=queries.view_of)
def view_start(view: SavedView):
    """One's queues begin with it."""
    actions.begin_with(current_user, view)
    db.session.commit()
    return redirect(url_for("tickets.view_list"), 303)


@bp.post("/queues/start/removal")
@asks("queue.read")
def start_remove():
    """One's queues begin with all of one's teams' tickets again."""
    actions.begin_with(current_user, None)
    db.session.commit()
    return redirect(url_for("tickets.view_list"), 303)


@bp.post("/queues/layout")
@asks("queue.read")
def layout_save():
    """Columns and density: of the view that is open, else of all lists of this person."""
    form, listing = LayoutForm(), _described()
    if not form.validate():
        raise Invalid(_("A list has no such columns or rows. Open the list again and choose from what it offers."))
    if listing.view is not None and not listing.may_change_view:
        return redirect(onward(request.form.get("next"), "/queues"), 303)
    kept = listing.view or actions.layout(listing.person)
    actions.lay_out(kept, list(form.columns.data), form.density.data)
    db.session.commit()
    return redirect(onward(request.form.get("next"), "/queues"), 303)


@bp.get("/queues/export")
@asks("queue.read")
def queue_export():
    """What the filter shows, as a file; nothing of the conversation, and no notes."""
    table = Table(_described(), clock.now())
    name = f"tickets-{clock.now():%Y-%m-%d}"
    if request.args.get("format") == "xlsx":
        return _file(to_xlsx(table.listing.title, table.head, table.rows()), MIMETYPE, f"{name}.xlsx")
    return _file(to_csv(table.head, table.rows()), "text/csv", f"{name}.csv")


def _refused(form: ViewForm, **about: Any) -> tuple[str, int]:
    stop_writing()
    return render_template("tickets/view_form.html", form=form, **about), 400


def _file(content: str | bytes, mimetype: str, name: str) -> Response:
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _described() -> Listing:
    """The list that the address of a form means."""
    scope = request.args.get("list", "")
    person = current_user._get_current_object()
    return opened(person, offers(person), request.args, scope if scope in SCOPES else "all")


def _form(**about: Any) -> ViewForm:
    """A view is shared with a team of one's own."""
    person = current_user._get_current_object()
    return ViewForm(offers(person), team_ids=sorted(person.team_ids), **about)


def _is_start(view: SavedView) -> bool:
    layout = queries.layout_of(current_user)
    return layout is not None and layout.view_id == view.id


def _begin(form: ViewForm, view: SavedView) -> None:
    if form.is_start.data:
        actions.begin_with(current_user, view)
    elif _is_start(view):
        actions.begin_with(current_user, None)
