"""Rows in which an administrator says what happens on the way to a deadline, and what is wrong with them."""

import json
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form
from wtforms.validators import Optional

from app.accounts.models import User
from app.core.errors import Invalid
from app.core.forms import Choice, Line, OurWords, Whole, at_most, between, plain_address

from . import queries
from .action_words import Action, People
from .vocabulary import ACTIONS, TARGETS, in_order

MOST_PERCENT = 300
LONGEST_TAG = 40
STEPS = range(1, 6)
HINTS = {
    "notify_named": _l("E-mail address of the person"),
    "reassign": _l("E-mail address, or empty"),
    "tell_head": _l("Steps up, 1 to 5"),
    "add_tag": _l("The tag"),
    "add_note": _l("Text of the note"),
}
"""Actions that need to know more, and what is written for them."""
GIVEN_AWAY = ("escalate_level", "reassign")
"""Actions of which a ticket can bear only one at a time."""


class ActionRow(Form):
    """What happens when a share of a target is used up; without a share the row is left out."""

    class Meta:
        csrf = False

        def get_translations(self, form: Any) -> OurWords:
            return OurWords()

    share = Whole(_l("Share in percent"), [Optional(), between(1, MOST_PERCENT)])
    target = Choice(_l("Target"), choices=list(TARGETS.items()), default="first_response")
    action = Choice(_l("What happens"), choices=list(ACTIONS.items()), default="notify_assignee")
    detail = Line(_l("Who or what"), [at_most(500)])

    @property
    def hints(self) -> str:
        """Action -> what is written for it, for the script that shows the box only where it is needed."""
        return json.dumps({action: str(hint) for action, hint in HINTS.items()})


def typed(action: Action, people: People) -> dict[str, Any]:
    """A stored action as its row shows it."""
    user = people.get(action.get("user_id") or 0)
    detail = user.email if user else action.get("step") or action.get("tag") or action.get("text") or ""
    return {**{name: action[name] for name in ("share", "target", "action")}, "detail": str(detail)}


def read(rows: list[ActionRow]) -> tuple[list[Action], bool]:
    """The actions of the rows, each once, in the order of targets and shares; and whether all of them make sense.

    What is wrong stands at the row afterwards.
    """
    filled = [row for row in rows if row.share.data]
    people = {user.email: user for user in queries.people_by_email(_addresses(filled))}
    read_rows = [(row, _read(row, people)) for row in filled]
    fine = all(action is not None for _row, action in read_rows) and _given_away_once(read_rows)
    told = {json.dumps(action, sort_keys=True): action for _row, action in read_rows if action is not None}
    return in_order(told.values()), fine


def _addresses(rows: list[ActionRow]) -> list[str]:
    return [row.detail.data.strip().lower() for row in rows
            if row.action.data in ("notify_named", "reassign") and row.detail.data]


def _read(row: ActionRow, people: dict[str, User]) -> Action | None:
    """None for a row that makes no sense; the reason stands at its box."""
    if row.target.data not in TARGETS or row.action.data not in ACTIONS:
        return None
    reader = READERS.get(row.action.data)
    try:
        more = reader((row.detail.data or "").strip(), people) if reader else {}
    except Invalid as error:
        row.detail.errors = [error.message]
        return None
    return {"target": row.target.data, "share": row.share.data, "action": row.action.data, **more}


def _named(text: str, people: dict[str, User]) -> dict[str, Any]:
    if not text:
        raise Invalid(_("Write the e-mail address of the person who is told."))
    return {"user_id": _person(text, people).id}


def _given_to(text: str, people: dict[str, User]) -> dict[str, Any]:
    """To one person, or, where nobody is named, as the team assigns its tickets."""
    if not text:
        return {}
    person = _person(text, people)
    if not person.is_agent:
        raise Invalid(_("%(name)s works in no team, so no ticket can be given to this person.", name=person.name))
    return {"user_id": person.id}


def _person(text: str, people: dict[str, User]) -> User:
    try:
        address = plain_address(text)
    except ValueError as error:
        raise Invalid(_("“%(text)s” is not an e-mail address.", text=text)) from error
    if address not in people:
        raise Invalid(_("Nobody here has the address %(email)s.", email=address))
    return people[address]


def _step(text: str, people: dict[str, User]) -> dict[str, Any]:
    if text not in map(str, STEPS):
        raise Invalid(_("Write how many steps up the chain, 1 to 5: 1 is the leads of the team, 2 the head of its "
                        "department."))
    return {"step": int(text)}


def _tag(text: str, people: dict[str, User]) -> dict[str, Any]:
    if not text or len(text) > LONGEST_TAG:
        raise Invalid(_("Write the tag, at most %(most)s characters.", most=LONGEST_TAG))
    return {"tag": text.lower()}


def _note(text: str, people: dict[str, User]) -> dict[str, Any]:
    if not text:
        raise Invalid(_("Write the text of the note."))
    return {"text": text}


READERS: dict[str, Callable[[str, dict[str, User]], dict[str, Any]]] = {
    "notify_named": _named, "reassign": _given_to, "tell_head": _step, "add_tag": _tag, "add_note": _note,
}


def _given_away_once(read_rows: list[tuple[ActionRow, Action | None]]) -> bool:
    """At one moment a ticket can go one way only."""
    ways: dict[tuple[str, int], Action] = {}
    fine = True
    for row, action in read_rows:
        if action is None or action["action"] not in GIVEN_AWAY:
            continue
        if ways.setdefault((action["target"], action["share"]), action) != action:
            row.action.errors = [_("At one moment a ticket can be given away only once. Choose another share, or take "
                                   "one of the two rows out.")]
            fine = False
    return fine
