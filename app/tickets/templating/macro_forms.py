"""What people enter of macros, and before one is run."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import BooleanField, RadioField, SelectChoice
from wtforms.validators import Optional

from app.accounts.models import User
from app.core.db import db
from app.core.edits import Facts
from app.core.forms import Area, Choice, Form, Line, Whole, at_most, between, maybe_id, said
from app.core.markup import clean_line

from .. import queries as tickets
from ..forms import LONGEST_BODY, Mark, Submission
from ..vocabulary import IMPACTS, URGENCIES
from . import queries, steps
from .forms import KeptForm, reach_of
from .models import Macro, ReplyTemplate

_UNCHANGED = ("", _l("Leave it as it is"))


def _templates() -> list[tuple[str, str]]:
    kept = queries.all_of(current_user, ReplyTemplate)
    return [("", _("Its own words, below"))] + [
        (str(one.id), f"::{one.keyword} {one.title}") for one in kept if one.is_active]


def _assignees() -> list[tuple[str, str]]:
    people = {user.id: user.name for team_id in current_user.team_ids for user in tickets.members(team_id)
              if user.id != current_user.id}
    fixed = [_UNCHANGED, ("me", _("Me")), ("queue", _("Nobody: back to the queue"))]
    return fixed + [(str(number), name) for number, name in sorted(people.items(), key=lambda pair: pair[1])]


def _is_number(text: str) -> bool:
    """Whether it may be the number of somebody or something; ² is a digit too, and none."""
    return text.isascii() and text.isdigit() and len(text) < 10


def _reasons() -> list[tuple[str, str]]:
    return [(reason.slug, reason.title) for reason in tickets.pending_reasons()]


class MacroForm(KeptForm):
    """What is said, what is changed, and whether it goes on to the next ticket."""

    says = RadioField(_l("It says"), default="", choices=[SelectChoice(value, label) for value, label in (
        ("", _l("Nothing")), ("reply", _l("A reply")), ("note", _l("An internal note")))])
    template_id = Choice(_l("Text"), choices=_templates, default="")
    assign = Choice(_l("Who works on it"), choices=_assignees, default="")
    tags = Line(_l("Tags to add"), [at_most(200)], description=_l("With commas between."))
    impact = Choice(_l("Impact"), choices=[_UNCHANGED, *IMPACTS.items()], default="")
    urgency = Choice(_l("Urgency"), choices=[_UNCHANGED, *URGENCIES.items()], default="")
    then = Choice(_l("Then"), choices=[_UNCHANGED, ("wait", _l("Wait")), ("resolve", _l("Resolve"))], default="")
    reason = Choice(_l("Wait for"), choices=_reasons, validate_choice=False, default="")
    days = Whole(_l("For how many days"), [Optional(), between(1, steps.LONGEST_WAIT_DAYS)],
                 description=_l("Empty: until somebody ends the waiting."))
    goes_on = BooleanField(_l("Then go to the next ticket"))

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        return all([self._says_something(), self._does_something(), self._shares_its_words(), fine])

    def _says_something(self) -> bool:
        if not self.says.data or self.template_id.data or said(self, "bodies"):
            return True
        return self._refuse(self.template_id, _("Choose a template, or write what it says."))

    def _does_something(self) -> bool:
        if self.says.data or self._steps():
            return True
        return self._refuse(self.says, _("This macro would do nothing."))

    def _shares_its_words(self) -> bool:
        """Who may use the macro may use the template too."""
        template = self._template()
        if template is None or template.reach == "desk" or self.reach.data == "own":
            return True
        if template.team_id is not None and template.team_id == reach_of(self.reach.data)["team_id"]:
            return True
        return self._refuse(self.template_id, _("Not everybody who may use the macro may use this template."))

    def _template(self) -> ReplyTemplate | None:
        number = self.template_id.data or ""
        if not _is_number(number) or self.template_id.errors:
            return None
        return queries.reply_template(current_user, int(number))

    @staticmethod
    def _refuse(field: Any, sentence: str) -> bool:
        field.errors = [*field.errors, sentence]
        return False

    def _steps(self) -> dict[str, Any]:
        """The steps as they are stored."""
        assign = self.assign.data or ""
        tags = [word for part in (self.tags.data or "").split(",") if (word := clean_line(part).lower()[:40])]
        waits = self.then.data == "wait"
        given = {"assign": int(assign) if _is_number(assign) else assign, "tags": list(dict.fromkeys(tags))[:10],
                 "impact": self.impact.data, "urgency": self.urgency.data, "then": self.then.data,
                 "reason": self.reason.data if waits else "", "days": self.days.data if waits else None}
        return steps.judged({name: value for name, value in given.items() if value})

    def facts(self) -> Facts:
        return super().facts() | {"says": self.says.data, "template_id": maybe_id(self.template_id.data),
                                  "steps": self._steps(), "goes_on": self.goes_on.data}

    def name_stranger(self, macro: Macro | None) -> None:
        """Whom it names already stays a choice, whoever looks."""
        named = steps.judged(macro.steps).get("assign") if macro is not None else None
        if isinstance(named, int) and str(named) not in [choice.value for choice in self.assign.choices]:
            person = db.session.get(User, named)
            if person is not None:
                self.assign.choices = [*self.assign.choices, (str(named), person.name)]


def filled(macro: Macro) -> dict[str, Any]:
    """The values of the form's own fields."""
    kept = steps.judged(macro.steps)
    return {"says": macro.says, "template_id": str(macro.template_id or ""), "goes_on": macro.goes_on,
            "assign": str(kept.get("assign", "")), "tags": ", ".join(kept.get("tags", [])),
            **{name: kept.get(name, "") for name in ("impact", "urgency", "then", "reason")}, "days": kept.get("days")}


class RunForm(Form):
    """Before a macro is run: the words as they will be said."""

    body = Area(_l("Message"), [at_most(LONGEST_BODY)])
    submission = Submission()
    seen_message_id = Mark()
    anyway = BooleanField(_l("Send it anyway"))
