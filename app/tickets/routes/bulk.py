"""One deed on several tickets: asked for what it needs, done, told, and taken back."""

from typing import Any

from flask import flash, redirect, render_template, request, session
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.core import clock
from app.core.access import asks
from app.core.addresses import onward
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotFound
from app.core.forms import stop_writing
from app.core.policy import may

from .. import bp, queries, queues
from ..bulk import deeds, forms, wording
from ..bulk.models import BulkDeed
from ..bulk.verbs import VERBS, Order
from ..forms import new_submission
from ..models import Ticket
from .levels import _team
from .views import _described

LISTS = "/queues"


@bp.post("/tickets/bulk")
@asks("queue.read")
def bulk_create():
    """Done at once where the verb needs no word more, or has them; else they are asked for."""
    name, person, now = request.form.get("verb", ""), current_user._get_current_object(), clock.now()
    if name not in VERBS:
        raise Invalid(_("Choose what to do with the selected tickets."))
    numbers = _numbers(now)
    if not numbers:
        return _nothing(_("No ticket was selected."))
    chosen = _chosen(person, numbers)
    form = forms.about(name, chosen)
    if VERBS[name].asks and "sure" not in request.form:
        return _ask(name, numbers, forms.about(name, chosen, formdata=None, submission=new_submission()))
    if not form.validate():
        return _ask(name, numbers, form, 400)
    return _done(name, form, numbers, person, now)


def _numbers(now: Any) -> list[int]:
    """What was ticked, or all that the list holds, up to a bound. Raises Invalid for more than can be done at once."""
    if "all" in request.form:
        return _listed(now)
    numbers = forms.numbers()
    if len(numbers) > deeds.MOST:
        raise Invalid(_("At most %(count)s tickets at once, please.", count=deeds.MOST))
    return numbers


def _listed(now: Any) -> list[int]:
    """The first of the list that the address of the form means, in its order."""
    listing = _described()
    return queues.first_numbers(listing.condition, listing.wanted, now, deeds.MOST)


def _chosen(person: User, numbers: list[int]) -> list[Any]:
    """What the page says of the chosen tickets, of those this person sees."""
    seen = queries.visible_to(person).where(Ticket.id.in_(numbers))
    columns = (Ticket.id, Ticket.subject, Ticket.team_id, Ticket.level, Ticket.status)
    return db.session.execute(seen.with_only_columns(*columns).order_by(Ticket.id)).all()


def _ask(name: str, numbers: list[int], form: forms.BulkForm, code: int = 200, refusal: str = "") -> tuple[str, int]:
    stop_writing()
    chosen = _chosen(current_user, numbers)
    return render_template("tickets/bulk.html", verb_name=name, verb=VERBS[name], form=form, chosen=chosen,
                           refusal=refusal, missing=len(numbers) - len(chosen), back=_back(),
                           capped=len(numbers) == deeds.MOST), code


def _done(name: str, form: forms.BulkForm, numbers: list[int], person: User, now: Any) -> Any:
    """Once for each form, however often it is sent."""
    word, numbers_done = form.submission.data, _others(form, numbers)
    deed = deeds.by_form(person, word)
    if deed is not None and not deeds.is_same(deed, name, numbers_done):
        deed = word = None
    if deed is None:
        try:
            deed = deeds.do(name, _order(form, person), numbers_done, person, now, word)
            db.session.flush()
        except (Invalid, Conflict) as refused:
            return _ask(name, numbers, form, refused.code, refused.message)
        except IntegrityError:
            db.session.rollback()
            deed = deeds.by_form(person, word)
            if deed is None:
                raise
    return _told(deed)


def _told(deed: BulkDeed) -> Any:
    session["bulk"], back = deed.id, _back()
    db.session.commit()
    return redirect(back, 303)


def _order(form: forms.BulkForm, person: User) -> Order:
    """What was said, looked up."""
    said = {field.name: field.data for field in form if field.name in ("reason", "impact", "urgency", "name",
                                                                       "waits_for", "until", "body")}
    if "assignee" in form:
        chosen = form.assignee.data
        said["assignee"] = person if chosen == "me" else None if chosen == "none" else db.session.get(User, int(chosen))
    if "team" in form:
        said["team"] = _team(form)
    if "into" in form:
        said["original"] = _original(person, int(form.into.data))
    return Order(**said)


def _original(person: User, number: int) -> Ticket:
    """What the others are merged into. What this person may not see does not exist."""
    try:
        original = queries.by_number(person, number)
    except NotFound as missing:
        raise Invalid(_("There is no ticket %(number)s, or it is not yours to see.", number=number)) from missing
    if not may(person, "ticket.note", original):
        raise Invalid(_("You do not work on ticket %(number)s.", number=original.number))
    return original


def _others(form: forms.BulkForm, numbers: list[int]) -> list[int]:
    """A ticket is not merged into itself."""
    left = int(form.into.data) if "into" in form else None
    return [number for number in numbers if number != left]


@bp.get("/tickets/bulk/<int:deed_id>")
@asks("queue.read", of=deeds.own)
def bulk_show(deed):
    """All that became of it."""
    return render_template("tickets/bulk_deed.html", report=wording.report(deed, clock.now()), verb=VERBS[deed.verb])


@bp.post("/tickets/bulk/<int:deed_id>/undo")
@asks("queue.read", of=deeds.own)
def bulk_undo(deed):
    """Twice is once."""
    try:
        deeds.undo(deed, current_user._get_current_object(), clock.now())
    except Conflict as refused:
        stop_writing()
        return _nothing(refused.message)
    return _told(deed)


def _nothing(sentence: str) -> Any:
    flash(sentence, "info")
    return redirect(_back(), 303)


def _back() -> str:
    """The list from which it was done."""
    return onward(request.form.get("next"), LISTS)


@bp.record_once
def _offer(state: Any) -> None:
    """What the bar under a list is drawn from."""
    state.app.jinja_env.globals.update(bulk_verbs=VERBS, bulk_most=deeds.MOST, new_submission=new_submission)


@bp.app_template_global("bulk_report")
def bulk_report() -> wording.Report | None:
    """What is to be said of the deed that was just done, once."""
    deed_id = session.pop("bulk", None)
    if deed_id is None:
        return None
    try:
        return wording.report(deeds.own(current_user, deed_id), clock.now())
    except NotFound:
        return None
