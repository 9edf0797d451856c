"""What somebody without an account is asked."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import ValidationError

from app.core.forms import Address, Area, Choice, Form, Line, at_most, required
from app.core.registries import CHOICES

from ..email.own import is_among, own_addresses

LONGEST_BODY = 20_000


class PublicForm(Form):
    """A request of a stranger. It carries no token against forged requests: it may stand in a frame of another site,
    where browsers send no cookie, and it does nothing in anybody's name."""

    class Meta(Form.Meta):
        csrf = False

    name = Line(_l("Your name"), [required(), at_most(120)], render_kw={"autocomplete": "name"})
    address = Address(_l("Your e-mail address"), [required(), at_most(254)], render_kw={"autocomplete": "email"},
                      description=_l("We write to it first: nothing is filed until you confirm it is yours."))
    request_type = Choice(_l("What it is about"))
    subject = Line(_l("Subject"), [required(), at_most(200)])
    body = Area(_l("What do you need?"), [required(), at_most(LONGEST_BODY)])
    website = StringField()
    """People do not see it; programs fill it in."""

    def validate_address(self, field: Address) -> None:
        if is_among(field.data, own_addresses()):
            raise ValidationError(_("This is an address of the desk itself. Please give your own."))


def public_form(**about: Any) -> PublicForm:
    """The form with what may be asked for; the choice is left out where there is none."""
    form, choices = PublicForm(**about), CHOICES["form"]()
    form.request_type.choices = choices
    if len(choices) < 2:
        del form.request_type
    return form
