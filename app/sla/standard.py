"""The promise a new desk begins with: one policy for every ticket, in office hours."""

from datetime import datetime
from typing import Any

from app.calendars import standard
from app.calendars.models import WorkCalendar

from .actions import Promised, RuleWanted, create_policy, set_rules
from .models import SlaPolicy

NAMES = {"en": "Standard", "ru": "Стандартная", "ky": "Стандарттуу"}
EVERYTHING = {"en": "Every ticket", "ru": "Все заявки", "ky": "Бардык өтүнмөлөр"}
HOUR = 3600
TARGETS = {
    "P1": {"first_response": HOUR // 2, "next_response": HOUR, "resolution": 4 * HOUR, "pickup:2": HOUR // 2},
    "P2": {"first_response": HOUR, "next_response": 2 * HOUR, "resolution": 9 * HOUR, "pickup:2": HOUR},
    "P3": {"first_response": 2 * HOUR, "next_response": 4 * HOUR, "resolution": 27 * HOUR, "pickup:2": 4 * HOUR},
    "P4": {"first_response": 4 * HOUR, "next_response": 9 * HOUR, "resolution": 45 * HOUR, "pickup:2": 9 * HOUR},
}


def install(calendar: WorkCalendar, by: Any, now: datetime) -> SlaPolicy:
    """The standard policy and the rule that chooses it for every ticket, from the beginning on."""
    promised = Promised(calendar, TARGETS, valid_from=standard.LONG_AGO)
    policy = create_policy("standard", NAMES, promised, by, now)
    set_rules([RuleWanted(policy, EVERYTHING)], by, now, standard.LONG_AGO)
    return policy
