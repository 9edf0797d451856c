"""Where rooms meet without importing each other. Empty here; wiring.py fills them when the app is made."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from markupsafe import Markup

REACTIONS: dict[str, list[Callable[..., None]]] = defaultdict(list)
"""Event kind -> functions(event, subject), run in order in the transaction that recorded the event."""

HANDLERS: dict[str, Callable[..., None]] = {}
"""Outbox kind -> function(row, now), run after commit by the drain."""

PANELS: dict[str, list[Callable[..., str]]] = defaultdict(list)
"""Page name -> functions(subject, viewer, now) that return safe HTML ('' to stay silent)."""

CHECKS: dict[str, list[Callable[[Any], Iterable[Any]]]] = defaultdict(list)
"""What is looked at before it is done (reply) -> functions that say what they find in it."""

LIVE_TOPICS: dict[str, Callable[[Any, int], bool]] = {}
"""Topic name -> function(person, id): whether this person may hear that something happened there."""

LIVE_SIGHTS: dict[str, Callable[[Any], bool]] = {}
"""Topic name -> function(core.presence.Sight): whether pages that listen to it show that somebody is there. Names with
the same number speak of the same thing; a name that is missing here has no presence."""

LIVE_ECHOES: list[Callable[[list[Any]], list[tuple[str, int]]]] = []
"""Functions(events) -> (topic, event id) pairs: who hears of which event. A topic is written `name:id`."""

RECEIVERS: dict[str, Callable[..., Any]] = {}
"""Way in (email, form) -> function that makes a message of what arrived, in the caller's transaction."""

CHOICES: dict[str, Callable[[], list[tuple[str, str]]]] = {}
"""What a lower room lets people choose from (form: the request types of the web form) -> (value, label) pairs."""

FINDINGS: dict[str, Callable[[], tuple[bool, Any]]] = {}
"""What rooms add to /healthz: name -> function that says whether it is well and what to say about it."""

OWN_ADDRESSES: list[Callable[[str], bool]] = []
"""Functions(address) -> whether the desk itself is reached there: such an address is no person's."""

SETUP_CHECKS: list[Callable[[Any], list[Any]]] = []
"""Functions(now) -> [core.findings.Finding]: what of the settings contradicts itself, for "check my setup"."""

ROW_LINES: list[Callable[[list[Any], Any], dict[int, str]]] = []
"""Functions(rows of a queue, now) -> ticket id -> why it stands there, in one line."""


PROMISED: list[Callable[[Any, Any], Any]] = []
"""Functions(ticket, now) -> the moment by which something is promised to the requester, or None."""


def promised_at(ticket: Any, now: Any) -> Any:
    """By when something is promised to who asked; None where nothing is."""
    return min((moment for ask in PROMISED if (moment := ask(ticket, now)) is not None), default=None)


def row_lines(rows: list[Any], now: Any) -> dict[int, str]:
    """What other rooms have to say about the rows of a queue."""
    return {number: line for say in ROW_LINES for number, line in say(rows, now).items()}


def panels(page: str, subject: Any, viewer: Any, now: Any) -> list[Markup]:
    """What other rooms have to say on a page, in the order they were wired; each panel is drawn by a template."""
    drawn = (panel(subject, viewer, now) for panel in PANELS[page])
    return [Markup(markup) for markup in drawn if markup]  # noqa: S704


def clear() -> None:
    """Forget everything (a second app in one process wires itself anew)."""
    for registry in (REACTIONS, HANDLERS, PANELS, CHECKS, LIVE_TOPICS, LIVE_SIGHTS, LIVE_ECHOES, RECEIVERS, CHOICES,
                     FINDINGS, OWN_ADDRESSES, SETUP_CHECKS, ROW_LINES, PROMISED):
        registry.clear()
