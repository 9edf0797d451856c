"""Whose turn it is to speak on a ticket, and since when: kept by what happens, so that no list reads conversations."""

from datetime import datetime
from typing import Any, NamedTuple

from ..vocabulary import ACTIVE


class Turn(NamedTuple):
    """Who is waited for: us, the requester, or nobody any more; and since when."""

    awaits: str | None
    since: datetime | None


NOBODYS = Turn(None, None)
SPEAKS = {"ticket.filed": "us", "ticket.answered": "us", "ticket.replied": "requester"}
"""What somebody said hands the turn to the other side; what a machine or the desk itself wrote does not."""


def next_turn(turn: Turn, kind: str, at: datetime, data: dict[str, Any]) -> Turn:
    """Whose turn it is after an event. Who waits already has waited since the first unanswered word."""
    old, new = data.get("changes", {}).get("status", (None, None))
    awaits = SPEAKS.get(kind) or ("requester" if data.get("waits_for_requester") else turn.awaits)
    if new is not None and new not in ACTIVE:
        return NOBODYS
    if new is not None and old is not None and old not in ACTIVE:
        return Turn("us", at)
    if kind in SPEAKS and turn.awaits is None and kind != "ticket.filed":
        return NOBODYS
    return turn if awaits == turn.awaits else Turn(awaits, at)
