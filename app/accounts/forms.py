"""What people enter about themselves."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError

from app.core.forms import Address, Choice, Form, Line, at_least, at_most, required
from app.core.i18n import LANGUAGES

from .zones import zones

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200


def language_field(**about: Any) -> Choice:
    return Choice(_l("Language"), choices=list(LANGUAGES.items()), **about)


def zone_field(**about: Any) -> Choice:
    return Choice(_l("Time zone"), choices=zones, **about)


def new_password(label: Any) -> PasswordField:
    """A password somebody chooses: long rather than strange, and not so long that hashing it is an attack."""
    return PasswordField(label, [
        required(),
        at_least(SHORTEST_PASSWORD, _l("At least %(min)d characters, please.")),
        at_most(LONGEST_PASSWORD),
    ], render_kw={"autocomplete": "new-password"}, description=_l("At least 10 characters; several words are good."))


def password_again(name: str) -> PasswordField:
    return PasswordField(_l("The same password again"), [EqualTo(name, _l("The two passwords differ."))],
                         render_kw={"autocomplete": "new-password"})


class SignInForm(Form):
    email = Line(_l("E-mail address"), [required(), at_most(254)],
                 render_kw={"autocomplete": "username", "type": "email"})
    password = PasswordField(_l("Password"), [InputRequired(_l("Please fill this in.")), Length(max=1000)],
                             render_kw={"autocomplete": "current-password"})
    remember = BooleanField(_l("Stay signed in on this computer"))
    next = HiddenField()
    kept = HiddenField()


class ForgottenForm(Form):
    email = Address(_l("E-mail address"), [required(), at_most(254)],
                    render_kw={"autocomplete": "username", "type": "email"})


class NewPasswordForm(Form):
    password = new_password(_l("New password"))
    again = password_again("password")


class PasswordChangeForm(NewPasswordForm):
    old = PasswordField(_l("Present password"), [required(), Length(max=1000)],
                        render_kw={"autocomplete": "current-password"})


class ProfileForm(Form):
    name = Line(_l("Name"), [required(), at_most(120)], render_kw={"autocomplete": "name"})
    language = language_field()
    time_zone = zone_field()


class SetupForm(Form):
    name = Line(_l("Your name"), [required(), at_most(120)], render_kw={"autocomplete": "name"})
    email = Address(_l("Your e-mail address"), [required(), at_most(254)],
                    render_kw={"autocomplete": "username", "type": "email"})
    password = new_password(_l("Password"))
    again = password_again("password")
    desk_name = Line(_l("Name of the desk"), [required(), at_most(60)])
    language = language_field(description=_l("Spoken where a person has not chosen another."))
    time_zone = zone_field()

    def validate_password(self, field: PasswordField) -> None:
        if self.email.data and field.data.lower() == self.email.data:
            raise ValidationError(_("The password must not be your e-mail address."))
