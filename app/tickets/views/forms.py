"""What somebody says about a list: under which name and for whom it is saved, how it is laid out."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from app.core.forms import Checks, Choice, Form, Line, at_most, required

from . import wording
from .offers import Offers


class ViewForm(Form):
    """The name of a view, who sees it, and whether one's queues begin with it."""

    name = Line(_l("What it is called"), [required(), at_most(60)])
    team = Choice(_l("Who sees it"), default="")
    is_start = BooleanField(_l("My queues begin with it"))

    def __init__(self, offers: Offers, *args: Any, team_ids: list[int], **about: Any) -> None:
        super().__init__(*args, **about)
        self.team.choices = [("", _l("Only I")), *((str(team_id), offers.teams[team_id].title) for team_id in team_ids
                                                    if team_id in offers.teams)]


class LayoutForm(Form):
    """Which columns a list shows, and how close its rows stand."""

    columns = Checks(_l("Columns"), choices=list(wording.COLUMNS.items()))
    density = Choice(_l("Rows"), choices=list(wording.DENSITIES.items()))
