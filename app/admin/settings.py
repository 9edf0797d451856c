"""How the desk works, edited in the browser."""

from datetime import datetime
from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.policy import behind
from app.core import clock, edits
from app.core.access import asks
from app.core.db import db
from app.core.edits import Guarded, Subject
from app.core.errors import NotFound
from app.core.events import record
from app.core.settings import SettingRow
from app.tickets.vocabulary import IMPACTS

from . import bp, saving
from .setting_fields import GROUPS, SECRET, Group


def group_of(slug: str) -> Group:
    """Raises NotFound for a group that is not there."""
    if slug not in GROUPS:
        raise NotFound()
    return GROUPS[slug]


@bp.get("/admin/settings")
@asks("desk.administer")
def setting_list():
    return _page({})


@bp.post("/admin/settings/<slug>")
@asks("desk.administer", of=behind("desk.administer", group_of))
def setting_save(group: Group):
    form, now = _form(group), clock.now()
    return saving.answer(
        form, group.read(), lambda: _change(group, form, now), again=lambda: _page({group.slug: form}),
        onward=lambda: redirect(url_for("admin.setting_list") + "#" + group.slug), done=_("The settings were saved."))


def _change(group: Group, form: Guarded, now: datetime) -> None:
    values = {name: form[name].data for name in group.fields}
    changed = {f"{group.settings.room}.{name}": pair
               for name, pair in group.settings.change(**group.write(values)).items()}
    if changed:
        db.session.flush()
        record("setting.changed", Subject(SettingRow.event_subject), by=current_user, at=now, changes=_shown(changed))


def _shown(changed: dict[str, tuple[Any, Any]]) -> dict[str, list[Any]]:
    return {name: ["•••", "•••"] if name in SECRET else list(pair) for name, pair in changed.items()}


def _form(group: Group, **values: Any) -> Guarded:
    """Ids carry the group's name, since several forms stand on one page."""
    return type("SettingsForm", (Guarded,), dict(group.fields))(**values)


def _filled(group: Group) -> Guarded:
    values = group.read()
    return _form(group, formdata=None, seen=edits.fingerprint(values), **values)


def _page(refused: dict[str, Guarded]) -> str:
    forms = [(group, refused.get(group.slug) or _filled(group)) for group in GROUPS.values()]
    return render_template("admin/settings.html", forms=forms, scale=IMPACTS)
