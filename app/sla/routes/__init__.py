"""The administrator's pages of promises, the clocks of a ticket explained, and the pause auditor."""

from . import clocks, lists, pauses, policies, rules  # noqa: F401 - they register themselves
