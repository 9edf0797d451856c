"""What people enter of reply templates and macros."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import BooleanField
from wtforms.validators import Optional, ValidationError

from app.accounts.models import Team
from app.catalogue import queries as catalogue
from app.core.edits import Facts, Guarded
from app.core.forms import (
    Area,
    Checks,
    Choice,
    Line,
    Titled,
    Whole,
    at_most,
    between,
    in_each_language,
    required,
    said,
)
from app.core.i18n import LANGUAGES

from .. import queries as tickets
from . import placeholders
from .models import LONGEST_KEYWORD, Scoped

LONGEST = 10_000


def reaches() -> list[tuple[str, str]]:
    """For whom this person may keep something: value and words."""
    person = current_user
    own = [("own", _("Only for me"))]
    teams = tickets.teams() if person.is_administrator else tickets.teams(Team.id.in_(person.team_ids))
    desk = [("desk", _("The whole desk"))] if person.is_administrator else []
    return own + [(f"team:{team.id}", _("Team: %(team)s", team=team.title)) for team in teams] + desk


def kinds() -> list[tuple[str, str]]:
    """The request types that something may fit."""
    return [(kind.slug, kind.title) for kind in catalogue.on_offer()]


class KeptForm(Titled, Guarded, in_each_language(
        "bodies", lambda language: _l("Text (%(language)s)", language=language), Area, LONGEST)):
    """What reply templates and macros have in common: a name, words in each language, for whom, where it fits."""

    reach = Choice(_l("Who may use it"), choices=reaches)
    request_types = Checks(_l("Fits these request types"), description=_l("None chosen: it fits all of them."))
    position = Whole(_l("Place in the list"), [required(), between(0, 9999)])
    is_active = BooleanField(_l("It is offered"))
    ticket = Line(_l("Show it for ticket"), [Optional(), at_most(20)],
                  description=_l("A number, to see the preview as it would be there; empty: with an example."))

    def __init__(self, *args: Any, **about: Any) -> None:
        super().__init__(*args, **about)
        self.request_types.choices = kinds()
        offered = [slug for slug, _name in kinds()]
        self.request_types.data = [slug for slug in self.request_types.data or [] if slug in offered]

    def validate_ticket(self, field: Line) -> None:
        if field.data and not re.fullmatch(r"#?[0-9]{1,18}", field.data):
            raise ValidationError(_("This is not the number of a ticket."))

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        return self._judge_placeholders() and fine

    def _judge_placeholders(self) -> bool:
        fine = True
        for code in LANGUAGES:
            field = self[f"bodies_{code}"]
            wrong = [_("There is no placeholder {%(name)s} here.", name=name)
                     for name in placeholders.unknown(field.data or "")]
            if wrong:
                field.errors, fine = [*field.errors, *wrong], False
        return fine

    @property
    def number(self) -> int | None:
        """The ticket for which it is shown."""
        return int(self.ticket.data.lstrip("#")) if self.ticket.data and not self.ticket.errors else None

    def facts(self) -> Facts:
        """What is stored of it."""
        return {"names": said(self, "names"), "bodies": said(self, "bodies"), **reach_of(self.reach.data),
                "request_types": sorted(self.request_types.data), "position": self.position.data,
                "is_active": self.is_active.data}


def reach_of(value: str) -> dict[str, int | None]:
    """Whose it is: "own", "team:3" or "desk"; the form has judged whether this person may say so."""
    team_id = int(value.partition(":")[2]) if value.startswith("team:") else None
    return {"owner_id": current_user.id if value == "own" else None, "team_id": team_id}


def reach_value(kept: Scoped) -> str:
    return f"team:{kept.team_id}" if kept.team_id else "own" if kept.owner_id else "desk"


class ReplyTemplateForm(KeptForm):
    keyword = Line(_l("Keyword"), [required(), at_most(LONGEST_KEYWORD)],
                   description=_l("What is typed after :: to have it, such as pw."))

    def validate_keyword(self, field: Line) -> None:
        field.data = (field.data or "").lower()
        if not re.fullmatch(r"[^\W_]+(-[^\W_]+)*", field.data):
            raise ValidationError(_("Only letters, digits and single hyphens between them."))

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        if said(self, "bodies"):
            return fine
        self.bodies_en.errors = [*self.bodies_en.errors, _("Please write the text in at least one language.")]
        return False

    def facts(self) -> Facts:
        return super().facts() | {"keyword": self.keyword.data}
