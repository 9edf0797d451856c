"""The ways in: one line each, with a folder of its own where it has one. Some may be switched off.

Whoever takes something in asks `is_on` first. What came before a way was switched off stays and goes on.
"""

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.core.db import db
from app.core.settings import Settings

from .email.models import Mailbox
from .form import FORM
from .phone import PHONE
from .walk_in import WALK_IN
from .way import Way

WAYS: dict[str, Way] = {
    "web": Way(_l("Web"), _l("People who are signed in file a request on its page. Switched off, agents still can, and "
                             "what is under way goes on."), is_on=True),
    "email": Way(_l("E-mail"), _l("Mail to the desk's addresses becomes tickets and messages. Switched off, nothing is "
                                  "fetched: mail waits on its server and is taken in later."), is_on=True),
    "phone": PHONE,
    "walk_in": WALK_IN,
    "form": FORM,
    "api": Way(_l("API"), "", is_on=True, is_shown=False),
}
"""Name of a channel, as tickets and messages keep it -> the way."""

channels = Settings("channels", **{name: way.is_on for name, way in WAYS.items() if way.is_shown},
                    enter_callers=True)
"""`enter_callers`: agents may make a customer of who calls or comes and is not known."""


def is_on(name: str) -> bool:
    """Whether the desk takes anything this way now. Raises KeyError for what is no way."""
    return not WAYS[name].is_shown or bool(getattr(channels, name))


def asks_if_on(name: str) -> Any:
    """The same as a question of a permission."""
    return lambda person, subject: is_on(name)


def others() -> list[str]:
    """The ways beside the web that are on, for who cannot file there."""
    return [name for name, way in WAYS.items() if name != "web" and way.is_shown and is_on(name)]


def addresses() -> list[str]:
    """Where people may write to, as far as mail is taken in."""
    open_boxes = sa.select(Mailbox.address).where(Mailbox.is_active).order_by(Mailbox.address)
    return list(db.session.scalars(open_boxes)) if is_on("email") else []
