"""Writing down a call or a visit: a page that one key opens, where who it was is found while the name is typed."""

from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from app.accounts import customers
from app.accounts.models import User
from app.catalogue import queries as catalogue
from app.channels.ways import WAYS, channels
from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotAllowed, NotFound
from app.core.forms import stop_writing
from app.core.markup import clean_line
from app.core.policy import may

from .. import bp, callers, calls, forms, policy, queries
from ..call_forms import CallForm, TicketCallForm
from ..calls import Call
from ..models import Ticket
from .filing import on_offer
from .page import back_to

LONGEST_ASKED = 100
REFUSED = (Invalid, Conflict, NotAllowed)


def way_on(person: Any, way: str) -> str:
    """A way that is switched on, for who writes down what others say. Raises NotFound."""
    if way not in calls.SPOKEN or not may(person, f"call.{way}"):
        raise NotFound()
    return way


def called_about(person: Any, number: int, way: str) -> Ticket:
    """The ticket of an address under a way. Raises NotFound."""
    way_on(person, way)
    return queries.by_number(person, number)


@bp.get("/calls/<way>")
@asks("ticket.file_for_others", of=way_on)
def call_new(way: str):
    usual = callers.usual()
    form = _form(formdata=None, submission=forms.new_submission(), request_type=usual.slug if usual else None)
    return _page(way, form)


@bp.post("/calls/<way>")
@asks("ticket.file_for_others", of=way_on)
def call_create(way: str):
    """The text is kept whatever is wrong: who called has hung up."""
    form = _form()
    is_fine, is_clear = form.validate(), form.find()
    if not (is_fine and is_clear):
        return _again(way, form, 400)
    try:
        return _taken_down(way, form)
    except REFUSED as refused:
        form.form_errors.append(refused.message)
        return _again(way, form, refused.code)
    except IntegrityError:
        return _taken_down_already(form)


def _taken_down(way: str, form: CallForm) -> Any:
    by, now = current_user._get_current_object(), clock.now()
    kind, who = on_offer(form.request_type.data), form.found or _entered(form, by, now)
    call = Call(way, who, form.body.data, form.told.data or "", form.is_solved.data, form.submission.data)
    number = calls.take_down(call, kind, form.subject.data, by, now).number
    db.session.commit()
    flash(_("It was written down. Its number is %(number)s.", number=number), "success")
    return back_to(number)


def _entered(form: CallForm, by: User, now: Any) -> User:
    """A customer made of who is not known yet."""
    if not channels.enter_callers:
        raise NotAllowed(_("Only people who are known can be named here."))
    if form.address.data:
        return customers.customer_of(form.address.data, form.person.data, now, by, form.number.data)
    return customers.caller(form.person.data, form.number.data, now, by)


def _taken_down_already(form: CallForm) -> Any:
    """The same form, sent twice, was done once."""
    db.session.rollback()
    number = queries.filed_by_form(current_user, form.submission.data)
    if number is None:
        raise
    return back_to(number)


def _form(**about: Any) -> CallForm:
    form = CallForm(**about)
    form.request_type.choices = [(kind.slug, kind.title) for kind in catalogue.on_offer()]
    return form


def _again(way: str, form: CallForm, code: int) -> tuple[str, int]:
    stop_writing()
    return _page(way, form, code)


def _page(way: str, form: CallForm, code: int = 200) -> tuple[str, int]:
    person = current_user._get_current_object()
    known = form.found or _known(form)
    return render_template("tickets/call.html", way=way, title=WAYS[way].label, form=form, known=known,
                           open=callers.under_way(person, known) if known else None,
                           may_enter=channels.enter_callers), code


def _known(form: CallForm) -> User | None:
    """Who was chosen before something else was refused."""
    return callers.caller(form.person_id.data) if form.person_id.data is not None and not form.person.errors else None


@bp.get("/calls/people")
@asks("ticket.file_for_others")
def caller_list():
    """A piece of the page while somebody types: people, and the offer to enter a new one."""
    text = clean_line(request.args.get("q", ""))[:LONGEST_ASKED]
    return render_template("tickets/_callers.html", people=callers.found(text), where=callers.where, text=text,
                           may_enter=channels.enter_callers)


@bp.get("/calls/people/<int:user_id>")
@asks("ticket.file_for_others")
def caller_show(user_id: int):
    """A piece of the page: what this person has under way, to write the call down there instead."""
    user = callers.caller(user_id)
    way = request.args.get("way")
    return render_template("tickets/_caller_open.html", known=user, way=way if way in calls.SPOKEN else "phone",
                           open=callers.under_way(current_user._get_current_object(), user))


@bp.get("/tickets/<int:number>/calls/<way>")
@asks("ticket.log_call", of=called_about)
def ticket_call_new(ticket: Ticket):
    form = TicketCallForm(formdata=None, submission=forms.new_submission(), who=ticket.requester_id)
    return _ticket_page(ticket, form)


@bp.post("/tickets/<int:number>/calls/<way>")
@asks("ticket.log_call", of=called_about)
def ticket_call_create(ticket: Ticket):
    form, number = TicketCallForm(), ticket.number
    people = {user.id: user for user in callers.outside(ticket, current_user)}
    form.take_people(list(people.values()))
    if not form.validate():
        return _ticket_again(number, form, 400)
    try:
        _log(ticket, form, people[form.who.data])
    except REFUSED as refused:
        form.form_errors.append(refused.message)
        return _ticket_again(number, form, refused.code)
    except IntegrityError:
        _logged_already(form)
    return back_to(number)


def _log(ticket: Ticket, form: TicketCallForm, who: User) -> None:
    call = Call(_way(), who, form.body.data or "", form.told.data or "", form.is_solved.data, form.submission.data)
    calls.log(ticket, call, current_user._get_current_object(), clock.now())
    db.session.commit()


def _logged_already(form: TicketCallForm) -> None:
    """The same form, sent twice, was done once."""
    db.session.rollback()
    if not callers.is_written_down(current_user, form.submission.data):
        raise


def _way() -> str:
    return request.view_args["way"]


def _ticket_again(number: int, form: TicketCallForm, code: int) -> tuple[str, int]:
    stop_writing()
    return _ticket_page(queries.for_page(current_user, number), form, code)


def _ticket_page(ticket: Ticket, form: TicketCallForm, code: int = 200) -> tuple[str, int]:
    person = current_user._get_current_object()
    form.take_people(callers.outside(ticket, person))
    return render_template("tickets/ticket_call.html", ticket=ticket, way=_way(), title=WAYS[_way()].label, form=form,
                           may_solve=policy.is_offered(person, "ticket.resolve", ticket)), code
