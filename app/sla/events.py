"""What timers say, and what happens to the promises themselves. Subjects are tickets, policies and the rules.

`sla.warned`, `sla.breached` and `sla.overdue` carry target, cycle, level (of pick-up and hand-over), share (percent),
due (ISO moment), actions (what is to be done now, see sla.vocabulary.ACTIONS) and is_late (announced more than a minute
after the moment, the server having been down).
"""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.events import Kind, catalogue


class ByValue:
    """A sentence for each value of one key, chosen when the event's data is put in; a general one for the others."""

    def __init__(self, key: str, general: Any, **sentences: Any) -> None:
        self.key = key
        self.general = general
        self.sentences = sentences

    def __mod__(self, values: Any) -> str:
        return str(self.sentences.get(values.get(self.key), self.general) % values)

    def __str__(self) -> str:
        return str(self.general)


catalogue({
    "sla.warned": Kind(
        ByValue("target", _l("A deadline comes nearer"),
                first_response=_l("%(share)s %% of the time for the first response is used"),
                next_response=_l("%(share)s %% of the time for the next response is used"),
                resolution=_l("%(share)s %% of the time for the resolution is used"),
                pickup=_l("%(share)s %% of the time for picking it up on level %(level)s is used"),
                handover=_l("%(share)s %% of the time for level %(level)s to solve it or hand it over is used")),
        audience="timers"),
    "sla.breached": Kind(
        ByValue("target", _l("A deadline has passed"),
                first_response=_l("The deadline of the first response has passed"),
                next_response=_l("The deadline of the next response has passed"),
                resolution=_l("The deadline of the resolution has passed"),
                pickup=_l("The deadline for picking it up on level %(level)s has passed"),
                handover=_l("The deadline for level %(level)s to solve it or hand it over has passed")),
        audience="timers", webhook=True),
    "sla.overdue": Kind(
        ByValue("target", _l("A deadline has passed: %(share)s %% of the time is used"),
                first_response=_l("The deadline of the first response has passed: %(share)s %% of the time is used"),
                next_response=_l("The deadline of the next response has passed: %(share)s %% of the time is used"),
                resolution=_l("The deadline of the resolution has passed: %(share)s %% of the time is used"),
                pickup=_l("The deadline for picking it up on level %(level)s has passed: "
                          "%(share)s %% of the time is used"),
                handover=_l("The deadline for level %(level)s to solve it or hand it over has passed: "
                            "%(share)s %% of the time is used")),
        audience="timers", webhook=True),
    "sla_policy.changed": Kind(_l("%(actor)s changed the SLA policy")),
    "sla_policy.dropped": Kind(_l("%(actor)s threw a planned version of the SLA policy away")),
    "sla_rules.changed": Kind(_l("%(actor)s changed the SLA rules")),
    "sla_rules.dropped": Kind(_l("%(actor)s threw a planned list of SLA rules away")),
})
