"""Where rooms meet without importing each other. Empty here; wiring.py fills them when the app is made."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from markupsafe import Markup

REACTIONS: dict[str, list[Callable[..., None]]] = defaultdict(list)
"""Event kind -> functions(event, subject), run in order in the transaction that recorded the event."""

HANDLERS: dict[str, Callable[..., None]] = {}
"""Outbox kind -> function(row, now), run after commit by the drain."""

PANELS: dict[str, list[Callable[..., str]]] = defaultdict(list)
"""Page name -> functions(subject, viewer, now) that return safe HTML ('' to stay silent)."""

CHECKS: dict[str, list[Callable[..., list[str]]]] = defaultdict(list)
"""Verb -> functions(subject, by) that return warnings shown before the verb is done."""

LIVE_TOPICS: dict[str, Callable[[Any, int], bool]] = {}
"""Topic name -> function(person, id): whether this person may hear that something happened there."""

LIVE_ECHOES: list[Callable[[list[Any]], list[tuple[str, int]]]] = []
"""Functions(events) -> (topic, event id) pairs: who hears of which event. A topic is written `name:id`."""

FINDINGS: dict[str, Callable[[], tuple[bool, Any]]] = {}
"""What rooms add to /healthz: name -> function that says whether it is well and what to say about it."""

ROW_LINES: list[Callable[[list[Any], Any], dict[int, str]]] = []
"""Functions(rows of a queue, now) -> ticket id -> why it stands there, in one line."""


def row_lines(rows: list[Any], now: Any) -> dict[int, str]:
    """What other rooms have to say about the rows of a queue."""
    return {number: line for say in ROW_LINES for number, line in say(rows, now).items()}


def panels(page: str, subject: Any, viewer: Any, now: Any) -> list[Markup]:
    """What other rooms have to say on a page, in the order they were wired; each panel is drawn by a template."""
    drawn = (panel(subject, viewer, now) for panel in PANELS[page])
    return [Markup(markup) for markup in drawn if markup]  # noqa: S704


def clear() -> None:
    """Forget everything (a second app in one process wires itself anew)."""
    for registry in (REACTIONS, HANDLERS, PANELS, CHECKS, LIVE_TOPICS, LIVE_ECHOES, FINDINGS, ROW_LINES):
        registry.clear()
