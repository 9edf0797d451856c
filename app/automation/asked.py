"""What an announcement of the timers asks for, and whether the ticket is in a state for it."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.events import Event
from app.sla.events import ByValue
from app.tickets.models import Ticket

REASON = ByValue(
    "target", _l("A deadline is near or has passed: %(share)s %% of the time is used."),
    first_response=_l("The time promised for the first response is running out or over: %(share)s %% of it is used."),
    next_response=_l("The time promised for the next response is running out or over: %(share)s %% of it is used."),
    resolution=_l("The time promised for the resolution is running out or over: %(share)s %% of it is used."),
    pickup=_l("The time for picking it up on level %(level)s is running out or over: %(share)s %% of it is used."),
    handover=_l("The time for level %(level)s to solve it or hand it over is running out or over: "
                "%(share)s %% of it is used."))


def acts_of(event: Event) -> list[dict[str, Any]]:
    """What is to be done, each as its name with what it needs to know; the first releases wrote names alone."""
    return [act if isinstance(act, dict) else {"action": act} for act in event.data["actions"]]


def reason(event: Event) -> str:
    """What the next one to work on it reads, in the language of the desk."""
    return REASON % event.data


def standstill(ticket: Ticket) -> str | None:
    """Why nobody is to be hurried about the ticket now; None where somebody may be."""
    if not ticket.is_active:
        return "ended"
    return "waiting" if ticket.is_pending else None
