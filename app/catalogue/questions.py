"""The questions a request type asks, as rows of a form: no script is needed, three rows are always free."""

import re
from typing import Any

import flask_babel
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField
from wtforms.validators import Optional, ValidationError

from app.core.forms import Area, Choice, Line, OurWords, Whole, at_most, between
from app.core.i18n import LANGUAGES

from .vocabulary import ANSWERS

MOST_ROWS = 60
FREE_ROWS = 3
Question = dict[str, Any]


class Row(Form):
    """A row inside another form, which carries the token."""

    class Meta:
        csrf = False

        def get_translations(self, form: Any) -> OurWords:
            return OurWords()

    key = HiddenField()
    labels_en = Line(_l("Question (%(language)s)", language=LANGUAGES["en"]), [at_most(200)])
    labels_ru = Line(_l("Question (%(language)s)", language=LANGUAGES["ru"]), [at_most(200)])
    labels_ky = Line(_l("Question (%(language)s)", language=LANGUAGES["ky"]), [at_most(200)])
    required = BooleanField(_l("An answer is needed"))
    position = Whole(_l("Place"), [Optional(), between(1, 999)])

    @property
    def labels(self) -> dict[str, str]:
        return spoken_in(self, "labels")


class QuestionRow(Row):
    """A question to the requester."""

    help_en = Line(_l("Hint (%(language)s)", language=LANGUAGES["en"]), [at_most(300)])
    help_ru = Line(_l("Hint (%(language)s)", language=LANGUAGES["ru"]), [at_most(300)])
    help_ky = Line(_l("Hint (%(language)s)", language=LANGUAGES["ky"]), [at_most(300)])
    type = Choice(_l("Answer"), choices=list(ANSWERS.items()), default="text")
    choices = Area(_l("What to choose from"), [at_most(5000)], description=_l(
        "One per line: English | Russian | Kyrgyz. A short name before “=” is what is stored: it may stay when the "
        "words change."))

    def validate_choices(self, field: Area) -> None:
        if self.type.data == "choice" and self.labels and not field.data:
            raise ValidationError(_("Say what there is to choose from."))


class Rows(FieldList):
    """Rows of one kind; what is wrong in them is said in one sentence a row, for the summary on top."""

    def __init__(self, row: type[Row], label: Any, **about: Any) -> None:
        super().__init__(FormField(row), label, max_entries=MOST_ROWS, **about)

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        fine = super().validate(form, extra_validators)
        self.errors = [flask_babel.gettext("Row %(number)s: %(problem)s", number=number, problem=_first(entry.errors))
                       for number, entry in enumerate(self.entries, 1) if entry.errors]
        return fine and not self.errors

    def filled(self) -> list[Row]:
        """Rows that ask something, in the order of their places; those without one keep theirs."""
        rows = [entry.form for entry in self.entries if entry.form.labels]
        return sorted(rows, key=lambda row: row.position.data or MOST_ROWS)


def _first(errors: dict[str, list[str]]) -> str:
    return str(next(iter(errors.values()))[0])


def spoken_in(row: Row, name: str) -> dict[str, str]:
    given = {code: row[f"{name}_{code}"].data for code in LANGUAGES}
    return {code: text for code, text in given.items() if text}


def rows_of(questions: list[Question]) -> list[dict[str, Any]]:
    """What fills the rows of a form, with some rows free for more."""
    filled = [_row(number, question) for number, question in enumerate(questions, 1)]
    return filled + [{} for _free in range(FREE_ROWS)]


def _row(number: int, question: Question) -> dict[str, Any]:
    texts = {f"labels_{code}": (question.get("labels") or {}).get(code, "") for code in LANGUAGES}
    about = question.get("help") or {}
    hints = about if isinstance(about, dict) else {"en": about}
    texts |= {f"help_{code}": hints.get(code, "") for code in LANGUAGES}
    return texts | {"key": question["key"], "required": bool(question.get("required")), "position": number,
                    "type": question.get("type", "textarea"), "choices": _choice_lines(question)}


def _choice_lines(question: Question) -> str:
    return "\n".join(f"{one['value']} = " + " | ".join((one.get("labels") or {}).get(code, "") for code in LANGUAGES)
                     for one in question.get("choices", []))


def asked(rows: list[QuestionRow]) -> list[Question]:
    """Rows as they are stored in RequestType.fields."""
    return [_question(row, key) for row, key in zip(rows, _keys(rows), strict=True)]


def handed_over(rows: list[Row]) -> list[Question]:
    """Rows as they are stored in RequestType.handover_fields."""
    return [{"key": key, "labels": row.labels, "required": row.required.data}
            for row, key in zip(rows, _keys(rows), strict=True)]


def _question(row: QuestionRow, key: str) -> Question:
    made = {"key": key, "labels": row.labels, "type": row.type.data, "required": row.required.data}
    if hint := spoken_in(row, "help"):
        made["help"] = hint
    if row.type.data == "choice":
        made["choices"] = choices_of(row.choices.data)
    return made


def _keys(rows: list[Row]) -> list[str]:
    """A question keeps its key for ever, since answers are stored under it; a new one gets its own."""
    keys: list[str] = []
    for row in rows:
        wanted = row.key.data if re.fullmatch(r"[a-z0-9_]{1,40}", row.key.data or "") else _word(row.labels)
        keys.append(_free(wanted, keys))
    return keys


def choices_of(text: str) -> list[dict[str, Any]]:
    """“red = Red | Красный | Кызыл”, one per line; without a short name before “=” one is made."""
    made: list[dict[str, Any]] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        value, labels = _choice(line)
        made.append({"value": _free(value, [one["value"] for one in made]), "labels": labels})
    return made


def _choice(line: str) -> tuple[str, dict[str, str]]:
    named = re.match(r"([a-z0-9_-]{1,40})\s*=\s*(.*)", line)
    words = [word.strip() for word in (named[2] if named else line).split("|")]
    labels = {code: word for code, word in zip(LANGUAGES, words, strict=False) if word}
    return (named[1] if named else _word(labels)), labels


def _word(labels: dict[str, str]) -> str:
    """A short Latin word for a question or a choice."""
    return re.sub(r"[^a-z0-9]+", "_", labels.get("en", "").lower()).strip("_")[:30] or "item"


def _free(wanted: str, taken: list[str]) -> str:
    number, word = 1, wanted
    while word in taken:
        number += 1
        word = f"{wanted}_{number}"
    return word
