"""The administrator's pages of the catalogue."""

from . import intake_rules, request_types

__all__ = ["intake_rules", "request_types"]
