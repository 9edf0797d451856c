"""What the desk does by itself: acts that policies ask for at shares of a target, and giving tickets to people."""

from . import events, models  # noqa: F401 - they register themselves
