"""Filing a request: saying it, what it is taken as, and the ticket that comes of it."""

from typing import Any

from flask import flash, make_response, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict

from app.accounts.models import User
from app.catalogue.models import RequestType
from app.channels import ways
from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.forms import Form, stop_writing
from app.core.markup import clean_line
from app.core.policy import may
from app.core.uploads import takes_files, uploads
from app.core.web import only_reads

from .. import actions, bp, fields, forms, queries
from ..actions import Request
from ..asking import box
from ..asking.box import Taken, on_offer
from ..suggestions import Suggested, while_filing
from .page import back_to


@bp.get("/tickets/new")
@asks("signed_in")
def ticket_new():
    """The box by itself; words brought along stand in it. `look`: asked for answers first. Where the desk takes no
    requests on the web, the other ways."""
    if not may(current_user, "ticket.file"):
        return render_template("tickets/other_ways.html", ways=ways.others(), addresses=ways.addresses())
    words, person = _words_brought(), _me()
    what = box.taken(MultiDict({"subject": words})) if words else Taken()
    suggested = while_filing(words, "", person, keeps=not what.may_be_confidential) if "look" in request.args else None
    return _page(what, form_for(what.kind, formdata=None, submission=forms.new_submission(), subject=words),
                 suggested=suggested)


def _words_brought() -> str:
    """What somebody typed elsewhere: a question that found no answer becomes the subject."""
    return clean_line(request.args.get("subject", ""))[:forms.LONGEST_SUBJECT]


@bp.post("/tickets/new")
@asks("ticket.file")
@only_reads
def ticket_look_any():
    """The same page with everything that was typed, what it is taken as, and articles that may answer it. While
    somebody types only the part that says what it is taken as, and nothing if that is still so."""
    what, at = box.taken(request.form), box.at_of(request.form.get("at", ""))
    if "HX-Request" in request.headers:
        return _piece(what, at)
    form = form_for(what.kind)
    suggested = while_filing(form.subject.data or "", form.body.data or "", _me(), not what.may_be_confidential)
    return _page(what, form, suggested=suggested, at=at)


def _piece(what: Taken, at: str) -> Any:
    if what.state == request.form.get("state"):
        return make_response("", 204)
    form = form_for(what.kind)
    return render_template("tickets/_kind.html", is_piece=True, **box.values(form, what, _me(), clock.now(), at))


@bp.get("/tickets/new/<slug>")
@asks("ticket.file")
def ticket_form(slug: str):
    kind = on_offer(slug)
    return _page(Taken(kind), form_for(kind, formdata=None, submission=forms.new_submission(),
                                       subject=_words_brought()), at=slug)


@bp.post("/tickets/new/<slug>")
@asks("ticket.file")
@only_reads
def ticket_look(slug: str):
    """The same page with everything that was typed, and the articles that may answer it."""
    kind = on_offer(slug)
    form = form_for(kind)
    suggested = while_filing(form.subject.data or "", form.body.data or "", _me(), not kind.is_confidential)
    return _page(Taken(kind), form, suggested=suggested, at=slug)


@bp.post("/tickets")
@takes_files
@asks("ticket.file")
def ticket_create():
    """Under the type that was chosen, else the one that the words tell. What is missing then is asked for."""
    what = box.taken(request.form)
    kind, form = what.kind, form_for(what.kind)
    is_whole = form.validate() and kind is not None
    requester = _requester(form) if is_whole else None
    if requester is None:
        return _ask_again(form)
    return _file(_asked(kind, form, requester), is_guessed=what.chosen is None)


def _ask_again(form: Form) -> tuple[str, int]:
    """The box with everything that was typed. The questions of a type that was only guessed are new to whoever sees
    them: they are asked for, not complained about."""
    stop_writing()
    what = box.taken(request.form)
    if what.kind is None and "subject" not in form.errors:
        box.missing_type(form)
    own = {fields.PREFIX + question["key"] for question in what.kind.fields} if what.kind else set()
    is_new = what.chosen is None and request.form.get("guessed") != getattr(what.kind, "slug", None)
    asks_more = is_new and bool(form.errors) and set(form.errors) <= own | {None}
    return _page(what, form, 400, at=box.at_of(request.form.get("at", "")), asks_more=asks_more)


def form_for(kind: RequestType | None, **about: Any) -> Form:
    """What this person is asked about such a request."""
    return box.form_for(kind, current_user, **about)


def _me() -> User:
    return current_user._get_current_object()


def _requester(form: Form) -> User | None:
    """Who asks: the person at the screen, or the one an agent names; None when that is not clear."""
    if not form.person.data or not may(current_user, "ticket.file_for_others"):
        return _me()
    return form.found if form.find() else None


def _asked(kind: RequestType, form: Form, requester: User) -> Request:
    """What was said; who says nothing but the subject has said it all."""
    asked = Request(kind, form.subject.data, form.body.data or form.subject.data, requester,
                    fields=fields.answers(form, kind.fields), submission=form.submission.data, files=uploads())
    if isinstance(form, forms.AgentFilingForm):
        asked.channel = form.channel.data
        if "impact" in request.form:
            asked.impact, asked.urgency = form.impact.data, form.urgency.data
    return asked


def _file(asked: Request, is_guessed: bool) -> Any:
    title = asked.request_type.title
    try:
        ticket = actions.file(asked, _me(), clock.now())
        number = ticket.number
        db.session.commit()
    except IntegrityError:
        number = _filed_already(asked.submission)
    flash(_("Your request has been filed. Its number is %(number)s. We took it as “%(kind)s”.", number=number,
            kind=title) if is_guessed else
          _("Your request has been filed. Its number is %(number)s.", number=number), "success")
    return back_to(number)


def _filed_already(submission: str | None) -> int:
    """The same form, sent twice, was done once."""
    db.session.rollback()
    number = queries.filed_by_form(current_user, submission)
    if number is None:
        raise
    return number


def _page(what: Taken, form: Form, code: int = 200, suggested: Suggested | None = None, at: str = "ask",
          asks_more: bool = False) -> tuple[str, int]:
    return render_template("tickets/new.html", suggested=suggested, asks_more=asks_more,
                           **box.values(form, what, _me(), clock.now(), at)), code
