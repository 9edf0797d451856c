"""What is entered about an absence."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectChoice

from app.accounts.absence_actions import facts_of
from app.accounts.absence_checks import Plan, Problem
from app.accounts.absence_models import REASONS, Absence
from app.accounts.absence_queries import could_stand_in
from app.accounts.models import User
from app.core.edits import Facts, Guarded, fingerprint
from app.core.forms import Area, Choice, Line, at_most, maybe_id, required

KINDS = ("tickets", "escalations", "approvals")
FRESH: Facts = {"starts_on": None, "ends_on": None, "reason": "leave", "order_number": "", "note": "",
                "passes_tickets": True, "deputies": {}}


class AbsenceForm(Guarded):
    """`shown` says for which entries it was shown what goes to whom; only those are saved."""

    starts_on = DateField(_l("First day"), [required()])
    ends_on = DateField(_l("Last day"), [required()], description=_l("The whole day counts."))
    reason = Choice(_l("Reason"), choices=list(REASONS.items()),
                    description=_l("Only those who may change the absence see it."))
    order_number = Line(_l("Number of the order"), [at_most(60)],
                        description=_l("Of the order by which the powers pass to the deputies."))
    note = Area(_l("Note"), [at_most(2000)], description=_l("Seen by whoever sees the reason."))
    tickets = Choice(_l("Deputy for tickets"),
                     description=_l("Works in every team where the person has tickets."))
    escalations = Choice(_l("Deputy for escalations"),
                         description=_l("Is told what the person would be told as a lead or head."))
    approvals = Choice(_l("Deputy for approvals"), description=_l("Decides what waits for the person's word."))
    passes_tickets = RadioField(_l("Active tickets"), default="pass", choices=[
        SelectChoice("pass", _l("Go to the deputy for tickets when the absence begins")),
        SelectChoice("stay", _l("Stay; the deputy works on them from there"))])
    shown = HiddenField()

    @classmethod
    def of(cls, person: User, facts: Facts, **about: Any) -> "AbsenceForm":
        """The form for one person's absence, with the kinds of work that this person has."""
        form = cls(**about, **{name: facts[name] for name in FRESH if name not in ("passes_tickets", "deputies")},
                   **{kind: str(facts["deputies"].get(kind, "")) for kind in KINDS},
                   passes_tickets="pass" if facts["passes_tickets"] else "stay", seen=fingerprint(facts))
        offered = could_stand_in(person)
        for kind in KINDS:
            form._offer(kind, offered.get(kind), facts["deputies"].get(kind))
        if "tickets" not in offered:
            del form.passes_tickets
        return form

    def _offer(self, kind: str, people: list[User] | None, present_id: int | None) -> None:
        if people is None and present_id is None:
            delattr(self, kind)
            return
        listed = {user.id: user.name for user in people or []}
        if present_id is not None and present_id not in listed:
            listed[present_id] = _("As before")
        self[kind].choices = [("", _("Nobody")), *((str(user_id), name) for user_id, name in listed.items())]

    def facts(self) -> Facts:
        """What was typed, in the form of `absence_actions.facts_of`."""
        entered = {name: self[name].data for name in FRESH if name not in ("passes_tickets", "deputies")}
        chosen = {kind: maybe_id(self[kind].data) for kind in KINDS if kind in self}
        passes = self.passes_tickets.data == "pass" if "passes_tickets" in self else True
        return entered | {"passes_tickets": passes,
                          "deputies": {kind: user_id for kind, user_id in chosen.items() if user_id is not None}}

    def plan(self, person: User, team_ids: frozenset[int], absence: Absence | None = None) -> Plan:
        """The plan as typed; `absence` is the one it changes."""
        begun = absence.starts_on if absence is not None and absence.begun_at is not None else None
        return Plan(person=person, team_ids=team_ids, absence_id=absence.id if absence is not None else None,
                    begun=begun, **self.facts())

    def tell(self, problems: list[Problem]) -> None:
        """Each at its field."""
        for problem in problems:
            field = self[problem.field]
            field.errors = [*field.errors, problem.message]

    @property
    def was_shown(self) -> bool:
        """Whether what would be saved is what was shown; what is typed now is shown next."""
        typed = fingerprint(self.facts())
        fits = self.shown.data == typed
        self.shown.data = typed
        return fits


def stored(absence: Absence | None) -> Facts:
    return FRESH if absence is None else facts_of(absence)
