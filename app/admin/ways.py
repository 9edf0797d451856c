"""The ways in: which are open, what each means, and how the web form works."""

import re
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from wtforms import BooleanField
from wtforms.validators import ValidationError

from app.channels.email.models import Mailbox
from app.channels.form.settings import form as public_form
from app.channels.ways import WAYS, channels, is_on
from app.core import clock, edits, relay
from app.core.access import asks
from app.core.db import db
from app.core.edits import Facts, Guarded, Subject
from app.core.events import record
from app.core.forms import Area, Checks, Whole, at_most, between, in_each_language, required, said, spoken
from app.core.settings import SettingRow, Settings
from app.tickets import inbound_form

from . import bp, saving

MOST_SITES = 20
SITE = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?::\d{1,5})?")
SHOWN = [name for name, way in WAYS.items() if way.is_shown]
BOOLEANS = (*SHOWN, "enter_callers")


class WaysForm(Guarded):
    """A switch for each way that can be switched."""

    enter_callers = BooleanField(_l("Agents may enter who is not known yet"), description=_l(
        "Who calls or comes becomes a customer, with an address, a number or only a name."))


for _name in SHOWN:
    setattr(WaysForm, _name, BooleanField(WAYS[_name].label, description=WAYS[_name].words))


class Sites(Area):
    """Addresses of sites, one per line; `origins` is the list, written as browsers compare them."""

    origins: list[str] = []

    def pre_validate(self, form: Any) -> None:
        self.origins = list(dict.fromkeys(word.lower().rstrip("/") for word in (self.data or "").split()))
        wrong = next((origin for origin in self.origins if not SITE.fullmatch(origin)), None)
        if wrong is not None:
            raise ValidationError(_("“%(text)s” is not the address of a site, like https://www.example.com.",
                                    text=wrong))
        if len(self.origins) > MOST_SITES:
            raise ValidationError(_("At most %(count)s sites, please.", count=MOST_SITES))


class PublicFormForm(Guarded, in_each_language("intro", lambda language: _l(
        "What stands above it (%(language)s)", language=language), Area, 1000)):
    """How the web form works."""

    request_types = Checks(_l("What may be asked for"), description=_l(
        "With none or one there is nothing to choose. Confidential kinds are left out: until it is confirmed a request "
        "waits where nobody guards it."), coerce=int)
    sites = Sites(_l("Sites that may show the form in a frame"), [at_most(4000)], description=_l(
        "One address per line, like https://www.example.com. With none the form stands by itself only."))
    per_hour = Whole(_l("Requests that the desk takes in an hour"), [required(), between(1, 10_000)])


@bp.get("/admin/ways")
@asks("desk.administer")
def way_list():
    stored = _switches()
    return _list(WaysForm(formdata=None, seen=edits.fingerprint(stored), **stored))


@bp.post("/admin/ways")
@asks("desk.administer")
def way_save():
    form, now = WaysForm(), clock.now()
    wanted = {name: form[name].data for name in BOOLEANS}
    return saving.answer(form, _switches(), lambda: _change(channels, wanted, now), again=lambda: _list(form),
                         onward=lambda: redirect(url_for("admin.way_list"), 303), done=_("The settings were saved."))


def _switches() -> Facts:
    return {name: getattr(channels, name) for name in BOOLEANS}


def _change(settings: Settings, wanted: Facts, now: datetime) -> None:
    changed = {f"{settings.room}.{name}": list(pair) for name, pair in settings.change(**wanted).items()}
    if changed:
        db.session.flush()
        record("setting.changed", Subject(SettingRow.event_subject), by=current_user, at=now, changes=changed)


def _list(form: WaysForm) -> str:
    return render_template("admin/ways.html", form=form, ways=SHOWN, details=_details())


def _details() -> dict[str, tuple[str, str, str]]:
    """What there is to say and to see beside some of the ways: a sentence, a link and its words."""
    boxes = db.session.scalar(sa.select(sa.func.count()).select_from(Mailbox).where(Mailbox.is_active)) or 0
    counted = ngettext("%(num)s mailbox is read.", "%(num)s mailboxes are read.", boxes)
    found = {"email": (counted, "admin.mailbox_list", _("Mailboxes")),
             "form": (_form_state(), "admin.form_edit", _("Set up the web form"))}
    known = current_app.view_functions
    return {name: (words, url_for(place) if place in known else "", label)
            for name, (words, place, label) in found.items()}


def _form_state() -> str:
    if not relay.is_set():
        return _("It cannot work yet: without a mail relay no address can be confirmed.")
    if not public_form.sites:
        return _("No other site may show it in a frame.")
    return ngettext("%(num)s site may show it in a frame.", "%(num)s sites may show it in a frame.",
                    len(public_form.sites))


@bp.get("/admin/ways/form")
@asks("desk.administer")
def form_edit():
    stored = _stored()
    shown = {"request_types": stored["request_types"], "per_hour": stored["per_hour"],
             "sites": "\n".join(stored["sites"]), **spoken("intro", stored["intro"])}
    return _page(_public_form(formdata=None, seen=edits.fingerprint(stored), **shown))


@bp.post("/admin/ways/form")
@asks("desk.administer")
def form_save():
    form, now = _public_form(), clock.now()
    return saving.answer(form, _stored(), lambda: _change(public_form, _wanted(form), now), again=lambda: _page(form),
                         onward=lambda: redirect(url_for("admin.form_edit"), 303), done=_("The settings were saved."))


def _stored() -> Facts:
    return {name: getattr(public_form, name) for name in public_form.defaults}


def _wanted(form: PublicFormForm) -> Facts:
    return {"request_types": form.request_types.data, "sites": form.sites.origins, "intro": said(form, "intro"),
            "per_hour": form.per_hour.data}


def _public_form(**values: Any) -> PublicFormForm:
    form = PublicFormForm(**values)
    form.request_types.choices = [(kind.id, kind.title) for kind in inbound_form.choosable()]
    return form


def _page(form: PublicFormForm) -> str:
    return render_template("admin/way_form.html", form=form, is_on=is_on("form"), can_mail=relay.is_set(),
                           url=current_app.config["BASE_URL"] + url_for("channels.form_new"))
