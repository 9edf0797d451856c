"""What may stand in braces in a reply template, and what is put there for one ticket.

Nothing of a stored text is ever rendered as a template (core.placeholders). What is put in is plain text: it cannot
become a link or mark-up of the message. What has no value leaves a hole that cannot be overlooked.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask import current_app
from flask_babel import lazy_gettext as _l

from app.accounts.models import User
from app.core import placeholders
from app.core.i18n import MOMENTS, desk, localized
from app.core.markup import clean_line
from app.core.registries import promised_at

from ..models import Ticket

HOLE = "[…]"
"""Stands where something is still to be filled in, by the desk that knew nothing or by who wrote the template."""
_MARKS = re.compile(r"([\\`*\[\]<>])")


@dataclass(frozen=True)
class Case:
    """For what a text is filled: a ticket, who writes, when, in which language."""

    ticket: Ticket
    agent: User
    now: datetime
    language: str


class Placeholder(NamedTuple):
    """What it means, what is put there ('' for nothing), and what the preview without a ticket shows."""

    words: Any
    value: Callable[[Case], str]
    example: Any
    is_plain: bool = True
    """Text that somebody typed: what Markdown would take for mark-up is made harmless."""


def _link(case: Case) -> str:
    return f"{current_app.config['BASE_URL']}/tickets/{case.ticket.number}"


def _promise(case: Case) -> str:
    return _moment(promised_at(case.ticket, case.now), case)


def _moment(moment: datetime | None, case: Case) -> str:
    """In the language of the text and the requester's zone."""
    if moment is None:
        return ""
    zone = ZoneInfo(case.ticket.requester.time_zone or desk.time_zone)
    return format_datetime(moment, MOMENTS[case.language]["short"], tzinfo=zone, locale=case.language)


def _first(name: str) -> str:
    return name.split(maxsplit=1)[0] if name else ""


PLACEHOLDERS = {
    "requester.name": Placeholder(_l("Who asked"), lambda case: case.ticket.requester.name, _l("Aigul Sadykova")),
    "requester.first_name": Placeholder(_l("The first word of that name"),
                                        lambda case: _first(case.ticket.requester.name), _l("Aigul")),
    "ticket.number": Placeholder(_l("The number, as #12"), lambda case: f"#{case.ticket.number}", "#12", False),
    "ticket.subject": Placeholder(_l("The subject"), lambda case: case.ticket.subject,
                                  _l("The printer does not print")),
    "ticket.link": Placeholder(_l("The address of the ticket"), _link, "https://desk.example/tickets/12", False),
    "agent.name": Placeholder(_l("Who writes"), lambda case: case.agent.name, _l("Timur Osmonov")),
    "team.name": Placeholder(_l("The team that has it now"),
                             lambda case: localized(case.ticket.team.names, case.language), _l("Service desk")),
    "promise": Placeholder(_l("By when the solution is promised, in the requester's own time"), _promise,
                           _l("tomorrow, 15:00")),
}


def filled(body: str, case: Case) -> str:
    """The words with what stands for their placeholders; a hole where there is nothing, or no such placeholder."""
    return placeholders.put(body, lambda name: _of(name, case) or HOLE)


def _of(name: str, case: Case) -> str:
    known = PLACEHOLDERS.get(name)
    if known is None:
        return ""
    said = clean_line(known.value(case))
    return _MARKS.sub(r"\\\1", said) if known.is_plain else said


def exampled(body: str) -> str:
    """The same without a ticket, with what an example would say."""
    return placeholders.put(body, lambda name: str(PLACEHOLDERS[name].example) if name in PLACEHOLDERS else HOLE)


def unknown(body: str) -> list[str]:
    """What stands in braces and means nothing here."""
    return placeholders.unknown(body, PLACEHOLDERS)


def has_holes(text: str) -> bool:
    """Whether something is still to be filled in."""
    return HOLE in text
