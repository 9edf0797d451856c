"""What an administrator enters about a rule: what it asks of a ticket, and which policy it chooses."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from app.accounts.models import Department, Team
from app.calendars.forms import Dated
from app.catalogue.models import RequestType
from app.core import clock
from app.core.forms import Checks, Choice, Titled, said, spoken
from app.core.i18n import desk
from app.tickets.vocabulary import KINDS

from .actions import RuleWanted
from .models import SlaPolicy, SlaRule
from .vocabulary import CONDITIONS, EVERY_PRIORITY

Offer = dict[str, list[RequestType | Team | Department]]

FILED_FOR = {"": _l("Everybody"), "customer": _l("Customers only"), "inside": _l("Only people of the organisation")}
VALUES_OF = {"customer": [True], "inside": [False, None]}
"""Tickets of the first releases do not say it; they count as filed by the organisation's own people."""


class RuleForm(Titled):
    policy_id = Choice(_l("Policy"))
    is_floor = BooleanField(_l("Set by law"), description=_l(
        "Holds beside the policy that is chosen, wherever it is stricter. Its place in the order does not matter."))
    priority = Checks(_l("Priority"), choices=[(one, one) for one in EVERY_PRIORITY])
    kind = Checks(_l("Kind"), choices=list(KINDS.items()))
    request_type_id = Checks(_l("Request type"), coerce=int)
    team_id = Checks(_l("Team where it lands"), coerce=int)
    department_id = Checks(_l("Department of the requester"), coerce=int, description=_l(
        "The very department; tick those below it as well where they are meant."))
    is_from_customer = Choice(_l("Filed for"), choices=list(FILED_FOR.items()), default="")

    def wanted(self, policies: list[SlaPolicy]) -> RuleWanted:
        policy = next(one for one in policies if str(one.id) == self.policy_id.data)
        ticked = {fact: sorted(self[fact].data) for fact in CONDITIONS if fact != "is_from_customer"}
        ticked["is_from_customer"] = VALUES_OF.get(self.is_from_customer.data, [])
        conditions = {fact: values for fact, values in ticked.items() if values}
        return RuleWanted(policy, said(self, "names"), conditions, self.is_floor.data)


def rule_form(policies: list[SlaPolicy], offer: Offer, **values: Any) -> RuleForm:
    """The form with what there is to choose from: fact -> things with an id and a title."""
    fields: dict[str, Any] = {"policy_id": Choice(_l("Policy"), choices=[(str(one.id), one.title) for one in policies])}
    for fact, things in offer.items():
        declared = getattr(RuleForm, fact)
        fields[fact] = Checks(*declared.args, choices=[(one.id, one.title) for one in things], **declared.kwargs)
    return type("RuleForm", (RuleForm,), fields)(**values)


def filled(rule: SlaRule, policies: list[SlaPolicy], offer: Offer) -> RuleForm:
    """The form as a rule stands."""
    conditions = {fact: values for fact, values in rule.conditions.items() if fact != "is_from_customer"}
    asked = rule.conditions.get("is_from_customer")
    filed_for = next((word for word, values in VALUES_OF.items() if values == asked), "")
    return rule_form(policies, offer, formdata=None, policy_id=str(rule.policy_id), is_floor=rule.is_floor,
                     is_from_customer=filed_for, **conditions, **spoken("names", rule.names))


class PlanForm(Dated):
    """From which day on another list of rules is to hold."""

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators) and self.refuse_past()
        if fine and self.from_moment(desk.time_zone, clock.now()) is None:
            self.holds_from.errors = [_("Choose a day from tomorrow on. What holds from now on is changed directly.")]
            return False
        return fine
