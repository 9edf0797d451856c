"""What a macro does to a ticket beside saying something: a fixed list, each step with its right and its words.

What is stored of a macro is read by `judged` alone: a name that is in no list, or a value of the wrong kind, does
nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.models import User
from app.core.db import db
from app.core.errors import Conflict, Invalid
from app.core.i18n import choose_zone, local_time
from app.core.policy import may

from .. import actions
from ..models import Ticket
from ..settings import priority_of
from ..vocabulary import IMPACTS, STATUSES, TRANSITIONS, URGENCIES

THEN = ("resolve", "wait")
LONGEST_WAIT_DAYS = 365


class Change(NamedTuple):
    """One thing that will be otherwise."""

    label: Any
    old: str
    new: str


@dataclass(frozen=True)
class Case:
    """A ticket to which the steps of a macro are done."""

    ticket: Ticket
    by: User
    now: datetime
    steps: dict[str, Any]


class Step(NamedTuple):
    """What it is called, which right it needs (None: none), what changes, and how it is done."""

    title: Any
    permission: Callable[[Case], str | None]
    changes: Callable[[Case], list[Change]]
    run: Callable[[Case], None]


def judged(steps: Any) -> dict[str, Any]:
    """What of stored steps is on the list and of the right kind."""
    given = steps if isinstance(steps, dict) else {}
    return {name: given[name] for name, fits in _FITS.items() if name in given and fits(given[name])}


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 40


_FITS: dict[str, Callable[[Any], bool]] = {
    "assign": lambda value: value in ("me", "queue") or (type(value) is int and 0 < value < 2**31),
    "tags": lambda value: isinstance(value, list) and len(value) <= 10 and all(map(_is_word, value)),
    "impact": lambda value: isinstance(value, str) and value in IMPACTS,
    "urgency": lambda value: isinstance(value, str) and value in URGENCIES,
    "then": lambda value: value in THEN,
    "reason": _is_word,
    "days": lambda value: type(value) is int and 0 < value <= LONGEST_WAIT_DAYS,
}


def _assignee(case: Case) -> User | None:
    """Who will work on it. Raises Invalid for who is not here any more."""
    wanted = case.steps["assign"]
    if wanted == "queue":
        return None
    found = case.by if wanted == "me" else db.session.get(User, wanted)
    if found is None:
        raise Invalid(_("The person named by the macro is not here any more."))
    return found


def _right_to_assign(case: Case) -> str | None:
    if case.steps["assign"] == "me" and case.ticket.assignee_id == case.by.id:
        return None
    return "ticket.take" if case.steps["assign"] == "me" and case.ticket.assignee_id is None else "ticket.assign"


def _assigned(case: Case) -> list[Change]:
    old, new = case.ticket.assignee, _assignee(case)
    if old is new:
        return []
    nobody = _("Nobody yet")
    return [Change(_("Who works on it"), old.name if old else nobody, new.name if new else nobody)]


def _assign(case: Case) -> None:
    if _right_to_assign(case) == "ticket.take":
        case.ticket.take(case.by, case.now)
    else:
        case.ticket.assign(_assignee(case), case.by, case.now)


def _new_tags(case: Case) -> list[str]:
    held = {tag.name for tag in case.ticket.tags}
    return [word for word in dict.fromkeys(word.strip().lower() for word in case.steps["tags"]) if word not in held]


def _tagged(case: Case) -> list[Change]:
    old = [tag.name for tag in case.ticket.tags]
    new = _new_tags(case)
    return [Change(_("Tags"), ", ".join(old) or "–", ", ".join(old + new))] if new else []


def _tag(case: Case) -> None:
    for word in _new_tags(case):
        actions.tag(case.ticket, word, case.by)


def _weights(case: Case) -> tuple[str, str]:
    return case.steps.get("impact", case.ticket.impact), case.steps.get("urgency", case.ticket.urgency)


def _weighed(case: Case) -> list[Change]:
    ticket, (impact, urgency) = case.ticket, _weights(case)
    pairs = [(_("Impact"), str(IMPACTS[ticket.impact]), str(IMPACTS[impact])),
             (_("Urgency"), str(URGENCIES[ticket.urgency]), str(URGENCIES[urgency])),
             (_("Priority"), ticket.priority, priority_of(impact, urgency))]
    return [Change(*pair) for pair in pairs if pair[1] != pair[2]]


def _weigh(case: Case) -> None:
    actions.change_urgency(case.ticket, *_weights(case), case.by, case.now)


def _ended(case: Case) -> list[Change]:
    _refuse_senseless(case)
    if case.steps["then"] == "resolve":
        new = str(STATUSES["resolved"])
        old = str(STATUSES[case.ticket.status])
        return [Change(_("Status"), old, new)] if old != new else []
    until = _until(case)
    reason = actions.pending_reason(case.steps.get("reason"), until, case.now)
    words = _("%(status)s: %(reason)s", status=STATUSES["pending"], reason=reason.title)
    if until is not None:
        words = _("%(words)s, until %(date)s", words=words, date=local_time(until, "short"))
    return [Change(_("Status"), str(STATUSES[case.ticket.status]), words)]


def _refuse_senseless(case: Case) -> None:
    """What the verb would say, before it is asked. Raises Conflict."""
    old, new = case.ticket.status, "resolved" if case.steps["then"] == "resolve" else "pending"
    if old == new == "pending":
        raise Conflict(_("This ticket is already waiting."))
    if old != new and new not in TRANSITIONS[old]:
        raise Conflict(_("A ticket that is “%(old)s” cannot become “%(new)s”.", old=STATUSES[old], new=STATUSES[new]))


def _until(case: Case) -> datetime | None:
    """The morning of the day so many days from now, in the zone of whoever runs it."""
    days = case.steps.get("days")
    if days is None:
        return None
    zone = ZoneInfo(choose_zone())
    return datetime.combine(case.now.astimezone(zone).date() + timedelta(days), time(), zone).astimezone(UTC)


def _end(case: Case) -> None:
    if case.steps["then"] == "resolve":
        case.ticket.resolve(case.by, case.now)
    else:
        until = _until(case)
        reason = actions.pending_reason(case.steps.get("reason"), until, case.now)
        case.ticket.hold(reason, case.by, case.now, until)


STEPS: dict[str, Step] = {
    "assign": Step(_l("Assign"), _right_to_assign, _assigned, _assign),
    "tags": Step(_l("Tags"), lambda case: "ticket.tag", _tagged, _tag),
    "weigh": Step(_l("Impact and urgency"), lambda case: "ticket.change", _weighed, _weigh),
    "say": Step(_l("Message"), lambda case: None, lambda case: [], lambda case: None),
    "then": Step(_l("Status"), lambda case: "ticket.resolve" if case.steps["then"] == "resolve" else "ticket.hold",
                 _ended, _end),
}
"""In the order in which they are done; what is said (`say`) comes before the end, and is said by whoever runs them."""


def asked(case: Case) -> list[tuple[str, Step]]:
    """The steps of a macro, in order."""
    wanted = {"assign": "assign" in case.steps, "tags": "tags" in case.steps, "say": True,
              "weigh": bool({"impact", "urgency"} & case.steps.keys()), "then": "then" in case.steps}
    return [(name, step) for name, step in STEPS.items() if wanted[name]]


def is_allowed(case: Case, step: Step) -> bool:
    """Whether whoever runs it may do this step to this ticket."""
    permission = step.permission(case)
    return permission is None or may(case.by, permission, case.ticket)
