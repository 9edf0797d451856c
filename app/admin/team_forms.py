"""What an administrator enters about a team: its place in the organisation, how its work is shared, its people."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import Optional, StopValidation

from app.accounts import queries
from app.accounts.models import Department, Team, User
from app.calendars.models import WorkCalendar
from app.core.edits import Facts, Guarded, fingerprint
from app.core.forms import (
    Addresses,
    Choice,
    Line,
    Titled,
    Whole,
    at_most,
    between,
    maybe_id,
    required,
    said,
    short_name,
    spoken,
)
from app.sla.forms import HoursMinutes, hours_minutes

from .forms import ROLES, department_choices

ASSIGNMENTS = {
    "manual": _l("By hand"),
    "round_robin": _l("In turn"),
    "least_loaded": _l("To whoever carries least"),
}
FRESH: Facts = {"slug": "", "names": {}, "level": 1, "speciality": "", "is_active": True, "department_id": None,
                "escalates_to_id": None, "calendar_id": None, "assignment": "manual", "unown_after_seconds": None,
                "members": {}, "shares": {}}
MOST_WEIGHT = 500
FULL_SHARE = [100, None]
"""Weight and capacity of somebody new."""


class WorkingTime(HoursMinutes):
    """Hours and minutes of working time, or nothing."""

    def pre_validate(self, form: Any) -> None:
        if self.seconds == 0:
            raise StopValidation(_("No ticket could be begun in no time. Leave it empty where tickets stay with whom "
                                   "they were given to."))
        super().pre_validate(form)


class NextTeam(Choice):
    """Offers the teams that make sense; of any other team the chain itself says why it cannot be."""

    def __init__(self, *about: Any, known: frozenset[str] = frozenset(), **more: Any) -> None:
        super().__init__(*about, **more)
        self.known = known

    def pre_validate(self, form: Any) -> None:
        if self.data not in self.known:
            super().pre_validate(form)


class TeamForm(Titled, Guarded):
    slug = short_name()
    level = Whole(_l("Level"), [required(), between(1, 9)], default=1,
                  description=_l("Level 1 takes every request; level 2 and above are reached by escalation."))
    speciality = Line(_l("Speciality"), [at_most(120)])
    is_active = BooleanField(_l("Takes requests"), default=True)
    department_id = Choice(_l("Department"))
    escalates_to_id = Choice(_l("Escalates to"))
    calendar_id = Choice(_l("Working hours"))
    assignment = Choice(_l("How tickets are assigned"), choices=list(ASSIGNMENTS.items()), description=_l(
        "By hand, or by the desk: to each in turn, or to whoever carries least. Never to somebody who is absent."))
    unown_after = WorkingTime(_l("Back to the queue after"), [at_most(8)], description=_l(
        "Hours and minutes of working time, such as 4:00, in which an assignee has to begin. Empty: never."))
    added = Addresses(_l("Add people"), [at_most(5000)], description=_l("Their e-mail addresses, one per line."))

    def facts(self) -> Facts:
        """As `actions.team_facts` gives them. Raises Invalid for an address that is nobody's."""
        rows = {row.user_id: row for row in self.rows()}
        kept = {user_id: row.role.data for user_id, row in rows.items() if row.role.data}
        members = {str(user_id): "member" for user_id in queries.ids_of(self.added.addresses)} | kept
        shares = {user_id: [row.weight.data, row.capacity.data] for user_id, row in rows.items()}
        return {"slug": self.slug.data, "names": said(self, "names"), "level": self.level.data,
                "speciality": self.speciality.data, "is_active": self.is_active.data,
                "department_id": maybe_id(self.department_id.data),
                "escalates_to_id": maybe_id(self.escalates_to_id.data), "calendar_id": maybe_id(self.calendar_id.data),
                "assignment": self.assignment.data, "unown_after_seconds": self.unown_after.seconds,
                "members": members, "shares": {user_id: shares.get(user_id, FULL_SHARE) for user_id in members}}

    def rows(self) -> list["Row"]:
        """The members, as lines of a table."""
        ids = [name.removeprefix("member_") for name in self._fields if name.startswith("member_")]
        return [Row(user_id, self[f"member_{user_id}"], self[f"weight_{user_id}"], self[f"capacity_{user_id}"])
                for user_id in ids]


@dataclass(frozen=True)
class Row:
    """The fields of one member."""

    user_id: str
    role: Choice
    weight: Whole
    capacity: Whole

    @property
    def name(self) -> str:
        return self.role.label.text


def team_form(team: Team | None, members: list[User], departments: list[tuple[int, Department]], teams: list[Team],
              calendars: list[WorkCalendar]) -> type[TeamForm]:
    """A form with what there is to choose from, and role, weight and capacity of each member; no role takes the person
    out."""
    hours = [("", _l("Round the clock")), *((str(one.id), one.title) for one in calendars)]
    fields: dict[str, Any] = {
        "department_id": Choice(_l("Department"), choices=department_choices(departments), description=_l(
            "Who is told when something is escalated up the chain: the leads, then the head of this department.")),
        "escalates_to_id": NextTeam(
            _l("Escalates to"), choices=_targets(team, teams), known=frozenset(str(one.id) for one in teams),
            description=_l("Gets what this team escalates where the request type names no team.")),
        "calendar_id": Choice(_l("Working hours"), choices=hours, description=_l(
            "When its people are there: nobody is assigned a ticket outside these hours.")),
    }
    for user in members:
        fields |= _member_fields(user)
    return type("TeamForm", (TeamForm,), fields)


def _targets(team: Team | None, teams: list[Team]) -> list[tuple[str, Any]]:
    """Teams above the first level, and what is chosen now; whether a choice makes sense is judged on saving, when the
    level is known."""
    chosen_id = team.escalates_to_id if team else None
    offered = [one for one in teams if one is not team and (one.id == chosen_id or one.is_active and one.level > 1)]
    return [("", _l("Nobody")), *((str(one.id), _("%(team)s (level %(level)s)", team=one.title, level=one.level))
                                  for one in offered)]


def _member_fields(user: User) -> dict[str, Any]:
    return {
        f"member_{user.id}": Choice(user.name, choices=ROLES),
        f"weight_{user.id}": Whole(_l("Weight of %(name)s", name=user.name), [required(), between(0, MOST_WEIGHT)]),
        f"capacity_{user.id}": Whole(_l("Most tickets of %(name)s", name=user.name), [Optional(), between(1, 9999)]),
    }


def filled(form: type[TeamForm], facts: Facts) -> TeamForm:
    """The form as it is opened."""
    values = {name: facts[name] for name in ("slug", "level", "speciality", "is_active", "assignment")}
    values |= {name: str(facts[name] or "") for name in ("department_id", "escalates_to_id", "calendar_id")}
    seconds = facts["unown_after_seconds"]
    for user_id, role in facts["members"].items():
        weight, capacity = facts["shares"][user_id]
        values |= {f"member_{user_id}": role, f"weight_{user_id}": weight, f"capacity_{user_id}": capacity}
    return form(formdata=None, seen=fingerprint(facts), unown_after=hours_minutes(seconds) if seconds else "",
                **values, **spoken("names", facts["names"]))
