"""Forms: one base with our own words, fields that clean what they take, and how a refused form is shown again."""

import re
from typing import Any

import flask_babel
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from flask import render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from .db import db, set_reading
from .i18n import LANGUAGES
from .markup import clean_line, clean_text

WORDS = (
    _l("Not a valid choice."),
    _l("Not a valid integer value."),
    _l("Not a valid date value."),
    _l("This field is required."),
    _l("Invalid Choice: could not coerce."),
    _l("Invalid choice(s): one or more data inputs could not be coerced."),
)
"""What WTForms itself says; it brings no Kyrgyz, so our catalogues hold these sentences too."""

# Names the inside of an organisation uses for itself; the library's documented way to allow them is this list.
SPECIAL_USE_DOMAIN_NAMES[:] = [name for name in SPECIAL_USE_DOMAIN_NAMES if name not in ("local", "localhost", "test")]


class OurWords:
    """WTForms asks this for its sentences."""

    def gettext(self, text: str) -> str:
        return flask_babel.gettext(text)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """As it stands in the catalogue: its placeholders are filled by WTForms."""
        return flask_babel.get_domain().get_translations().ungettext(singular, plural, number)


class Form(FlaskForm):
    """The base of every form of the desk."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> OurWords:
            return OurWords()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was typed, and nothing else: FlaskForm also takes JSON and files, so that a number, a list or a file
            would stand where a field expects text. Files are kept by who asks for them (request.files)."""
            if formdata is None or hasattr(formdata, "getlist"):
                return formdata
            return _typed() if request.method == "POST" else None


def _typed() -> MultiDict | None:
    """The fields of this request that have a name; a part of a multipart body may lack one."""
    return MultiDict((name, text) for name, text in request.form.items(multi=True) if name) or None


class Line(StringField):
    """One line without control characters."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = clean_line(valuelist[0]) if valuelist else self.data


class Area(TextAreaField):
    """Several lines without control characters."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = clean_text(valuelist[0]) if valuelist else self.data


class Choice(SelectField):
    """One of a list of (value, label) pairs, or of what a function returns when the form is made."""

    def __init__(self, label: Any = None, validators: Any = None, choices: Any = None, **about: Any) -> None:
        given = (lambda: _options(choices())) if callable(choices) else _options(choices)
        super().__init__(label, validators, choices=given, **about)

    @property
    def choices(self) -> Any:
        return SelectField.choices.fget(self)

    @choices.setter
    def choices(self, pairs: Any) -> None:
        SelectField.choices.fset(self, _options(pairs))


class Checks(SelectMultipleField):
    """Several of a list of (value, label) pairs, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any = None, validators: Any = None, choices: Any = None, **about: Any) -> None:
        super().__init__(label, validators, choices=_options(choices), **about)


def _options(pairs: Any) -> list[SelectChoice] | None:
    if pairs is None:
        return None
    return [pair if isinstance(pair, SelectChoice) else SelectChoice(*pair) for pair in pairs]


class Whole(IntegerField):
    """A whole number."""


class Filled(InputRequired):
    """Something is left after cleaning: blanks alone are nothing."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data == "":
            field.raw_data = []
        super().__call__(form, field)


def required(message: Any = None) -> InputRequired:
    return Filled(message or _l("Please fill this in."))


def at_most(length: int) -> Length:
    """At most so many characters."""
    return Length(max=length, message=_l("At most %(max)d characters, please."))


def at_least(length: int, message: Any) -> Length:
    return Length(min=length, message=message)


def between(low: int, high: int) -> NumberRange:
    return NumberRange(low, high, message=_l("A whole number from %(min)s to %(max)s is needed."))


def plain_address(text: str) -> str:
    """An e-mail address as it is stored and compared: lower case. Raises ValueError for what is none.

    Addresses of the inside of an organisation (name@intranet.local) are addresses too.
    """
    try:
        found = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error
    return found.normalized.lower()


class Address(Line):
    """An e-mail address, kept in lower case."""

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            return
        try:
            self.data = plain_address(self.data)
        except ValueError as error:
            raise StopValidation(flask_babel.gettext("This is not an e-mail address.")) from error


class Telephone(Line):
    """A telephone number, kept as + and digits so that it is found however it is written."""

    def pre_validate(self, form: Any) -> None:
        text = self.data or ""
        self.data = ("+" if text.startswith("+") else "") + re.sub(r"\D", "", text)


class Addresses(Area):
    """E-mail addresses, one per line or with commas between; `addresses` is the list."""

    addresses: list[str] = []

    def pre_validate(self, form: Any) -> None:
        self.addresses = [self._plain(word) for word in re.split(r"[\s,;]+", self.data or "") if word]

    @staticmethod
    def _plain(word: str) -> str:
        try:
            return plain_address(word)
        except ValueError as error:
            raise StopValidation(flask_babel.gettext("“%(text)s” is not an e-mail address.", text=word)) from error


def short_name(limit: int = 60) -> Line:
    """A word that stands in addresses."""
    shape = Regexp(r"[a-z0-9]+(-[a-z0-9]+)*\Z",
                   message=_l("Only small Latin letters, digits and single hyphens between them."))
    return Line(_l("Short name"), [required(), at_most(limit), shape], description=_l("It stands in addresses."))


def maybe_id(text: str) -> int | None:
    """The value of a choice that may be empty."""
    return int(text) if text else None


def in_each_language(name: str, label: Any, field: Any = Line, limit: int = 120) -> type[Form]:
    """A base for forms with one field per language: `in_each_language("names", lambda language: …)` has names_en,
    names_ru and names_ky. `label` makes a field's label from the language's own name."""
    fields = {f"{name}_{code}": field(label(own_name), [at_most(limit)], render_kw={"lang": code})
              for code, own_name in LANGUAGES.items()}
    return type("InEachLanguage", (Form,), fields)


def said(form: Form, name: str) -> dict[str, str]:
    """What was filled in of such fields: language -> text."""
    given = {code: form[f"{name}_{code}"].data for code in LANGUAGES}
    return {code: text for code, text in given.items() if text}


def spoken(name: str, texts: dict[str, str] | None) -> dict[str, str]:
    """The values of such fields, to fill a form with."""
    return {f"{name}_{code}": (texts or {}).get(code, "") for code in LANGUAGES}


class Titled(in_each_language("names", lambda language: _l("Name (%(language)s)", language=language))):
    """A form for something with a name in each language, at least one of them given."""

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        if said(self, "names"):
            return fine
        self.names_en.errors = [flask_babel.gettext("Please give a name in at least one language.")]
        return False


def show_again(template: str, code: int = 400, **values: Any) -> tuple[str, int]:
    """The page of a form that was refused; what it needs beside the form is looked up by the template's route."""
    stop_writing()
    return render_template(template, **values), code


def stop_writing() -> None:
    """Drop what the request began, so that no write lock is held while a refused form is drawn."""
    db.session.rollback()
    set_reading(True)
