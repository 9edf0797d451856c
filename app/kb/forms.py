"""What writers enter: texts, facts about articles, moments, reasons, categories."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import get_timezone
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, SelectChoice, TimeField
from wtforms.validators import Optional

from app.accounts.models import Team, User
from app.core.edits import Guarded
from app.core.forms import (
    Area,
    Checks,
    Choice,
    Form,
    Line,
    Titled,
    Whole,
    at_most,
    between,
    maybe_id,
    required,
    said,
    short_name,
)
from app.core.i18n import LANGUAGES
from app.core.uploads import Files

from . import starting_texts, words
from .actions import Facts, Text
from .models import Category

LONGEST_BODY = 200_000
LONGEST_TITLE = 200


class TextForm(Form):
    """The text of an article; `seen_number` is the version it was begun from."""

    title = Line(_l("Title"), [required(), at_most(LONGEST_TITLE)])
    body = Area(_l("Text"), [required(), at_most(LONGEST_BODY)])
    note = Line(_l("What changed"), [at_most(200)], description=_l("For the other writers, in the list of versions."))
    is_minor = BooleanField(_l("A small change: translations need not follow"))
    seen_number = Whole(validators=[Optional(), between(0, 10**9)])

    def text(self) -> Text:
        return Text(self.title.data, self.body.data, self.note.data or "", self.is_minor.data)


class FactsForm(Guarded):
    """Who reads it, where it stands, whose it is. Who reads it is always chosen, never guessed."""

    language = Choice(_l("Language of the text"), choices=list(LANGUAGES.items()))
    visibility = RadioField(_l("Who reads it"), validators=[required(_l("Please say who may read it."))])
    teams = Checks(_l("Teams that read it"), coerce=int)
    category_id = Choice(_l("Category"))
    owner_id = Choice(_l("Owner"), description=_l("Answers for it and is reminded when it is due for a review."))
    tags = Line(_l("Tags"), [at_most(400)], description=_l("Words with commas between."))
    review_on = DateField(_l("Look again on"), [Optional()],
                          description=_l("Without a date one is set when it is published."))

    def facts(self, offered: "Offered") -> Facts:
        return Facts(
            language=self.language.data, visibility=self.visibility.data,
            teams=[team for team in offered.teams if team.id in self.teams.data],
            category=offered.category(self.category_id.data), owner=offered.owner(self.owner_id.data),
            tags=(self.tags.data or "").split(","), review_on=self.review_on.data)

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        if self.visibility.data == "teams" and not self.teams.data:
            self.teams.errors = [*self.teams.errors, _("Please name at least one team.")]
            return False
        return fine


class NewForm(FactsForm):
    """An article that is begun: what it is called, and what its text starts from."""

    title = Line(_l("Title"), [required(), at_most(LONGEST_TITLE)])
    template = Choice(_l("Begin from"))


@dataclass(frozen=True)
class Offered:
    """What there is to choose from for the facts of an article."""

    teams: Sequence[Team]
    categories: Sequence[tuple[int, Category]]
    people: Sequence[User]

    def category(self, text: str) -> Category | None:
        return next((one for _depth, one in self.categories if str(one.id) == text), None)

    def owner(self, text: str) -> User | None:
        return next((one for one in self.people if str(one.id) == text), None)

    def fields(self) -> dict[str, Any]:
        """The choices as fields of a form."""
        readers = [SelectChoice(name, label) for name, label in words.readers().items()]
        return {
            "visibility": RadioField(_l("Who reads it"), choices=readers,
                                     validators=[required(_l("Please say who may read it."))]),
            "teams": Checks(_l("Teams that read it"), coerce=int,
                            choices=[(team.id, team.title) for team in self.teams]),
            "category_id": Choice(_l("Category"), choices=[("", _l("None")), *(
                (str(one.id), f"{'– ' * depth}{one.title}") for depth, one in self.categories)]),
            "owner_id": Choice(_l("Owner"), choices=[("", _l("Nobody")), *(
                (str(one.id), one.name) for one in self.people)], description=_l(
                    "Answers for it and is reminded when it is due for a review.")),
        }


def facts_form(offered: Offered, **about: Any) -> FactsForm:
    return type("FactsForm", (FactsForm,), offered.fields())(**about)


def new_form(offered: Offered, **about: Any) -> NewForm:
    template = Choice(_l("Begin from"), choices=[("", _l("An empty page")), *starting_texts.TITLES.items()])
    return type("NewForm", (NewForm,), {**offered.fields(), "template": template})(**about)


class ReasonForm(Form):
    reason = Area(_l("What is to be done"), [required(), at_most(1000)],
                  description=_l("The writers read it on the page of the article."))


class MomentForm(Form):
    """A day and a time on the reader's own clock."""

    day = DateField(_l("Day"), [required()])
    time = TimeField(_l("Time"), [required()])

    def moment(self) -> datetime:
        zone = get_timezone() or ZoneInfo("UTC")
        local = datetime.combine(self.day.data, self.time.data)
        return local.replace(tzinfo=ZoneInfo(str(zone))).astimezone(UTC)


class ReviewedForm(Form):
    next_on = DateField(_l("Look again on"), [required()])


class FilesForm(Form):
    files = Files()


class CategoryForm(Titled, Guarded):
    slug = short_name()
    parent_id = Choice(_l("Belongs to"))
    position = Whole(_l("Place in the list"), [required(), between(0, 9999)])

    def facts(self) -> dict[str, Any]:
        return {"slug": self.slug.data, "names": said(self, "names"), "parent_id": maybe_id(self.parent_id.data),
                "position": self.position.data}
