"""The one clock. Everything inside is aware UTC; nobody else asks the operating system for the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC, with microseconds."""
    return datetime.now(UTC)


def whole_second(moment: datetime) -> datetime:
    """Cut to whole seconds, as moments on a clock are when they are recorded."""
    return moment.replace(microsecond=0)
