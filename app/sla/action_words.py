"""What a policy does on the way to a deadline, in a sentence."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.models import User

from .vocabulary import ACTIONS

Action = dict[str, Any]
People = dict[int, User]

WHEN = {
    "first_response": _l("At %(share)s %% of the time for the first response: %(what)s"),
    "next_response": _l("At %(share)s %% of the time for the next response: %(what)s"),
    "resolution": _l("At %(share)s %% of the time for the resolution: %(what)s"),
    "pickup": _l("At %(share)s %% of the time for the pick-up: %(what)s"),
    "handover": _l("At %(share)s %% of the time for the hand-over: %(what)s"),
}
STEPS = {
    1: _l("escalate to the leads of the team"),
    2: _l("escalate to the head of the team's department"),
    3: _l("escalate to the head of the department above"),
    4: _l("escalate to the head two departments above"),
    5: _l("escalate to the head three departments above"),
}


def sentence(action: Action, people: People) -> str:
    """When and what: "At 75 % of the time for the resolution: tell the assignee"."""
    return str(WHEN[action["target"]] % {"share": action["share"], "what": phrase(action, people)})


def phrase(action: Action, people: People) -> str:
    """What is done, in words that follow a colon."""
    said = _SAID.get(action["action"])
    if said is not None:
        return said(action, people)
    label = str(ACTIONS[action["action"]])
    return label[:1].lower() + label[1:]


def mentioned(actions: Iterable[Action]) -> set[int]:
    """Ids of the people that actions name."""
    return {action["user_id"] for action in actions if action.get("user_id")}


def _named(action: Action, people: People) -> str:
    return _("tell %(name)s", name=_name(action, people))


def _given(action: Action, people: People) -> str:
    if action.get("user_id") is None:
        return _("give it to somebody else, as the team assigns its tickets")
    return _("give it to %(name)s", name=_name(action, people))


def _name(action: Action, people: People) -> str:
    found = people.get(action["user_id"])
    return found.name if found else _("somebody who is not here any more")


def _headed(action: Action, people: People) -> str:
    return str(STEPS[action["step"]])


def _tagged(action: Action, people: People) -> str:
    return _("add the tag “%(tag)s”", tag=action["tag"])


def _noted(action: Action, people: People) -> str:
    return _("add the note “%(text)s”", text=action["text"])


_SAID = {"notify_named": _named, "reassign": _given, "tell_head": _headed, "add_tag": _tagged, "add_note": _noted}
