"""What each number means: its name, its definition for people (the page of figures shows it), its unit and source."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Measure:
    """A number. `unit` is 'count', 'seconds' (of business time) or 'share' (of yes among all)."""

    name: str
    title: Any
    definition: Any
    unit: str
    source: str


MEASURES: dict[str, Measure] = {measure.name: measure for measure in (
    Measure("filed", _l("Filed"), _l("Tickets filed in the month, by the team where they landed."), "count", "ITIL 4"),
    Measure("resolved", _l("Resolved"),
            _l("Tickets whose last resolution falls in the month and still stands, by the team that resolved them."),
            "count", "ITIL 4"),
    Measure("stay", _l("Backlog"), _l("Tickets new, open or pending with the team when the month ended (or now)."),
            "count", "HDI"),
    Measure("first_response", _l("First response"),
            _l("Business time from filing to the first public reply of the staff, for tickets first answered in the "
               "month. Median and 90th percentile (nearest rank)."), "seconds", "HDI"),
    Measure("resolution", _l("Resolution"),
            _l("Business time spent until the resolution that stands, pauses left out and all cycles added, for "
               "tickets resolved in the month. Median and 90th percentile (nearest rank)."), "seconds", "ITIL 4"),
    Measure("sla_response", _l("Response SLA met"),
            _l("Share of first-response targets that ended in the month within their time."), "share", "ITIL 4"),
    Measure("sla_resolution", _l("Resolution SLA met"),
            _l("Share of resolution targets (one per cycle) that ended in the month within their time."),
            "share", "ITIL 4"),
    Measure("escalated", _l("Escalated"),
            _l("Hand-overs to a higher level in the month, by the team that handed over."), "count", "ITIL 4"),
    Measure("handed_back", _l("Handed back"), _l("Returns in the month, by the team that returned the ticket."),
            "count", "HDI"),
    Measure("reopened", _l("Reopened"),
            _l("Resolved tickets opened again in the month, by the team that had resolved them."), "count", "HDI"),
)}
