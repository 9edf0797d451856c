"""How each agent likes to send, and what a team wants in a good reply."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from wtforms.validators import ValidationError

from app.accounts import queries as accounts
from app.accounts.models import Team
from app.core.access import asks
from app.core.db import db
from app.core.errors import NotFound
from app.core.forms import Area, Checks, Choice, Form, in_each_language, show_again, spoken
from app.core.markup import clean_line
from app.core.policy import may

from .. import bp
from ..sending import checklist, checks
from ..sending import queries as sending

SECONDS = (0, 5, 10, 20, 30)


class SendingForm(Form):
    """A person's own choices."""

    undo_seconds = Choice(_l("A reply can be taken back for"), coerce=int, choices=lambda: [
        (count, ngettext("%(num)s second", "%(num)s seconds", count) if count else _("It leaves at once"))
        for count in SECONDS])
    wanted = Checks(_l("What is checked before a reply leaves"), choices=list(checks.NAMES.items()))


class Points(Area):
    """One point a line."""

    def pre_validate(self, form: Any) -> None:
        if len(self.lines) > checklist.MOST_POINTS:
            raise ValidationError(_("At most %(count)s points, please.", count=checklist.MOST_POINTS))
        if any(len(line) > checklist.LONGEST_POINT for line in self.lines):
            raise ValidationError(_("A point of at most %(count)s characters, please.", count=checklist.LONGEST_POINT))

    @property
    def lines(self) -> list[str]:
        return [clean_line(line) for line in (self.data or "").split("\n")] if self.data else []


class ChecklistForm(in_each_language("points", lambda language: _l("Points (%(language)s)", language=language), Points,
                                     checklist.MOST_POINTS * (checklist.LONGEST_POINT + 1))):
    """A list in each language; the same line means the same point."""

    @property
    def lists(self) -> checklist.Lists:
        return {code: self[f"points_{code}"].lines for code in checklist.LANGUAGES}


@bp.get("/profile/sending")
@asks("reply.choose")
def sending_show():
    wanted = [name for name in checks.NAMES if name not in current_user.checks_off]
    form = SendingForm(formdata=None, undo_seconds=current_user.undo_seconds, wanted=wanted)
    return render_template("tickets/sending.html", form=form, **_lists())


@bp.post("/profile/sending")
@asks("reply.choose")
def sending_change():
    form = SendingForm()
    if not form.validate():
        return show_again("tickets/sending.html", form=form, **_lists())
    current_user.undo_seconds = form.undo_seconds.data
    current_user.checks_off = [name for name in checks.NAMES if name not in form.wanted.data]
    db.session.commit()
    flash(_("Your choices were saved."), "success")
    return redirect(url_for("tickets.sending_show"), 303)


def _lists() -> dict[str, Any]:
    """What came back unsent, and the teams whose list this person may change."""
    teams = [team for team in accounts.teams() if team.is_active and may(current_user, "reply.set_checklist", team)]
    return {"unsent": sending.unsent(current_user), "teams": teams}


def a_team(person: Any, slug: str) -> Team:
    """A team whose list this person may change. Raises NotFound for any other."""
    team = accounts.team(slug) if person.is_authenticated else None
    if team is None or not may(person, "reply.set_checklist", team):
        raise NotFound()
    return team


@bp.get("/teams/<slug>/reply-checklist")
@asks("reply.set_checklist", of=a_team)
def checklist_edit(team: Team):
    told = {code: "\n".join(lines) for code, lines in checklist.lists(team).items()}
    return render_template("tickets/checklist.html", team=team, form=ChecklistForm(formdata=None,
                                                                                  **spoken("points", told)))


@bp.post("/teams/<slug>/reply-checklist")
@asks("reply.set_checklist", of=a_team)
def checklist_save(team: Team):
    form = ChecklistForm()
    if not form.validate():
        return show_again("tickets/checklist.html", team=team, form=form)
    checklist.change(team, form.lists, current_user._get_current_object())
    db.session.commit()
    flash(_("The list was saved."), "success")
    return redirect(url_for("tickets.sending_show"), 303)
