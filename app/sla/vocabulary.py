"""The words of timers, with their names for people."""

import json
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

PROMISES = {"first_response": _l("First response"), "next_response": _l("Next response"),
            "resolution": _l("Resolution")}
"""What the requester is promised."""
OLA = {"pickup": _l("Pick-up"), "handover": _l("Hand-over or solution")}
"""What the levels promise each other (ITIL: operational level agreement), once per visit to a level."""
TARGETS = PROMISES | OLA
ACTIONS = {
    "notify_assignee": _l("Tell the assignee (the team, while it is nobody's)"),
    "notify_team": _l("Tell the whole team"),
    "notify_lead": _l("Tell the team's lead"),
    "notify_deputy": _l("Tell the assignee's deputy (the lead, where there is none)"),
    "notify_chain": _l("Tell everybody up the chain: leads, then the heads of the departments"),
    "notify_named": _l("Tell one person"),
    "tell_head": _l("Escalate to the person in charge: so many steps up the chain"),
    "escalate_level": _l("Escalate to the next level"),
    "reassign": _l("Give it to somebody else"),
    "raise_priority": _l("Raise the priority by one"),
    "add_tag": _l("Add a tag"),
    "add_note": _l("Add an internal note"),
}
TELLING = frozenset({"notify_assignee", "notify_team", "notify_lead", "notify_deputy", "notify_chain", "notify_named"})
"""Actions that only tell people; the others do something, and are done even when a later share has overtaken them."""
CHOOSING = ("priority", "kind", "request_type_id", "department_id")
"""Facts whose change chooses the policy anew. The team is asked about too, but only the one where a ticket landed:
a change of level or team never moves the promise."""
CONDITIONS = (*CHOOSING, "team_id", "is_from_customer")
EVERY_PRIORITY = ("P1", "P2", "P3", "P4")
FILED_FOR = {True: _l("a customer"), False: _l("somebody of the organisation")}
"""Values of the condition `is_from_customer`, in words."""


def names_of(actions: list[dict | str]) -> list[str]:
    """The names of an announcement's actions; those of the first releases were written as names alone."""
    return [action["action"] if isinstance(action, dict) else action for action in actions]


def in_order(actions: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Actions as people read them: by target, share and kind."""
    targets, kinds = list(TARGETS), list(ACTIONS)
    return sorted(actions, key=lambda action: (targets.index(action["target"]), action["share"],
                                               kinds.index(action["action"]), json.dumps(action, sort_keys=True)))


def keys_of(levels: list[int]) -> list[str]:
    """Every target of a priority as policies store it: the promises, then pick-up and hand-over of each level."""
    return [*PROMISES, *(f"{target}:{level}" for level in levels for target in OLA)]
