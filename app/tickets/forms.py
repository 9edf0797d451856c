"""What people enter about tickets. What a request type asks beside stands in fields.py."""

import re
import secrets
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, RadioField
from wtforms.validators import Optional, ValidationError

from app.accounts.models import User
from app.channels.ways import is_on
from app.core.forms import Area, Checks, Choice, Form, Line, at_most, in_each_language, required, said
from app.core.uploads import Files, chosen

from . import people
from .vocabulary import CHANNELS, IMPACTS, LINKS, URGENCIES
from .vocabulary import KINDS as TICKET_KINDS

LONGEST_SUBJECT = 200
LONGEST_BODY = 100_000
LONGEST_TEXT = 1000
FILED_BY_AGENTS = ("web", "phone", "walk_in", "email")


class Submission(HiddenField):
    """A random word that makes the same form, sent twice, one thing done."""

    def process_formdata(self, valuelist: list[str]) -> None:
        given = valuelist[0] if valuelist else ""
        self.data = given if re.fullmatch(r"[0-9a-zA-Z-]{16,64}", given) else None


class Mark(HiddenField):
    """A whole number the page carried, or None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        given = valuelist[0] if valuelist else ""
        self.data = int(given) if re.fullmatch(r"[0-9]{1,18}", given) else None


class Numbers(HiddenField):
    """Whole numbers, each sent by a field of its own."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [int(given) for given in valuelist if re.fullmatch(r"[0-9]{1,18}", given)]


def new_submission() -> str:
    return secrets.token_hex(16)


class PersonForm(Form):
    """Names a person: by address or name, and by a choice where several are meant."""

    person = Line(_l("Person"), [at_most(254)], description=_l("A name or an e-mail address."))
    chosen_person = RadioField(_l("Which one?"), choices=[], validate_choice=False, coerce=str, validators=[Optional()])
    found: User | None = None

    def find(self) -> bool:
        """Whether the text means one person (kept in `found`); otherwise the form says what is missing."""
        if not self.person.data:
            self._refuse(_("Please fill this in."))
            return False
        matches = people.found(self.person.data)
        picked = [user for user in matches if str(user.id) == self.chosen_person.data]
        self.found = picked[0] if picked else matches[0] if len(matches) == 1 else None
        if self.found is None:
            self._ask_again(matches)
        return self.found is not None

    def _ask_again(self, matches: list[User]) -> None:
        if not matches:
            return self._refuse(_("Nobody here has this name or address."))
        if len(matches) > people.MOST_FOUND:
            return self._refuse(_("Many people have such a name; please write more of it."))
        self.chosen_person.choices = [(str(user.id), people.described(user)) for user in matches]
        self._refuse(_("Several people have such a name: please choose one."))

    def _refuse(self, sentence: str) -> None:
        self.person.errors = [*self.person.errors, sentence]


class FilingForm(PersonForm):
    """A request. The request type's own questions are added by `fields.asked_with`. Who says nothing but the subject
    has said it all."""

    subject = Line(_l("What do you need?"), [required(), at_most(LONGEST_SUBJECT)])
    body = Area(_l("Tell more"), [at_most(LONGEST_BODY)])
    files = Files()
    submission = Submission()


class AgentFilingForm(FilingForm):
    """An agent may file for somebody else, and says how the request came in and how grave it is."""

    person = Line(_l("On whose behalf"), [at_most(254)],
                  description=_l("A name or an e-mail address; leave it empty for a request of your own."))
    channel = Choice(_l("How it came in"), choices=lambda: [
        (name, CHANNELS[name]) for name in FILED_BY_AGENTS if name == "web" or is_on(name)])
    impact = Choice(_l("Impact"), choices=list(IMPACTS.items()))
    urgency = Choice(_l("Urgency"), choices=list(URGENCIES.items()))


class SpeakingForm(Form):
    """Something said on a ticket: words, files, or both."""

    body = Area(_l("Message"), [at_most(LONGEST_BODY)])
    files = Files()
    submission = Submission()
    seen_message_id = Mark()

    def validate_body(self, field: Area) -> None:
        if not field.data and not chosen():
            raise ValidationError(_("Please write something, or attach a file."))


class AnswerForm(SpeakingForm):
    """What the requester says."""


