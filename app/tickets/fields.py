"""The questions an administrator gave a request type, as form fields, and their answers, as people read them."""

import re
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from wtforms import BooleanField, DateField, Field
from wtforms.validators import Optional, ValidationError

from app.catalogue.models import RequestType
from app.core.forms import Area, Choice, Form, Line, at_most, required
from app.core.i18n import localized

PREFIX = "field_"
HANDOVER_PREFIX = "handover_"


class Number(Line):
    """A number, with a point or a comma."""

    def pre_validate(self, form: Any) -> None:
        if self.data and not re.fullmatch(r"-?[0-9]{1,12}([.,][0-9]{1,6})?", self.data):
            raise ValidationError(_("This is not a number."))

    @property
    def value(self) -> float | int | None:
        if not self.data:
            return None
        whole, _point, part = self.data.replace(",", ".").partition(".")
        return float(f"{whole}.{part}") if part else int(whole)


def _choice(question: dict[str, Any], **about: Any) -> Field:
    choices = [(one["value"], localized(one.get("labels")) or one["value"]) for one in question.get("choices", [])]
    return Choice(choices=[("", "–"), *choices], **about)


def _line(question: dict[str, Any], **about: Any) -> Field:
    return Line(**{**about, "validators": [*about["validators"], at_most(500)]})


def _area(question: dict[str, Any], **about: Any) -> Field:
    return Area(**{**about, "validators": [*about["validators"], at_most(10_000)]})


MADE = {
    "text": _line,
    "textarea": _area,
    "choice": _choice,
    "date": lambda question, **about: DateField(**about),
    "number": lambda question, **about: Number(**about),
    "checkbox": lambda question, **about: BooleanField(**about),
}


def asked_with(base: type[Form], questions: list[dict[str, Any]], prefix: str = PREFIX) -> type[Form]:
    """A form class with the questions added, in the reader's language."""
    return type(base.__name__, (base,), {prefix + question["key"]: _field(question) for question in questions})


def _field(question: dict[str, Any]) -> Field:
    about = question.get("help") or ""
    return MADE.get(question.get("type"), _area)(
        question, label=localized(question.get("labels")) or question["key"],
        description=localized(about) if isinstance(about, dict) else about,
        validators=[required() if question.get("required") else Optional()],
    )


def own_fields(form: Form, questions: list[dict[str, Any]], prefix: str = PREFIX) -> list[Field]:
    """The added fields of a form, in the administrator's order."""
    return [form[prefix + question["key"]] for question in questions]


def answers(form: Form, questions: list[dict[str, Any]], prefix: str = PREFIX) -> dict[str, Any]:
    """Key -> answer, as it is stored; what was left empty is left out."""
    given = {question["key"]: _stored(form[prefix + question["key"]]) for question in questions}
    return {key: answer for key, answer in given.items() if answer not in (None, "")}


def _stored(field: Field) -> Any:
    if isinstance(field, Number):
        return field.value
    return field.data.isoformat() if isinstance(field.data, date) else field.data


def shown(kind: RequestType, given: dict[str, Any]) -> list[tuple[str, str]]:
    """What was asked when the request was filed, and what was answered."""
    return worded(kind.fields, given)


def worded(asked: list[dict[str, Any]], given: dict[str, Any]) -> list[tuple[str, str]]:
    """Questions and answers in words; an answer to a question that is no longer asked keeps its key."""
    questions = {question["key"]: question for question in asked}
    return [(localized(questions.get(key, {}).get("labels")) or key, _worded(questions.get(key, {}), answer))
            for key, answer in given.items()]


def _worded(question: dict[str, Any], answer: Any) -> str:
    if isinstance(answer, bool):
        return _("Yes") if answer else _("No")
    if question.get("type") == "choice":
        labels = {one["value"]: localized(one.get("labels")) for one in question.get("choices", [])}
        return labels.get(answer) or str(answer)
    if question.get("type") == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", str(answer)):
        return format_date(date.fromisoformat(answer), "medium")
    return str(answer)
