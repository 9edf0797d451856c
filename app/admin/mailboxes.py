"""Mailboxes: the list, setting one up, trying it, letting the desk into one at Google or Microsoft."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.accounts import queries
from app.accounts.policy import behind
from app.catalogue import queries as catalogue
from app.channels.email import mailboxes
from app.channels.email.fetching import oauth, trial
from app.channels.email.fetching.explaining import explained
from app.channels.email.fetching.source import FIELDS, Source, source
from app.channels.email.models import Mailbox
from app.core import clock, edits
from app.core.access import asks
from app.core.db import db
from app.core.errors import Invalid
from app.core.web import only_reads

from . import bp, saving
from .mailbox_forms import FRESH, WAYS, MailboxForm, filled, mailbox_form

CONSENT_SECONDS = 900
a_mailbox = behind("desk.administer", mailboxes.by_id)


@bp.get("/admin/mailboxes")
@asks("desk.administer")
def mailbox_list():
    return render_template("admin/mailboxes.html", mailboxes=mailboxes.every(), ways=WAYS)


@bp.get("/admin/mailboxes/new")
@asks("desk.administer")
def mailbox_new():
    return _page(None, filled(_form(), FRESH))


@bp.post("/admin/mailboxes/new")
@asks("desk.administer")
def mailbox_create():
    return _save(Mailbox(), FRESH)


@bp.get("/admin/mailboxes/<int:mailbox_id>")
@asks("desk.administer", of=a_mailbox)
def mailbox_edit(mailbox: Mailbox):
    return _page(mailbox, filled(_form(mailbox), mailboxes.facts(mailbox)))


@bp.post("/admin/mailboxes/<int:mailbox_id>")
@asks("desk.administer", of=a_mailbox)
def mailbox_save(mailbox: Mailbox):
    return _save(mailbox, mailboxes.facts(mailbox))


def _save(mailbox: Mailbox, stored: edits.Facts) -> Any:
    form, now, is_new = _form(mailbox)(), clock.now(), mailbox.id is None
    return saving.answer(
        form, stored, lambda: mailboxes.change(mailbox, form.facts(stored, now), form.secrets(), current_user, now),
        again=lambda: _page(None if is_new else mailbox, form), done=_("The mailbox was saved."),
        onward=lambda: redirect(url_for("admin.mailbox_edit", mailbox_id=mailbox.id)))


@bp.post("/admin/mailboxes/new/trial")
@asks("desk.administer")
@only_reads
def mailbox_try_new():
    return _try(None, FRESH)


@bp.post("/admin/mailboxes/<int:mailbox_id>/trial")
@asks("desk.administer", of=a_mailbox)
@only_reads
def mailbox_try(mailbox: Mailbox):
    return _try(mailbox, mailboxes.facts(mailbox))


def _try(mailbox: Mailbox | None, stored: edits.Facts) -> Any:
    """With what is in the form; nothing is saved, and no transaction is open while the server is asked."""
    form, now = _form(mailbox)(), clock.now()
    if not form.validate():
        return _page(mailbox, form), 400
    told = _as_source(mailbox or Mailbox(), form.facts(stored, now), form.secrets())
    db.session.rollback()
    return _page(mailbox, form, trial.attempt(told, now))


def _as_source(mailbox: Mailbox, wanted: edits.Facts, given: dict[str, str]) -> Source:
    """A stored password goes to the server for which it was given, and to no other."""
    is_same = all(getattr(mailbox, name) == wanted[name] for name in mailboxes.PLACE)
    place = {"uid_validity": mailbox.uid_validity, "last_uid": mailbox.last_uid} if is_same else {}
    kept = mailboxes.secrets(mailbox) if mailbox.secrets and mailboxes.same_server(mailbox, wanted) else {}
    return Source(id=mailbox.id or 0, **{name: wanted[name] for name in FIELDS if name in wanted}, **place,
                  secrets=kept | given)


@bp.post("/admin/mailboxes/<int:mailbox_id>/removal")
@asks("desk.administer", of=a_mailbox)
def mailbox_remove(mailbox: Mailbox):
    mailboxes.remove(mailbox, current_user, clock.now())
    db.session.commit()
    flash(_("The mailbox was removed."), "success")
    return redirect(url_for("admin.mailbox_list"))


@bp.get("/admin/mailboxes/<int:mailbox_id>/consent")
@asks("desk.administer", of=a_mailbox)
def mailbox_ask_consent(mailbox: Mailbox):
    """To the page of the provider, on which the owner of the mailbox agrees."""
    _refuse_password(mailbox)
    return redirect(oauth.consent_url(source(mailbox), _way_back(mailbox), _consents().dumps(_asked(mailbox.id))))


@bp.get("/admin/mailboxes/<int:mailbox_id>/oauth")
@asks("desk.administer", of=a_mailbox)
def mailbox_consent(mailbox: Mailbox):
    """Where the provider sends its answer. Reading it changes nothing: a button does."""
    _refuse_password(mailbox)
    refused = request.args.get("error_description") or request.args.get("error") or ""
    return render_template("admin/mailbox_consent.html", mailbox=mailbox, refused=refused[:300],
                           code=request.args.get("code", ""), state=request.args.get("state", ""))


@bp.post("/admin/mailboxes/<int:mailbox_id>/oauth")
@asks("desk.administer", of=a_mailbox)
def mailbox_connect(mailbox: Mailbox):
    """The provider is asked between two transactions, so that no lock waits for it."""
    _refuse_password(mailbox)
    told, back, mailbox_id = source(mailbox), _way_back(mailbox), mailbox.id
    _refuse_foreign(mailbox_id)
    db.session.rollback()
    try:
        token = oauth.exchange(told, request.form.get("code", ""), back)
    except (oauth.Withdrawn, OSError) as error:
        flash(explained(error, told), "error")
        return redirect(url_for("admin.mailbox_edit", mailbox_id=mailbox_id))
    mailboxes.connect(mailboxes.by_id(mailbox_id), {"refresh_token": token}, current_user, clock.now())
    db.session.commit()
    flash(_("The desk may read this mailbox now."), "success")
    return redirect(url_for("admin.mailbox_edit", mailbox_id=mailbox_id))


def _refuse_password(mailbox: Mailbox) -> None:
    if mailbox.way != "imap" or mailbox.sign_in not in oauth.PROVIDERS:
        raise Invalid(_("This mailbox is read with a password."))


def _way_back(mailbox: Mailbox) -> str:
    return current_app.config["BASE_URL"] + url_for("admin.mailbox_consent", mailbox_id=mailbox.id)


def _consents() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="consent of a mailbox")


def _asked(mailbox_id: int) -> list[int]:
    return [mailbox_id, current_user.id]


def _refuse_foreign(mailbox_id: int) -> None:
    """Only an answer to what this person asked for, a moment ago. Raises Invalid."""
    try:
        asked = _consents().loads(request.form.get("state", ""), max_age=CONSENT_SECONDS)
    except BadSignature:
        asked = None
    if asked != _asked(mailbox_id):
        raise Invalid(_("This answer belongs to no question of yours, or came too late. Please begin again."))


def _form(mailbox: Mailbox | None = None) -> type[MailboxForm]:
    """To choose from is what is in use, and what the mailbox has already: saving something else changes neither."""
    had = (mailbox.team_id, mailbox.request_type_id) if mailbox is not None else (None, None)
    return mailbox_form([team for team in queries.teams() if team.is_active or team.id == had[0]],
                        [kind for kind in catalogue.all_of_them() if kind.is_active or kind.id == had[1]])


def _page(mailbox: Mailbox | None, form: MailboxForm, outcome: trial.Outcome | None = None) -> str:
    return render_template("admin/mailbox.html", mailbox=mailbox, form=form, outcome=outcome,
                           has_mail=mailbox is not None and mailboxes.has_mail(mailbox),
                           way_back=_way_back(mailbox) if mailbox else "")
