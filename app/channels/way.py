"""What is said of a way in."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Way:
    """A way in: its name for people, what it means to switch it off, whether a new desk begins with it."""

    label: Any
    words: Any
    is_on: bool
    is_shown: bool = True
    """Whether the administrator finds it; the API has no pages yet, but imports say that they came by it."""
    shortcut: str = ""
    """The key that opens its page, for ways that an agent writes down."""
