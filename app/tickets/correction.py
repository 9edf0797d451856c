"""A correction of a ticket's facts that somebody has in mind; nothing of it is saved."""

from dataclasses import dataclass
from typing import Any

from .models import Ticket
from .settings import priority_of

MEANT = ("kind", "request_type_id", "impact", "urgency")
"""Facts on which something may depend that is worth seeing before it is saved."""


@dataclass(frozen=True)
class Correction:
    """What a page of facts shows to panels of other rooms."""

    ticket: Ticket
    facts: dict[str, Any]
    """As they would be."""

    @property
    def changes(self) -> dict[str, list[Any]]:
        """Old and new of each fact that would differ, the priority that follows among them."""
        new = self.facts | {"priority": priority_of(self.facts["impact"], self.facts["urgency"])}
        return {fact: [getattr(self.ticket, fact), value] for fact, value in new.items()
                if getattr(self.ticket, fact) != value}
