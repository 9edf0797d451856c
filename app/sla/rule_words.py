"""The conditions of rules in the reader's words."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.tickets.vocabulary import KINDS

from .vocabulary import EVERY_PRIORITY, FILED_FOR

LABELS = {"priority": _l("Priority"), "kind": _l("Kind"), "request_type_id": _l("Request type"),
          "team_id": _l("Team where it lands"), "department_id": _l("Department of the requester"),
          "is_from_customer": _l("Filed for")}


@dataclass(frozen=True)
class RuleWords:
    """Fact -> value -> its name."""

    values: dict[str, dict[Any, Any]]

    @classmethod
    def of(cls, offer: dict[str, list[Any]]) -> "RuleWords":
        """`offer`: fact -> the things there are, with id and title."""
        named = {fact: {one.id: one.title for one in things} for fact, things in offer.items()}
        return cls({"priority": {one: one for one in EVERY_PRIORITY}, "kind": KINDS,
                    "is_from_customer": FILED_FOR, **named})

    def lines(self, conditions: dict[str, list[Any]]) -> list[str]:
        """One line per condition: "Priority: P1, P2"; "Every ticket" where there is none."""
        told = [_("%(fact)s: %(values)s", fact=LABELS[fact], values=self._listed(fact, conditions[fact]))
                for fact in LABELS if fact in conditions]
        return told or [_("Every ticket")]

    def _listed(self, fact: str, wanted: list[Any]) -> str:
        return ", ".join(str(self.values[fact].get(value, value)) for value in wanted if value is not None)
