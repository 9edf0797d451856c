"""What somebody enters who rates, or who follows a rating up."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice

from app.core.forms import Area, Form, at_most, required

from .vocabulary import SCORES


class RatingForm(Form):
    """One question, nothing chosen beforehand."""

    score = RadioField(_l("Rating"), [required()], coerce=int,
                       choices=[SelectChoice(score, words) for score, words in SCORES.items()])
    comment = Area(_l("What should we know?"), [at_most(4000)])


class FollowUpForm(Form):
    words = Area(_l("What was done about it"), [required(), at_most(4000)])
