"""What stands beside a ticket: tags, watchers, links, and merging."""

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.errors import Invalid, NotFound
from app.core.policy import may

from .. import actions, bp, forms, queries
from ..models import Ticket
from .acts import Act, done, new
from .page import again, in_address, onwards, saved

WATCHERS = Act("watchers", _l("Add a watcher"), _l("Add"), lambda ticket, **about: forms.PersonForm(**about),
               _l("A watcher sees the request and what is said to the requester, and may answer; notes stay hidden."))
LINKS = Act("links", _l("Link another ticket"), _l("Link"), lambda ticket, **about: forms.LinkForm(**about))
MERGE = Act("merge", _l("Merge into another ticket"), _l("Merge"), lambda ticket, **about: forms.NumberForm(**about),
            _l("This ticket is closed as a duplicate; answers of its requester go to the other one."), kind="danger")


@bp.post("/tickets/<int:number>/tags")
@asks("ticket.tag", of=queries.by_number)
def tag_create(ticket):
    form = forms.TagForm()
    if not form.validate():
        return again(ticket.number, 400, tag_form=form)
    actions.tag(ticket, form.name.data, current_user)
    return saved(ticket)


@bp.post("/tickets/<int:number>/tags/<name>/removal")
@asks("ticket.tag", of=in_address)
def tag_remove(ticket):
    actions.untag(ticket, request.view_args["name"], current_user)
    return saved(ticket)


@bp.post("/tickets/<int:number>/watch")
@asks("ticket.watch", of=queries.by_number)
def watch_create(ticket):
    actions.watch(ticket, current_user._get_current_object(), current_user, clock.now())
    return saved(ticket)


@bp.post("/tickets/<int:number>/watch/removal")
@asks("ticket.watch", of=queries.by_number)
def watch_remove(ticket):
    actions.unwatch(ticket, current_user, current_user, clock.now())
    number = ticket.number
    db.session.commit()
    return onwards(number)


@bp.get("/tickets/<int:number>/watchers")
@asks("ticket.add_watcher", of=queries.for_page)
def watcher_new(ticket):
    return new(WATCHERS, ticket)


@bp.post("/tickets/<int:number>/watchers")
@asks("ticket.add_watcher", of=queries.by_number)
def watcher_create(ticket):
    def add(form: forms.PersonForm) -> None:
        if not form.find():
            raise Invalid()
        actions.watch(ticket, form.found, current_user, clock.now())

    return done(WATCHERS, ticket, add)


@bp.get("/tickets/<int:number>/links")
@asks("ticket.link", of=queries.for_page)
def link_new(ticket):
    return new(LINKS, ticket)


@bp.post("/tickets/<int:number>/links")
@asks("ticket.link", of=queries.by_number)
def link_create(ticket):
    return done(LINKS, ticket,
                lambda form: actions.link(ticket, _other(form.other), form.kind.data, current_user))


def _other(number: int) -> Ticket:
    """The ticket at the other end. What this person may not see does not exist."""
    try:
        return queries.by_number(current_user, number)
    except NotFound as missing:
        raise Invalid(_("There is no ticket %(number)s, or it is not yours to see.", number=number)) from missing


@bp.post("/tickets/<int:number>/links/<int:link_id>/removal")
@asks("ticket.link", of=in_address)
def link_remove(ticket):
    actions.unlink(ticket, queries.link(current_user, ticket, request.view_args["link_id"]), current_user)
    return saved(ticket)


@bp.get("/tickets/<int:number>/merge")
@asks("ticket.merge", of=queries.for_page)
def merge_new(ticket):
    return new(MERGE, ticket)


@bp.post("/tickets/<int:number>/merge")
@asks("ticket.merge", of=queries.by_number)
def merge_create(ticket):
    def merge(form: forms.NumberForm) -> None:
        original = _other(form.other)
        if not may(current_user, "ticket.note", original):
            raise Invalid(_("You do not work on ticket %(number)s.", number=original.number))
        actions.merge(ticket, original, current_user, clock.now())

    return done(MERGE, ticket, merge)
