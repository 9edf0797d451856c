"""What the things behind the clocks of a ticket are called: read at once, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.models import Department, Team, User
from app.catalogue.models import RequestType
from app.core.db import db
from app.core.i18n import localized
from app.tickets import history
from app.tickets.models import PendingReason
from app.tickets.vocabulary import KINDS

from .choice import Choice, Verdict
from .explain import Explanation, Place
from .models import SlaPolicy, SlaRule
from .vocabulary import FILED_FOR

FACTS = history.FACTS | {"team_id": _l("Team where it landed"), "is_from_customer": _l("Filed for")}
"""The facts that rules ask for; they mean the team where a ticket landed."""

Titles = dict[Any, str]


@dataclass(frozen=True)
class Names:
    """By id (of a reason: by its short name), in the reader's language."""

    people: Titles
    teams: Titles
    departments: Titles
    types: Titles
    reasons: Titles
    rules: Titles
    policies: Titles

    def reason(self, slug: str | None) -> str:
        return self.reasons.get(slug, slug or "")

    def fact(self, fact: str, value: Any) -> str:
        """The value of a fact that rules ask for."""
        if fact == "is_from_customer":
            return str(FILED_FOR[bool(value)])
        words = {"kind": KINDS, "team_id": self.teams, "department_id": self.departments,
                 "request_type_id": self.types}.get(fact, {})
        return str(words.get(value, value)) if value is not None else _("none")

    def wanted(self, verdict: Verdict) -> str:
        """What a rule asked for in the condition that did not hold."""
        wanted = (self.fact(verdict.fact, one) for one in verdict.rule.conditions[verdict.fact])
        return ", ".join(dict.fromkeys(wanted))

    def place(self, place: Place) -> str:
        """The team with its level, and who had it."""
        team = _("%(team)s (level %(level)s)", team=self.teams.get(place.team_id, ""), level=place.level)
        return f"{team}, {self.people[place.assignee_id]}" if place.assignee_id in self.people else team


def read(explanations: Iterable[Explanation], chosen: Iterable[Choice]) -> Names:
    """For the clocks of one ticket: one query per kind of thing, whatever there is to name."""
    places = [segment.place for told in explanations for segment in told.segments if segment.place]
    rules = {verdict.rule.id for choice in chosen for verdict in choice.verdicts}
    people = sa.select(User.id, User.name).where(User.id.in_({place.assignee_id for place in places}))
    return Names(dict(db.session.execute(people).all()),
                 _titles(Team.id, Team.names), _titles(Department.id, Department.names),
                 _titles(RequestType.id, RequestType.names), _titles(PendingReason.slug, PendingReason.names),
                 _titles(SlaRule.id, SlaRule.names, SlaRule.id.in_(rules)), _titles(SlaPolicy.id, SlaPolicy.names))


def reasons() -> Titles:
    """Why tickets wait, for who reads nothing else."""
    return _titles(PendingReason.slug, PendingReason.names)


def _titles(key: Any, names: Any, *conditions: Any) -> Titles:
    rows = db.session.execute(sa.select(key, names).where(*conditions))
    return {key: localized(given) for key, given in rows}
