"""Filing a request: choosing what it is about, saying it, and the ticket that comes of it."""

from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Team, User
from app.catalogue import queries as catalogue
from app.catalogue.models import RequestType
from app.core import clock
from app.core.access import asks
from app.core.db import db
from app.core.errors import NotFound
from app.core.forms import Form, stop_writing
from app.core.markup import clean_line
from app.core.policy import may
from app.core.registries import panels
from app.core.uploads import takes_files, uploads
from app.core.web import only_reads

from .. import actions, bp, fields, forms, queries
from ..actions import Request
from ..suggestions import Suggested, while_filing
from .page import back_to


@bp.get("/tickets/new")
@asks("ticket.file")
def ticket_new():
    """What it is about, in own words or by a choice; the words go on to the form. `look`: asked for answers first."""
    words, person = _words_brought(), current_user._get_current_object()
    suggested = while_filing(words, "", person) if "look" in request.args else Suggested(words)
    return render_template("tickets/new.html", request_types=catalogue.on_offer(), suggested=suggested,
                           looked="look" in request.args)


def _words_brought() -> str:
    """What somebody typed elsewhere: a question that found no answer becomes the subject."""
    return clean_line(request.args.get("subject", ""))[:forms.LONGEST_SUBJECT]


@bp.get("/tickets/new/<slug>")
@asks("ticket.file")
def ticket_form(slug: str):
    kind = on_offer(slug)
    return _page(kind, form_for(kind, formdata=None, submission=forms.new_submission(), subject=_words_brought()))


@bp.post("/tickets/new/<slug>")
@asks("ticket.file")
@only_reads
def ticket_look(slug: str):
    """The same page with everything that was typed, and the articles that may answer it."""
    kind = on_offer(slug)
    form = form_for(kind)
    suggested = while_filing(form.subject.data or "", form.body.data or "", current_user._get_current_object(),
                             not kind.is_confidential)
    return _page(kind, form, suggested=suggested)


@bp.post("/tickets")
@takes_files
@asks("ticket.file")
def ticket_create():
    kind = on_offer(request.form.get("request_type", ""))
    form = form_for(kind)
    requester = _requester(form) if form.validate() else None
    if requester is None:
        stop_writing()
        return _page(on_offer(kind.slug), form, 400)
    return _file(_asked(kind, form, requester))


def on_offer(slug: str) -> RequestType:
    """The request type, if one may file under it now. Raises NotFound."""
    kind = catalogue.by_slug(slug)
    if kind is None or not kind.is_active:
        raise NotFound()
    return kind


def form_for(kind: RequestType, **about: Any) -> Form:
    """What this person is asked about such a request."""
    base = forms.AgentFilingForm if may(current_user, "ticket.file_for_others") else forms.FilingForm
    return fields.asked_with(base, kind.fields)(impact=kind.impact, urgency=kind.urgency, channel="web", **about)


def _requester(form: Form) -> User | None:
    """Who asks: the person at the screen, or the one an agent names; None when that is not clear."""
    if not form.person.data or not may(current_user, "ticket.file_for_others"):
        return current_user._get_current_object()
    return form.found if form.find() else None


def _asked(kind: RequestType, form: Form, requester: User) -> Request:
    asked = Request(kind, form.subject.data, form.body.data, requester, fields=fields.answers(form, kind.fields),
                    submission=form.submission.data, files=uploads())
    if isinstance(form, forms.AgentFilingForm):
        asked.channel, asked.impact, asked.urgency = form.channel.data, form.impact.data, form.urgency.data
    return asked


def _file(asked: Request) -> Any:
    try:
        ticket = actions.file(asked, current_user._get_current_object(), clock.now())
        number = ticket.number
        db.session.commit()
    except IntegrityError:
        number = _filed_already(asked.submission)
    flash(_("Your request has been filed. Its number is %(number)s.", number=number), "success")
    return back_to(number)


def _filed_already(submission: str | None) -> int:
    """The same form, sent twice, was done once."""
    db.session.rollback()
    number = queries.filed_by_form(current_user, submission)
    if number is None:
        raise
    return number


def _page(kind: RequestType, form: Form, code: int = 200, suggested: Suggested | None = None) -> tuple[str, int]:
    now, person = clock.now(), current_user._get_current_object()
    draft = actions.draft(Request(kind, "", "", person), person, now)
    return render_template(
        "tickets/form.html", kind=kind, form=form, own=fields.own_fields(form, kind.fields), team=draft.team,
        panels=panels("filing", draft, person, now), readers=_readers(kind, draft.team), suggested=suggested,
    ), code


def _readers(kind: RequestType, team: Team) -> list[str]:
    """Who alone will see a confidential request."""
    if not kind.is_confidential:
        return []
    named = [access.team.title if access.team else access.user.name for access in kind.named]
    return list(dict.fromkeys([team.title, *named]))
