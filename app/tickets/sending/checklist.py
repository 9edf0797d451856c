"""What an excellent reply contains, as each team says it; the agent ticks for themselves, nothing is stored."""

from collections.abc import Iterable
from itertools import zip_longest

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from app.accounts.models import Team, User
from app.core.db import db
from app.core.events import record
from app.core.i18n import LANGUAGES, localized

from ..models import ReplyChecklistItem

MOST_POINTS, LONGEST_POINT = 12, 200
STANDARD = (
    _l("It answers what was asked."),
    _l("It says what was done, or what will be done."),
    _l("It says what happens next, and when."),
    _l("It says what the requester has to do, step by step."),
    _l("Somebody who knows nothing of the matter understands it."),
)
"""Where a team has no list of its own."""

Lists = dict[str, list[str]]
"""Language -> its points, in order; the same place means the same point."""


def items(team: Team) -> list[ReplyChecklistItem]:
    return list(db.session.scalars(sa.select(ReplyChecklistItem).where(ReplyChecklistItem.team_id == team.id)
                                   .order_by(ReplyChecklistItem.position)))


def points(team: Team, has_own: bool = True) -> list[str]:
    """In the reader's language, as far as a point is written in it."""
    own = items(team) if has_own else []
    return [localized(item.texts) for item in own] or [str(point) for point in STANDARD]


def lists(team: Team) -> Lists:
    """As it is edited: the team's own list, or the standard one to begin with."""
    own = items(team)
    if own:
        return {code: [item.texts.get(code, "") for item in own] for code in LANGUAGES}
    return standard()


def standard() -> Lists:
    made = {}
    for code in LANGUAGES:
        with force_locale(code):
            made[code] = [str(point) for point in STANDARD]
    return made


def change(team: Team, wanted: Lists, by: User) -> None:
    """Set a team's list; the standard one, or none, means that it has none of its own."""
    old = [item.texts for item in items(team)]
    new = [] if wanted == standard() else list(_points(wanted))
    if old == new:
        return
    db.session.execute(sa.delete(ReplyChecklistItem).where(ReplyChecklistItem.team_id == team.id))
    db.session.add_all(ReplyChecklistItem(team_id=team.id, position=place, texts=texts)
                       for place, texts in enumerate(new))
    record("team.changed", team, by, changes={"reply_checklist": [old, new]})


def _points(wanted: Lists) -> Iterable[dict[str, str]]:
    for texts in zip_longest(*wanted.values(), fillvalue=""):
        told = {code: text for code, text in zip(wanted, texts, strict=True) if text}
        if told:
            yield told