class NoteForm(SpeakingForm):
    """What agents tell each other."""


class Then(RadioField):
    """Of several values the last: the button that was pressed says more than the choice above it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist[-1:])


class Asked(HiddenField):
    """Asks for the check before sending: the names of the checks that were shown already, or `ask` for none; without
    it nothing is checked."""

    def process_formdata(self, valuelist: list[str]) -> None:
        given = valuelist[0] if valuelist else ""
        self.data = given if re.fullmatch(r"[a-z_ ]{1,200}", given) else None

    @property
    def shown(self) -> set[str]:
        return set((self.data or "").split())


class ReplyForm(SpeakingForm):
    """What the staff says to the requester, and what becomes of the ticket then."""

    check = Asked()
    undo_seconds = Mark()
    """For how many seconds it can be taken back; without it the reply leaves at once."""
    returned_reply = Mark()
    """The reply that came back and is sent once more, and which of its files go along."""
    returned_files = Numbers()
    then = Then(_l("Then"), default="stay")
    reason = Choice(_l("Wait for"), validate_choice=False)
    until = DateField(_l("Until"), [Optional()])
    anyway = BooleanField(_l("Send it anyway"))

    @property
    def brings_files(self) -> bool:
        return bool(chosen() or self.returned_files.data)

    def validate_body(self, field: Area) -> None:
        if not self.returned_files.data:
            super().validate_body(field)


class HoldForm(Form):
    reason = Choice(_l("Wait for"))
    until = DateField(_l("Until"), [Optional()], description=_l("The day on which the ticket goes on by itself."))


class ReasonForm(Form):
    reason = Area(_l("Reason"), [required(), at_most(LONGEST_BODY)])


class CancellationForm(Form):
    reason = Area(_l("Reason"), [at_most(LONGEST_BODY)])


class TeamForm(Form):
    """A hop to another team."""

    team = Choice(_l("Team"), [required()])
    reason = Area(_l("Reason"), [required(), at_most(LONGEST_BODY)])


class AssigneeForm(Form):
    assignee = Choice(_l("Who works on it"))


class TagForm(Form):
    name = Line(_l("Tag"), [required(), at_most(40)])


class NumberForm(Form):
    """Names another ticket."""

    number = Line(_l("Number of the other ticket"), [required(), at_most(20)])

    def validate_number(self, field: Line) -> None:
        if not re.fullmatch(r"#?[0-9]{1,18}", field.data):
            raise ValidationError(_("This is not the number of a ticket."))

    @property
    def other(self) -> int:
        return int(self.number.data.lstrip("#"))


class LinkForm(NumberForm):
    kind = Choice(_l("This ticket is"), choices=list(LINKS.items()))


class SplitForm(Form):
    """What is another matter: its messages, and what it is called. The messages are set by the route."""

    messages = Checks(_l("Messages that belong to it"), coerce=int)
    subject = Line(_l("Subject"), [required(), at_most(LONGEST_SUBJECT)])
    request_type = Choice(_l("Request type"))
    submission = Submission()


class AnnouncementForm(in_each_language("titles", lambda language: _l("In one line (%(language)s)", language=language)),
                       in_each_language("texts", lambda language: _l("More (%(language)s)", language=language), Area,
                                        LONGEST_TEXT)):
    """What everybody is told of a trouble, in at least one language."""

    expected = DateField(_l("Expected to be over on"), [Optional()])
    is_for_customers = BooleanField(_l("Customers from outside read it too"))

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        if said(self, "titles"):
            return fine
        self.titles_en.errors = [_("Please say it in at least one language.")]
        return False


class FactsForm(Form):
    """The facts an agent may correct. `version` and the `was_…` fields say what the page showed."""

    subject = Line(_l("Subject"), [required(), at_most(LONGEST_SUBJECT)])
    kind = Choice(_l("Kind"), choices=list(TICKET_KINDS.items()))
    request_type_id = Choice(_l("Request type"), coerce=int)
    impact = Choice(_l("Impact"), choices=list(IMPACTS.items()))
    urgency = Choice(_l("Urgency"), choices=list(URGENCIES.items()))
    version = Mark()
    was_subject = HiddenField()
    was_kind = HiddenField()
    was_request_type_id = Mark()
    was_impact = HiddenField()
    was_urgency = HiddenField()
