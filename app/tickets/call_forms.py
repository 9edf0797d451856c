"""What an agent writes down of a call or a visit."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import ValidationError

from app.accounts.models import User
from app.core.errors import NotFound
from app.core.forms import Address, Area, Choice, Form, Line, Telephone, at_most, plain_address

from . import callers
from .forms import LONGEST_BODY, LONGEST_SUBJECT, Mark, PersonForm, Submission


class Spoken(Form):
    """What was said to and fro."""

    body = Area(_l("What was said"), [at_most(LONGEST_BODY)])
    told = Area(_l("What you answered"), [at_most(LONGEST_BODY)],
                description=_l("A reply that was heard: it counts as an answer, and who heard it gets no mail of it. "
                               "Leave it empty if you only wrote down."))
    is_solved = BooleanField(_l("Solved at once"))
    submission = Submission()


class CallForm(PersonForm, Spoken):
    """A call as a new ticket: who it was comes first."""

    person = Line(_l("Who"), [at_most(254)], description=_l("A name, an e-mail address or a telephone number."))
    person_id = Mark()
    address = Address(_l("E-mail address"), [at_most(254)])
    number = Telephone(_l("Telephone number"), [at_most(40)])
    is_new = BooleanField(_l("Not known yet: enter this person as a customer"))
    subject = Line(_l("Subject"), [at_most(LONGEST_SUBJECT)],
                   description=_l("If it is left empty, the first line of what was said."))
    request_type = Choice(_l("What it is about"))

    def validate_body(self, field: Area) -> None:
        if not field.data:
            raise ValidationError(_("Please fill this in."))

    def find(self) -> bool:
        """Whether it is clear who it was: chosen from the list, somebody new, or named in words."""
        if self.person_id.data is not None:
            return self._chosen()
        if self.is_new.data:
            return self._is_named()
        return super().find()

    def _chosen(self) -> bool:
        try:
            self.found = callers.caller(self.person_id.data)
        except NotFound:
            self._refuse(_("Nobody here has this name or address."))
        return self.found is not None

    def _is_named(self) -> bool:
        """An address in the box of the name is the address of somebody new."""
        if not self.person.data:
            self._refuse(_("Please fill this in."))
        elif not self.address.data and "@" in self.person.data:
            self._take_address()
        return not self.person.errors

    def _take_address(self) -> None:
        try:
            self.address.data = plain_address(self.person.data)
        except ValueError:
            self._refuse(_("This is not an e-mail address."))
            return
        self.person.data = self.address.data.partition("@")[0]


class TicketCallForm(Spoken):
    """A call about a ticket that there is."""

    who = Choice(_l("Who"), coerce=int)

    def validate_body(self, field: Area) -> None:
        if not field.data and not self.told.data:
            raise ValidationError(_("Please fill this in."))

    def take_people(self, people: list[User]) -> None:
        self.who.choices = [(user.id, user.name) for user in people]
