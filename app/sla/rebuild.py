"""Timers computed from events alone: for a past without timers, and to prove that the stored ones are right."""

from collections.abc import Iterable

from . import engine
from .book import Book
from .timers import Happening, Timers


def fold(ticket_id: int, past: Iterable[Happening], book: Book, is_silent: bool) -> Timers:
    """The timers that follow from events, given in the order in which they were written down."""
    timers = Timers(ticket_id, is_silent=is_silent)
    for event in past:
        engine.apply(timers, event, book)
    return timers
