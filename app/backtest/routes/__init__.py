"""The administrator's pages of drafts that are tried on the past."""

from . import drafting, results, trials  # noqa: F401 - they register themselves
